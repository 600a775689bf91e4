"""Changes to knowledge."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from core.departments import queries as departments
from core.knowledge import queries
from core.knowledge.errors import EntryIncomplete
from core.knowledge.events import EntryImported, EntryWithdrawn
from core.knowledge.models import FaqEntry, PolicyReference
from core.knowledge.states import EntryScope, EntryState
from core.unit_of_work import UnitOfWork


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
    """An entry as a data file or an editor gives it."""

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
    local_gap: str | None = None
    references: Sequence[ReferenceDraft] = ()

    @property
    def fingerprint(self) -> str:
        body = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(body.encode()).hexdigest()


def import_entry(uow: UnitOfWork, draft: EntryDraft) -> FaqEntry:
    """Take over an entry from a data file and publish it; an unchanged one keeps its version."""
    _require_complete(draft)
    entry = queries.find(uow.session, draft.slug)
    if entry is not None and entry.fingerprint == draft.fingerprint:
        return entry
    department = departments.get_by_code(uow.session, draft.department_code)
    if entry is None:
        entry = FaqEntry(slug=draft.slug, version=0)
    entry.topic, entry.topic_title = draft.topic, draft.topic_title
    entry.question, entry.variants = draft.question, list(draft.variants)
    entry.answer = draft.answer
    entry.steps, entry.materials = list(draft.steps), list(draft.materials)
    entry.time_limit, entry.fee, entry.place = draft.time_limit, draft.fee, draft.place
    entry.local_gap, entry.scope = draft.local_gap, draft.scope
    entry.state = EntryState.PUBLISHED
    entry.department_id = department.id
    entry.review_by = draft.review_by
    entry.version += 1
    entry.updated_at = uow.now
    entry.fingerprint = draft.fingerprint
    entry.references = [PolicyReference(**asdict(reference)) for reference in draft.references]
    uow.session.add(entry)
    uow.announce(EntryImported(at=uow.now, slug=entry.slug, version=entry.version))
    return entry


def withdraw_entry(uow: UnitOfWork, slug: str, *, reason: str, actor: str) -> FaqEntry:
    """Stop serving an answer at once."""
    entry = queries.get(uow.session, slug)
    entry.state = EntryState.WITHDRAWN
    entry.updated_at = uow.now
    uow.announce(
        EntryWithdrawn(at=uow.now, actor=actor, slug=slug, version=entry.version, reason=reason)
    )
    return entry


def _require_complete(draft: EntryDraft) -> None:
    missing = [
        name
        for name, is_missing in {
            "question": not draft.question.strip(),
            "answer": not draft.answer.strip(),
            "variants": not draft.variants,
            "references": draft.scope is EntryScope.NATIONAL and not draft.references,
            "local_gap": draft.scope is EntryScope.LOCAL and not draft.local_gap,
        }.items()
        if is_missing
    ]
    if missing:
        raise EntryIncomplete(slug=draft.slug, missing=",".join(missing))
