"""What operators say often, from a data file."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent.parent.parent / "config" / "quick_phrases.yml"


@dataclass(frozen=True)
class QuickPhrase:
    title: str
    text: str


@cache
def _all() -> tuple[QuickPhrase, ...]:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(QuickPhrase(row["title"], row["text"]) for row in rows)


def quick_phrases(*, operator: str, office: str) -> list[QuickPhrase]:
    return [
        QuickPhrase(phrase.title, phrase.text.format(operator=operator, office=office))
        for phrase in _all()
    ]
