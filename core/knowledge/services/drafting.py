"""What an editor does with a change: write it down, send it to review, give it up."""

from typing import Any

from core.departments import queries as departments
from core.events import operator_actor
from core.knowledge import queries
from core.knowledge.contents import SLUG, EntryDraft
from core.knowledge.errors import (
    EntryChangedMeanwhile,
    NothingChanged,
    NotYourChange,
    SlugInvalid,
    SlugTaken,
    StaleChange,
)
from core.knowledge.events import ChangeAbandoned, ChangeDrafted, ChangeSaved, ChangeSubmitted
from core.knowledge.models import Change
from core.knowledge.services.publishing import require_complete
from core.knowledge.states import ChangeKind, ChangeState, ChangeStep, EntryState
from core.unit_of_work import UnitOfWork


def draft_change(
    uow: UnitOfWork,
    draft: EntryDraft,
    *,
    author_id: int,
    note: str = "",
    base_version: int | None = None,
) -> Change:
    """Write down new content of an entry, or with `base_version=0` a new entry.

    Without a `base_version` it is made from whatever is live now.
    """
    entry = queries.find(uow.session, draft.slug)
    live_version = 0 if entry is None else entry.version
    if base_version == 0 and entry is not None:
        raise SlugTaken(slug=draft.slug)
    if not SLUG.fullmatch(draft.slug):
        raise SlugInvalid(slug=draft.slug)
    return _begin(
        uow,
        draft,
        kind=ChangeKind.CONTENT,
        base_version=live_version if base_version is None else base_version,
        author_id=author_id,
        note=note,
    )


def draft_withdrawal(uow: UnitOfWork, slug: str, *, author_id: int, reason: str) -> Change:
    """Propose that the entry is served no more."""
    entry = queries.get(uow.session, slug)
    return _begin(
        uow,
        entry.content,
        kind=ChangeKind.WITHDRAWAL,
        base_version=entry.version,
        author_id=author_id,
        note=reason,
    )


def save_draft(
    uow: UnitOfWork,
    change_id: int,
    draft: EntryDraft,
    *,
    author_id: int,
    revision: int,
    note: str = "",
    base_version: int | None = None,
) -> Change:
    """Save the draft over the `revision` that was opened; a refused change is a draft again.

    `base_version` is given once the author has seen what became live meanwhile.
    """
    change = _own(uow, change_id, author_id)
    if change.revision != revision:
        raise StaleChange(change_id=change_id)
    if change.state is ChangeState.REFUSED:
        change.apply(ChangeStep.MEND)
    if change.state is not ChangeState.DRAFT:
        raise StaleChange(change_id=change_id)
    if not SLUG.fullmatch(draft.slug):
        raise SlugInvalid(slug=draft.slug)
    if change.is_new and draft.slug != change.slug and queries.find(uow.session, draft.slug):
        raise SlugTaken(slug=draft.slug)
    if change.is_new:
        change.slug = draft.slug
    elif draft.slug != change.slug:
        raise SlugInvalid(slug=draft.slug)
    change.stored_content = draft.as_json()
    change.note = note
    if base_version is not None:
        change.base_version = base_version
    change.revision += 1
    change.updated_at = uow.now
    uow.announce(ChangeSaved(at=uow.now, actor=operator_actor(author_id), **_which(change)))
    return change


def submit_change(uow: UnitOfWork, change_id: int, *, author_id: int) -> Change:
    """Send a finished draft to somebody else for review."""
    change = _own(uow, change_id, author_id)
    change.apply(ChangeStep.SUBMIT)
    require_reviewable(uow, change)
    change.submitted_at = change.updated_at = uow.now
    change.reviewer_id, change.review_note, change.stored_refusals = None, "", []
    uow.announce(ChangeSubmitted(at=uow.now, actor=operator_actor(author_id), **_which(change)))
    return change


def take_back_change(uow: UnitOfWork, change_id: int, *, author_id: int) -> Change:
    """Take an own change out of review to go on with it."""
    change = _own(uow, change_id, author_id)
    change.apply(ChangeStep.RETURN)
    change.updated_at = uow.now
    uow.announce(ChangeSaved(at=uow.now, actor=operator_actor(author_id), **_which(change)))
    return change


def abandon_change(uow: UnitOfWork, change_id: int, *, author_id: int) -> Change:
    change = _own(uow, change_id, author_id)
    change.apply(ChangeStep.ABANDON)
    change.updated_at = change.decided_at = uow.now
    uow.announce(ChangeAbandoned(at=uow.now, actor=operator_actor(author_id), **_which(change)))
    return change


def require_reviewable(uow: UnitOfWork, change: Change) -> None:
    """Refuse what could not become live as it stands."""
    entry = queries.find(uow.session, change.slug)
    live_version = 0 if entry is None else entry.version
    if change.is_new and entry is not None:
        raise SlugTaken(slug=change.slug)
    if change.base_version != live_version:
        raise EntryChangedMeanwhile(slug=change.slug, version=live_version)
    if change.kind is ChangeKind.WITHDRAWAL:
        return
    content = change.content
    require_complete(content)
    departments.get_by_code(uow.session, content.department_code)
    if (
        entry is not None
        and entry.state is EntryState.PUBLISHED
        and entry.content.as_json() == content.as_json()
    ):
        raise NothingChanged(slug=change.slug)


def _begin(
    uow: UnitOfWork,
    draft: EntryDraft,
    *,
    kind: ChangeKind,
    base_version: int,
    author_id: int,
    note: str,
) -> Change:
    change = Change(
        slug=draft.slug,
        kind=kind,
        base_version=base_version,
        stored_content=draft.as_json(),
        note=note,
        author_id=author_id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.session.add(change)
    uow.session.flush()  # the event names the change by its id
    uow.announce(ChangeDrafted(at=uow.now, actor=operator_actor(author_id), **_which(change)))
    return change


def _own(uow: UnitOfWork, change_id: int, author_id: int) -> Change:
    change = queries.get_change_for_change(uow.session, change_id)
    if change.author_id != author_id:
        raise NotYourChange(change_id=change_id, operator_id=change.author_id)
    return change


def _which(change: Change) -> dict[str, Any]:
    return {"slug": change.slug, "change_id": change.id}
