import sys
from pathlib import Path

import pytest

from setup import interpreters
from setup.interpreters import candidates, find, version_of
from setup.messages import SetupFailed

NO_UV = Path("/no/such/uv")
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


def a_program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing on PATH but `tmp_path/bin`, no pyenv, no usual folders."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(interpreters, "USUAL_FOLDERS", ())
    return tmp_path


def test_a_working_interpreter_tells_its_version():
    assert version_of(sys.executable) == RUNNING


def test_a_name_that_does_not_run_is_no_interpreter(tmp_path: Path):
    shim = a_program(tmp_path / "python3.12", "echo 'pyenv: command not found' >&2; exit 127")

    assert version_of(shim) is None


def test_a_python_without_ssl_is_no_interpreter(tmp_path: Path):
    crippled = a_program(tmp_path / "python3.12", "echo 'No module named _ssl' >&2; exit 1")

    assert version_of(crippled) is None


def test_the_running_interpreter_comes_first():
    assert find(RUNNING, NO_UV) == sys.executable


def test_an_interpreter_of_pyenv_is_found_off_the_path(bare_machine: Path):
    hidden = a_program(bare_machine / "pyenv/versions/3.7.99/bin/python3.7", "echo 3.7")

    assert find("3.7", NO_UV) == str(hidden)


def test_a_shim_that_lies_is_passed_over(bare_machine: Path):
    a_program(bare_machine / "bin/python3.7", "exit 127")
    real = a_program(bare_machine / "pyenv/versions/3.7.99/bin/python3.7", "echo 3.7")

    assert next(iter(candidates("3.7"))) == bare_machine / "bin/python3.7"
    assert find("3.7", NO_UV) == str(real)


def test_what_uv_knows_is_used(bare_machine: Path):
    known = a_program(bare_machine / "elsewhere/python3.7", "echo 3.7")
    uv = a_program(bare_machine / "uv", f"echo {known}")

    assert find("3.7", uv) == str(known)


def test_a_missing_interpreter_is_told_with_the_ways_to_get_it(bare_machine: Path):
    uv = a_program(bare_machine / "uv", "echo 'error sending request' >&2; exit 2")

    with pytest.raises(SetupFailed, match=r"(?s)需要 Python 3\.7.*pyenv install 3\.7.*连不上"):
        find("3.7", uv)
