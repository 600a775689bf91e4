"""What must not be in a commit: addresses of package registries, paths of one machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Split, so that this file does not find itself.
REGISTRY_HOSTS = [
    "pypi." + "org",
    "files.python" + "hosted.org",
    "registry.npm" + "js.org",
    "registry.yarn" + "pkg.com",
    "registry.npm" + "mirror.com",
    "deb.deb" + "ian.org",
    "pypi.tuna.tsing" + "hua.edu.cn",
    "mirrors.ali" + "yun.com",
]
REGISTRY = re.compile("|".join(map(re.escape, REGISTRY_HOSTS)))
LOCK_FILES = {"uv.lock", "pylock.toml", "poetry.lock", "pdm.lock", "Pipfile.lock", "yarn.lock"}
HOME_FOLDERS = re.compile(r"/(?:root|home/[a-z][\w-]*|Users/[A-Za-z][\w-]*)/(?=[\w.])")
LARGEST_BYTES = 2 * 1024 * 1024


def committed_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def lines() -> list[tuple[str, str]]:
    found = []
    for file in committed_files():
        content = file.read_bytes()
        if b"\0" not in content[:8000]:
            name = str(file.relative_to(ROOT))
            text = content.decode(errors="replace").splitlines()
            found += [(f"{name}:{number}", line) for number, line in enumerate(text, 1)]
    return found


@pytest.fixture(scope="module")
def committed_lines() -> list[tuple[str, str]]:
    return lines()


def test_no_file_names_a_package_registry(committed_lines: list[tuple[str, str]]):
    assert [place for place, line in committed_lines if REGISTRY.search(line)] == []


def test_no_lock_file_is_committed():
    assert [file.name for file in committed_files() if file.name in LOCK_FILES] == []


def test_no_file_holds_a_path_of_one_machine(committed_lines: list[tuple[str, str]]):
    here = str(ROOT) + "/"

    found = [place for place, line in committed_lines if here in line or HOME_FOLDERS.search(line)]

    assert found == []


def test_no_file_is_too_large_to_be_ours():
    assert [file.name for file in committed_files() if file.stat().st_size > LARGEST_BYTES] == []
