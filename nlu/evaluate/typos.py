"""Typing errors as pinyin keyboards make them: another character of the same toneless sound."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import lru_cache

from pypinyin import lazy_pinyin

MOST_TYPOS = 2
SEED = 20261122


def with_typos(text: str, count: int, seed: int = SEED) -> str:
    """Return the text with `count` characters replaced, the same ones in every run.

    A text with fewer characters that sound like another one gets fewer typos.
    """
    dice = random.Random(f"{seed}:{count}:{text}")  # noqa: S311 - repeatable, not secret
    places = [place for place, character in enumerate(text) if _others(character)]
    written = list(text)
    for place in dice.sample(places, min(count, len(places))):
        written[place] = dice.choice(_others(text[place]))
    return "".join(written)


def typo_versions(text: str) -> tuple[str, ...]:
    return tuple(with_typos(text, count) for count in range(1, MOST_TYPOS + 1))


def _others(character: str) -> list[str]:
    alike = _by_sound().get(_sound(character), ())
    return [other for other in alike if other != character] if _is_han(character) else []


def _is_han(character: str) -> bool:
    return "一" <= character <= "鿿"


@lru_cache(maxsize=10_000)
def _sound(character: str) -> str:
    return "".join(lazy_pinyin(character, errors="ignore"))


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, list[str]]:
    """Return the 3,755 everyday characters (GB 2312, level 1) by their sound."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            character = bytes((row, cell)).decode("gb2312", errors="ignore")
            if character:
                found[_sound(character)].append(character)
    return dict(found)
