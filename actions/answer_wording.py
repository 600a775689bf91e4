"""An entry of the knowledge base in the words of this office."""

from functools import cache

from config.notices import load_answer_words
from core.knowledge import wording
from core.knowledge.states import EntryScope
from core.knowledge.wording import Entry, Words
from core.messaging import Choice


@cache
def answer_words() -> Words:
    return load_answer_words()


def answer_in_full(entry: Entry) -> str:
    return wording.answer_in_full(entry, answer_words())


def part_of(entry: Entry, name: str) -> str:
    return wording.part_of(entry, name, answer_words())


def offered(scope: EntryScope) -> list[Choice]:
    return wording.offered(scope, answer_words())
