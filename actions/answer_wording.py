"""An entry of the knowledge base as the citizen reads it."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from actions.words import wording
from core.clock import written_date


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


PARTS = ("steps", "materials", "time_limit", "fee", "place", "link", "phone", "references")


def answer_in_full(entry: Entry) -> str:
    """The answer, what belongs to it, what it rests on, and that a machine gave it."""
    parts = [part_of(entry, name) for name in PARTS]
    return "\n\n".join([entry.answer.strip(), *filter(None, parts), wording()["label"]])


def part_of(entry: Entry, name: str) -> str:
    """Return one part of the entry under its heading, or nothing if it has none."""
    heading = wording()["answer"][name]
    if name == "references":
        return _under(heading, _cited(entry.references))
    value = getattr(entry, name)
    if not value:
        return ""
    if isinstance(value, str):
        return f"{heading}：{value.strip()}"
    return _under(heading, [f"{i}. {line}" for i, line in enumerate(value, start=1)])


def _under(heading: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{heading}：", *lines]) if lines else ""


def _cited(references: Sequence[Reference]) -> list[str]:
    """Return one line per document, its articles together."""
    articles: dict[str, list[str]] = {}
    since: dict[str, date | None] = {}
    for reference in references:
        title = reference.document
        number = f"（{reference.document_no}）" if reference.document_no else ""
        cited = (title if title.startswith("《") else f"《{title}》") + number
        articles.setdefault(cited, []).extend([reference.article] if reference.article else [])
        since.setdefault(cited, reference.effective_on)
    words = wording()["answer"]["effective"]
    return [
        cited
        + "、".join(named)
        + (f"，{words.format(day=written_date(day))}" if (day := since[cited]) else "")
        for cited, named in articles.items()
    ]
