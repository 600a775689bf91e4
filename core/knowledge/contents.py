"""What an entry says, as a data file, an editor or a model gives and takes it."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Self

from core.knowledge.states import EntryScope

SLUG = re.compile(r"[a-z0-9_]{1,80}")


@dataclass(frozen=True, kw_only=True)
class ReferenceDraft:
    document: str
    document_no: str | None = None
    article: str | None = None
    effective_on: date | None = None
    repealed_on: date | None = None
    successor: str | None = None


@dataclass(frozen=True, kw_only=True)
class EntryDraft:
    """The whole content of an entry. `is_people_only`: understood, but answered by people."""

    slug: str
    topic: str
    topic_title: str
    question: str
    variants: Sequence[str]
    answer: str
    scope: EntryScope
    department_code: str
    review_by: date
    steps: Sequence[str] = ()
    materials: Sequence[str] = ()
    time_limit: str | None = None
    fee: str | None = None
    place: str | None = None
    link: str | None = None
    phone: str | None = None
    local_gap: str | None = None
    is_people_only: bool = False
    references: Sequence[ReferenceDraft] = ()

    @property
    def fingerprint(self) -> str:
        body = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(body.encode()).hexdigest()

    @property
    def lacks(self) -> list[str]:
        """Name what a published answer needs and this one has not."""
        return [
            name
            for name, is_missing in {
                "question": not self.question.strip(),
                "answer": not self.answer.strip(),
                "variants": not self.variants,
                "references": self.scope is EntryScope.NATIONAL and not self.references,
                "local_gap": self.scope is EntryScope.LOCAL and not self.local_gap,
            }.items()
            if is_missing
        ]

    @property
    def learnt(self) -> "TrainingEntry":
        return TrainingEntry(self.slug, self.topic, self.question, tuple(self.variants))

    def as_json(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote, also before a field was added or after one was dropped."""
        known = {each.name for each in fields(cls)}
        given = {name: value for name, value in stored.items() if name in known}
        return cls(
            **given
            | {
                "scope": EntryScope(given["scope"]),
                "review_by": date.fromisoformat(given["review_by"]),
                "references": [_reference(each) for each in given.get("references", ())],
            }
        )


@dataclass(frozen=True)
class TrainingEntry:
    """What a model learns from one entry."""

    slug: str
    topic: str
    question: str
    variants: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """Why a model would not take a change; `variant` is empty where no single one is to blame."""

    variant: str
    reason: str


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line; `code` is worded by whoever shows it, with these facts."""

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class FileLine:
    """One entry of a file; `place` is where a person finds it. No `draft` beside `problems`."""

    place: str
    slug: str
    draft: EntryDraft | None = None
    problems: Sequence[Problem] = ()


def _reference(stored: Mapping[str, Any]) -> ReferenceDraft:
    days = {
        name: date.fromisoformat(stored[name]) if stored.get(name) else None
        for name in ("effective_on", "repealed_on")
    }
    return ReferenceDraft(**dict(stored) | days)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
