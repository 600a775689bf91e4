"""Reads a reply as a reviewer would: is everything in it, and nothing that should not be."""

import re
from dataclasses import dataclass
from functools import cache

from console import wording

SHOWN_FINDINGS = 3


@dataclass(frozen=True)
class Part:
    """Something a reply should contain."""

    title: str
    hint: str
    is_there: bool


@dataclass(frozen=True)
class Warned:
    """Something a reply should not contain, with the words that were found."""

    title: str
    advice: str
    found: tuple[str, ...]


@dataclass(frozen=True)
class ReplyCheck:
    parts: tuple[Part, ...]
    warnings: tuple[Warned, ...]

    @property
    def is_clean(self) -> bool:
        return not self.warnings and all(part.is_there for part in self.parts)


def check_reply(text: str) -> ReplyCheck:
    """Look for signs only: a person judges."""
    checks = wording.reply_checks()
    parts = tuple(
        Part(part["title"], part["hint"], bool(_find("parts", name, text)))
        for name, part in checks["parts"].items()
    )
    warnings = tuple(
        Warned(warning["title"], warning["advice"], found[:SHOWN_FINDINGS])
        for name, warning in checks["warnings"].items()
        if (found := _find("warnings", name, text))
    )
    return ReplyCheck(parts, warnings)


def _find(group: str, name: str, text: str) -> tuple[str, ...]:
    """Return the words that match, each once, in the order of the text."""
    return tuple(dict.fromkeys(match.group() for match in _pattern(group, name).finditer(text)))


@cache
def _pattern(group: str, name: str) -> re.Pattern[str]:
    signs = wording.reply_checks()[group][name]["signs"]
    return re.compile("|".join(f"(?:{sign})" for sign in signs))
