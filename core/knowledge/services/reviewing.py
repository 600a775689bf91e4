"""What a second person decides about a change, and what the gate makes of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import func, select

from core.events import SYSTEM, operator_actor
from core.knowledge import queries
from core.knowledge.contents import Refusal
from core.knowledge.errors import ChangeUnderway, ReviewerIsAuthor, ReviewNoteMissing
from core.knowledge.events import ChangeApproved, ChangeRefused, ChangeReturned, EntryReleased
from core.knowledge.models import Change
from core.knowledge.services.drafting import require_reviewable
from core.knowledge.services.publishing import publish, withdraw_entry
from core.knowledge.states import ChangeKind, ChangeState, ChangeStep, EntryState
from core.unit_of_work import UnitOfWork

CHANGED_MEANWHILE = "等待期间条目有了新的版本，请在最新版本上重新修改"


def approve_change(uow: UnitOfWork, change_id: int, *, reviewer_id: int, note: str = "") -> Change:
    """Let a colleague's change through.

    A withdrawal, and a change from which no model learns anything new, are live at once;
    any other waits for a model that has passed the gate.
    """
    change = _reviewed(uow, change_id, reviewer_id)
    _one_at_a_time(uow, change.slug)
    change.apply(ChangeStep.APPROVE)
    require_reviewable(uow, change)
    change.reviewer_id, change.review_note = reviewer_id, note
    change.decided_at = change.updated_at = uow.now
    actor = operator_actor(reviewer_id)
    uow.announce(ChangeApproved(at=uow.now, actor=actor, slug=change.slug, change_id=change.id))
    if change.kind is ChangeKind.WITHDRAWAL:
        withdraw_entry(uow, change.slug, reason=change.note, actor=actor)
        change.apply(ChangeStep.RELEASE)
        change.released_at = uow.now
    elif not needs_training(uow, change):
        _release(uow, change, actor=actor, model_version=None)
    return change


def return_change(uow: UnitOfWork, change_id: int, *, reviewer_id: int, note: str) -> Change:
    """Give a change back to its author, saying what is to be done."""
    if not note.strip():
        raise ReviewNoteMissing(change_id=change_id)
    change = _reviewed(uow, change_id, reviewer_id)
    change.apply(ChangeStep.RETURN)
    change.reviewer_id, change.review_note = reviewer_id, note.strip()
    change.decided_at = change.updated_at = uow.now
    uow.announce(
        ChangeReturned(
            at=uow.now,
            actor=operator_actor(reviewer_id),
            slug=change.slug,
            change_id=change.id,
            reason=change.review_note,
        )
    )
    return change


def release_changes(
    uow: UnitOfWork, change_ids: Collection[int], *, model_version: str
) -> Sequence[Change]:
    """Make live what a model has been trained with; return what became so.

    A change whose entry got a new version meanwhile is refused instead.
    """
    released = []
    for change in _approved(uow, change_ids):
        entry = queries.find_for_change(uow.session, change.slug)
        if change.base_version != (0 if entry is None else entry.version):
            _refuse(uow, change, [Refusal("", CHANGED_MEANWHILE)])
            continue
        _release(uow, change, actor=SYSTEM, model_version=model_version)
        released.append(change)
    return released


def refuse_changes(uow: UnitOfWork, reasons: Mapping[int, Sequence[Refusal]]) -> None:
    """Give back to their authors what no model could learn without getting worse."""
    for change in _approved(uow, reasons):
        _refuse(uow, change, reasons[change.id])


def needs_training(uow: UnitOfWork, change: Change) -> bool:
    """Tell whether a model would learn something new from the change."""
    entry = queries.find(uow.session, change.slug)
    return (
        entry is None
        or entry.state is not EntryState.PUBLISHED
        or entry.content.learnt != change.content.learnt
    )


def _release(uow: UnitOfWork, change: Change, *, actor: str, model_version: str | None) -> None:
    entry = publish(
        uow,
        change.content,
        queries.find_for_change(uow.session, change.slug),
        author_id=change.author_id,
        reviewer_id=change.reviewer_id,
        note=change.note,
        model_version=model_version,
    )
    change.apply(ChangeStep.RELEASE)
    change.released_at = change.updated_at = uow.now
    change.model_version = model_version
    uow.announce(
        EntryReleased(
            at=uow.now,
            actor=actor,
            slug=change.slug,
            version=entry.version,
            change_id=change.id,
        )
    )


def _refuse(uow: UnitOfWork, change: Change, reasons: Sequence[Refusal]) -> None:
    change.apply(ChangeStep.REFUSE)
    change.stored_refusals = [asdict(reason) for reason in reasons]
    change.updated_at = uow.now
    uow.announce(ChangeRefused(at=uow.now, slug=change.slug, change_id=change.id))


def _reviewed(uow: UnitOfWork, change_id: int, reviewer_id: int) -> Change:
    change = queries.get_change_for_change(uow.session, change_id)
    if change.author_id == reviewer_id:
        raise ReviewerIsAuthor(change_id=change_id)
    return change


def _approved(uow: UnitOfWork, change_ids: Collection[int]) -> list[Change]:
    """Lock these changes, and leave out what is no longer waiting for a model."""
    locked = [queries.get_change_for_change(uow.session, each) for each in sorted(change_ids)]
    return [change for change in locked if change.state is ChangeState.APPROVED]


def _one_at_a_time(uow: UnitOfWork, slug: str) -> None:
    """Decide about one change of an entry after the other, also where there is no row yet."""
    uow.session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"knowledge:{slug}", 0)))
    )
    if any(
        change.state is ChangeState.APPROVED
        for change in queries.open_changes(uow.session, slug=slug)
    ):
        raise ChangeUnderway(slug=slug)
