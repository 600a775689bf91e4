"""The two Python environments: one for our programs, one for Rasa and its old pins."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from setup import interpreters, stamps
from setup.messages import Step, run
from setup.tools import ROOT, find_uv, works


class Environment(NamedTuple):
    title: str
    folder: Path
    python_version: str
    requirements: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.folder / ".made-from"

    def wanted(self) -> str:
        return stamps.fingerprint([self.python_version, self.requirements])

    def is_current(self) -> bool:
        # `exists` follows the link: an interpreter removed since makes the environment stale.
        return self.python.exists() and stamps.is_current(self.stamp, self.wanted())


DESK = Environment("主环境", ROOT / ".venv", "3.12", ROOT / "requirements" / "dev.txt")
RASA = Environment("Rasa 环境", ROOT / ".venv-rasa", "3.10", ROOT / "requirements" / "rasa.txt")


def ensure(environment: Environment) -> None:
    if environment.is_current():
        return
    uv = find_uv()
    if interpreters.version_of(environment.python) != environment.python_version:
        python = interpreters.find(environment.python_version, uv)
        shutil.rmtree(environment.folder, ignore_errors=True)
        run([uv, "venv", "--quiet", "--python", python, environment.folder], doing="建立虚拟环境")
    with Step(f"安装{environment.title}（Python {environment.python_version}）"):
        run(
            [
                *(uv, "pip", "install", "--quiet", "--python", environment.python),
                *("--requirement", environment.requirements),
            ],
            doing=f"安装{environment.title}",
            environment=uv_environment(),
        )
    stamps.write(environment.stamp, environment.wanted())


def uv_environment() -> dict[str, str]:
    """Give uv the package mirror that pip is set to; by itself it would not look there."""
    environment = {"UV_HTTP_TIMEOUT": "120", **os.environ}
    if not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & environment.keys():
        mirror = environment.get("PIP_INDEX_URL") or mirror_of_pip()
        if mirror:
            environment["UV_DEFAULT_INDEX"] = mirror
    return environment


def mirror_of_pip() -> str:
    pip = [sys.executable, "-m", "pip"]
    if not works(pip):
        return ""
    for scope in ("global", "install"):
        answer = subprocess.run(
            [*pip, "config", "get", f"{scope}.index-url"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            check=False,
        )
        if answer.returncode == 0:
            return answer.stdout.strip()
    return ""
