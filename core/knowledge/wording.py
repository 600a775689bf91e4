"""An entry of the knowledge base as the citizen reads it, in whatever program it is shown."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from core.clock import written_date
from core.knowledge.states import EntryScope
from core.messaging import Choice


class Reference(Protocol):
    @property
    def document(self) -> str: ...
    @property
    def document_no(self) -> str | None: ...
    @property
    def article(self) -> str | None: ...
    @property
    def effective_on(self) -> date | None: ...


class Entry(Protocol):
    @property
    def answer(self) -> str: ...
    @property
    def steps(self) -> Sequence[str]: ...
    @property
    def materials(self) -> Sequence[str]: ...
    @property
    def time_limit(self) -> str | None: ...
    @property
    def fee(self) -> str | None: ...
    @property
    def place(self) -> str | None: ...
    @property
    def link(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def references(self) -> Sequence[Reference]: ...


# Headings by part, `effective` for a day, and the `label` that says a machine has answered.
Words = Mapping[str, str]

PARTS = ("steps", "materials", "time_limit", "fee", "place", "link", "phone", "references")


def answer_in_full(entry: Entry, words: Words) -> str:
    """The answer, what belongs to it, what it rests on, and that a machine gave it."""
    parts = [part_of(entry, name, words) for name in PARTS]
    return "\n\n".join([entry.answer.strip(), *filter(None, parts), words["label"]])


def part_of(entry: Entry, name: str, words: Words) -> str:
    """Return one part of the entry under its heading, or nothing if it has none."""
    heading = words[name]
    if name == "references":
        return _under(heading, _cited(entry.references, words["effective"]))
    value = getattr(entry, name)
    if not value:
        return ""
    if isinstance(value, str):
        return f"{heading}：{value.strip()}"
    return _under(heading, [f"{i}. {line}" for i, line in enumerate(value, start=1)])


def offered(scope: EntryScope, words: Words) -> list[Choice]:
    """Return what the citizen may tap below the answer: a case, too, where local facts lack."""
    names = ["to_a_person", "leave_a_case"] if scope is EntryScope.LOCAL else ["to_a_person"]
    return [Choice(words[name], words[name]) for name in names]


def _under(heading: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{heading}：", *lines]) if lines else ""


def _cited(references: Sequence[Reference], effective: str) -> list[str]:
    """Return one line per document, its articles together."""
    articles: dict[str, list[str]] = {}
    since: dict[str, date | None] = {}
    for reference in references:
        title = reference.document
        number = f"（{reference.document_no}）" if reference.document_no else ""
        cited = (title if title.startswith("《") else f"《{title}》") + number
        articles.setdefault(cited, []).extend([reference.article] if reference.article else [])
        since.setdefault(cited, reference.effective_on)
    return [
        cited
        + "、".join(named)
        + (f"，{effective.format(day=written_date(day))}" if (day := since[cited]) else "")
        for cited, named in articles.items()
    ]
