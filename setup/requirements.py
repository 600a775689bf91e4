"""Pins the versions named in requirements/*.in, without any registry address in the files."""

from __future__ import annotations

from setup import interpreters
from setup.environments import uv_environment
from setup.messages import Step, run
from setup.tools import ROOT, find_uv

PYTHON_OF = {"base": "3.12", "dev": "3.12", "rasa": "3.10"}


def compile_all() -> None:
    uv = find_uv()
    for name, version in PYTHON_OF.items():
        with Step(f"锁定 requirements/{name}.txt"):
            run(
                [
                    *(uv, "pip", "compile", "--quiet", "--no-header", "--no-emit-index-url"),
                    *("--no-emit-find-links", "--python", interpreters.find(version, uv)),
                    *(f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt"),
                ],
                doing=f"锁定 {name}",
                environment=uv_environment(),
                folder=ROOT,
            )
