"""The console's Chinese words for codes and values; the words themselves are in YAML files."""

from collections.abc import Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@cache
def errors() -> Mapping[str, str]:
    """Return what is said for each code of a broken rule and each HTTP status."""
    return _read("errors.yml")


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """Return the names of every enumeration's values, by the enumeration's name."""
    return _read("labels.yml")


@cache
def history() -> Mapping[str, Mapping[str, str]]:
    """Return how the history of a case tells each event, by the event's name."""
    return _read("history.yml")


@cache
def phrases() -> Mapping[str, str]:
    """Return small words that stand inside other sentences."""
    return _read("phrases.yml")


@cache
def fields() -> Mapping[str, Any]:
    """Return what is said next to a field, by what is wrong with it."""
    return _read("fields.yml")


@cache
def rejections() -> Mapping[str, str]:
    """Return the proposed words to the citizen for each reason not to accept a case."""
    return _read("rejections.yml")


@cache
def reply_checks() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return what belongs into a reply and what does not, by name."""
    return _read("reply_checks.yml")


@cache
def models() -> Mapping[str, Mapping[str, str]]:
    """Return what is said of models: stages, failures, troubles of the servers."""
    return _read("models.yml")


@cache
def channels() -> Mapping[str, Any]:
    """Return what is said of accounts: kinds, rights, refused pushes, calls, alarms."""
    return _read("channels.yml")


@cache
def knowledge() -> Mapping[str, Mapping[str, str]]:
    """Return what editors read about entries: what is missing, the names of fields, problems."""
    return _read("knowledge.yml")


@cache
def bot() -> Mapping[str, Mapping[str, str]]:
    """Return the names of the bot's kinds of reason, intents and entities."""
    return _read("bot.yml")


@cache
def menu_problems() -> Mapping[str, str]:
    """Return what is said at a field of the menu editor, by what is wrong with it."""
    return _read("menu_problems.yml")


def label(value: Enum | None) -> str:
    """Name the value as staff know it."""
    return "" if value is None else labels()[type(value).__name__][str(value.value)]


def phrase(name: str) -> str:
    return phrases()[name]


def field_error(name: str, **facts: Any) -> str:
    return str(fields()[name]).format(**facts)


def outcomes() -> list[str]:
    """Return with what results a case can be closed."""
    return list(fields()["outcomes"])


class _Facts(dict[str, Any]):
    """Facts of an error; one that is missing leaves a blank rather than a broken page."""

    def __missing__(self, name: str) -> str:
        return ""


def say(code: str, **facts: Any) -> str | None:
    """Word a broken rule; None when nobody has found words for it yet."""
    words = errors().get(code)
    return None if words is None else words.format_map(_Facts(facts))


def _read(name: str) -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return words
