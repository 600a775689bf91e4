import re
from pathlib import Path

import pytest

from setup import stamps
from setup.environments import Environment
from setup.tools import ROOT

REQUIREMENTS = ROOT / "requirements"


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    requirements = tmp_path / "some.txt"
    requirements.write_text("flask==3.1.3\n")
    made = Environment("试验环境", tmp_path / "venv", "3.12", requirements)
    made.python.parent.mkdir(parents=True)
    made.python.touch()
    stamps.write(made.stamp, made.wanted())
    return made


def test_an_unchanged_environment_is_left_alone(environment: Environment):
    assert environment.is_current()


def test_a_changed_requirement_asks_for_installation(environment: Environment):
    environment.requirements.write_text("flask==3.1.4\n")

    assert not environment.is_current()


def test_a_removed_interpreter_asks_for_installation(environment: Environment):
    environment.python.unlink()
    environment.python.symlink_to("/no/such/python3.12")

    assert not environment.is_current()


def names_in(text: str) -> set[str]:
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    named = (re.match(r"[\w.-]+", line) for line in lines if not line.startswith("-"))
    return {found[0].lower().replace("_", "-").replace(".", "-") for found in named if found}


@pytest.mark.parametrize("name", ["base", "dev", "rasa"])
def test_every_wanted_package_is_pinned(name: str):
    wanted = names_in((REQUIREMENTS / f"{name}.in").read_text())
    pinned = names_in((REQUIREMENTS / f"{name}.txt").read_text())

    assert wanted <= pinned, "make requirements"
