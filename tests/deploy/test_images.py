"""The Dockerfiles take what exists, as nobody special."""

import ast
import re
import sys
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILES = sorted(ROOT.glob("deploy/*.Dockerfile"))
PROGRAMS = ("actions", "bot", "config", "console", "core", "launch", "nlu_data")


def instructions(file: Path) -> list[str]:
    joined = file.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in joined.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def taken_from_the_checkout(file: Path) -> list[str]:
    found = []
    for line in instructions(file):
        word, *arguments = line.split()
        if word in {"COPY", "ADD"} and not arguments[0].startswith("--from"):
            found += arguments[:-1]
    return found


def is_ignored(path: str) -> bool:
    """Tell whether .dockerignore keeps the path from the build; the last rule that fits counts."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        rule = line.strip()
        if not rule or rule.startswith("#"):
            continue
        bare = rule.removeprefix("!")
        parts = Path(path).parts
        prefixes = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        if any(fnmatch(prefix, bare) for prefix in prefixes):
            ignored = not rule.startswith("!")
    return ignored


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.stem)
def test_everything_copied_exists_and_reaches_the_build(file: Path):
    taken = taken_from_the_checkout(file)

    assert taken
    assert [path for path in taken if not (ROOT / path).exists()] == []
    assert [path for path in taken if is_ignored(path)] == []


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.stem)
def test_every_final_stage_gives_up_root(file: Path):
    stages = re.split(r"(?m)^FROM ", "\n".join(instructions(file)))[1:]
    final = [stage for stage in stages if re.search(r" AS (desk|web|rasa)\n", stage)]

    assert final
    assert all(re.search(r"^USER (?!root|0)", stage, re.MULTILINE) for stage in final)


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.stem)
def test_base_images_and_mirrors_can_be_given_from_outside(file: Path):
    bases = [line.split()[1] for line in instructions(file) if line.startswith("FROM ")]

    assert all(base.startswith("${") for base in bases)
    assert "PIP_MIRROR" in file.read_text(encoding="utf-8")


def test_the_image_of_our_programs_holds_all_of_them():
    taken = taken_from_the_checkout(ROOT / "deploy/desk.Dockerfile")

    assert set(PROGRAMS) <= set(taken)


@pytest.mark.parametrize("path", ["tests/conftest.py", ".env", ".data/secrets.json", "tls/key.pem"])
def test_tests_data_and_secrets_never_reach_an_image(path: str):
    assert is_ignored(path)


def imported_by(*folders: str) -> set[str]:
    """Return the first part of every module name these folders import."""
    found: set[str] = set()
    for folder in folders:
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names


def pinned(requirements: str) -> set[str]:
    text = (ROOT / "requirements" / requirements).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+)(?:\[[\w,]+\])?==", text, re.MULTILINE))


def test_what_our_programs_import_is_installed_in_their_image():
    distributions = packages_distributions()
    needed = {
        distribution.lower().replace("_", "-")
        for module in imported_by("core", "config", "bot", "actions", "console", "launch/seeding")
        if module not in {*PROGRAMS, "setup"}
        for distribution in distributions.get(module, [f"{module}, which nobody has installed"])
    }

    assert needed - pinned("base.txt") == set()


def test_what_rasa_loads_needs_none_of_our_programs():
    assert not imported_by("nlu") & set(PROGRAMS)
