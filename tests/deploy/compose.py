"""Read docker-compose.yml as Docker Compose would: anchors merged, `${…}` filled in."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_FILE = ROOT / "docker-compose.yml"

# The innermost `${NAME}`, `${NAME:-default}` or `${NAME:?message}`; `$$` is a dollar sign.
VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^${}]*))?\}")


class VariableMissing(Exception):
    """A variable without a default was not given."""


def text() -> str:
    return COMPOSE_FILE.read_text(encoding="utf-8")


def variables() -> set[str]:
    return set(re.findall(r"\$\{(\w+)", text()))


def read(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the file with its variables filled in, as `docker compose config` shows it."""
    return _filled(yaml.safe_load(text()), given)


def fill(value: str, given: Mapping[str, str]) -> str:
    """Fill in from the inside out: a default may hold another variable."""
    while found := VARIABLE.search(value):
        value = value[: found.start()] + _value(found, given) + value[found.end() :]
    return value.replace("$$", "$")


def _value(found: re.Match[str], given: Mapping[str, str]) -> str:
    name, kind, rest = found["name"], found["kind"], found["rest"]
    if given.get(name):
        return given[name]
    if kind == "-":
        return rest
    if kind == "?":
        raise VariableMissing(f"{name}: {rest}")
    raise VariableMissing(name)


def _filled(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return fill(value, given)
    if isinstance(value, dict):
        return {key: _filled(inner, given) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, given) for inner in value]
    return value
