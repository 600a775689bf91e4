"""The Chinese of this package: what it says (`wording.yml`) and what it listens for."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@cache
def wording() -> Any:
    return _read("wording.yml")


@cache
def vocabulary() -> Any:
    return _read("vocabulary.yml")


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
