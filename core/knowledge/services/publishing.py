"""How content becomes what citizens are answered."""

from dataclasses import asdict

from core.departments import queries as departments
from core.knowledge import queries
from core.knowledge.contents import EntryDraft
from core.knowledge.errors import EntryIncomplete
from core.knowledge.events import EntryImported, EntryWithdrawn
from core.knowledge.models import EntryVersion, FaqEntry, PolicyReference
from core.knowledge.states import EntryState
from core.unit_of_work import UnitOfWork


def import_entry(uow: UnitOfWork, draft: EntryDraft) -> FaqEntry:
    """Take over an entry from a data file and publish it; an unchanged one keeps its version."""
    require_complete(draft)
    entry = queries.find_for_change(uow.session, draft.slug)
    if entry is not None and entry.fingerprint == draft.fingerprint:
        return entry
    entry = publish(uow, draft, entry)
    uow.announce(EntryImported(at=uow.now, slug=entry.slug, version=entry.version))
    return entry


def withdraw_entry(uow: UnitOfWork, slug: str, *, reason: str, actor: str) -> FaqEntry:
    """Stop serving an answer at once; the next model forgets it."""
    entry = queries.get(uow.session, slug)
    entry.state = EntryState.WITHDRAWN
    entry.updated_at = uow.now
    uow.announce(
        EntryWithdrawn(at=uow.now, actor=actor, slug=slug, version=entry.version, reason=reason)
    )
    return entry


def publish(
    uow: UnitOfWork,
    draft: EntryDraft,
    entry: FaqEntry | None,
    *,
    author_id: int | None = None,
    reviewer_id: int | None = None,
    note: str = "",
    model_version: str | None = None,
) -> FaqEntry:
    """Let the entry say this from now on, and keep the version."""
    department = departments.get_by_code(uow.session, draft.department_code)
    if entry is None:
        entry = FaqEntry(slug=draft.slug, version=0)
    entry.topic, entry.topic_title = draft.topic, draft.topic_title
    entry.question, entry.variants = draft.question, list(draft.variants)
    entry.answer = draft.answer
    entry.steps, entry.materials = list(draft.steps), list(draft.materials)
    entry.time_limit, entry.fee, entry.place = draft.time_limit, draft.fee, draft.place
    entry.link, entry.phone = draft.link, draft.phone
    entry.local_gap, entry.scope = draft.local_gap, draft.scope
    entry.is_people_only = draft.is_people_only
    entry.state = EntryState.PUBLISHED
    entry.department_id = department.id
    entry.department = department
    entry.review_by = draft.review_by
    entry.version += 1
    entry.updated_at = uow.now
    entry.fingerprint = draft.fingerprint
    entry.references = [PolicyReference(**asdict(reference)) for reference in draft.references]
    uow.session.add(entry)
    uow.session.flush()  # the version names the entry by its id
    uow.session.add(
        EntryVersion(
            entry_id=entry.id,
            version=entry.version,
            stored_content=draft.as_json(),
            released_at=uow.now,
            author_id=author_id,
            reviewer_id=reviewer_id,
            note=note,
            model_version=model_version,
        )
    )
    return entry


def require_complete(draft: EntryDraft) -> None:
    if draft.lacks:
        raise EntryIncomplete(slug=draft.slug, missing=",".join(draft.lacks))
