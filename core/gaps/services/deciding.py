"""A person decides on a group: its questions go to an entry, to a new one, or nowhere.

Whatever is to be learnt becomes a change of knowledge, which a second person reviews.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.events import operator_actor
from core.gaps import queries
from core.gaps.errors import NoQuestionChosen
from core.gaps.events import GapGroupAssigned, GapGroupDismissed, GapGroupReopened
from core.gaps.models import GapGroup
from core.gaps.states import GapStep
from core.knowledge import queries as knowledge
from core.knowledge import services as knowledge_services
from core.knowledge.contents import EntryDraft
from core.knowledge.models import Change
from core.knowledge.similarity import unique
from core.knowledge.states import ChangeKind, ChangeState
from core.unit_of_work import UnitOfWork


def assign_group(
    uow: UnitOfWork, group_id: int, slug: str, texts: Sequence[str], *, operator_id: int
) -> Change:
    """Propose these ways of asking for the entry, and send the change to review.

    What the same person has proposed for the entry before, and nobody has decided on, is
    gone on with, so that one review covers it all.
    """
    group = queries.get_for_change(uow.session, group_id)
    chosen = _chosen(texts)
    group.apply(GapStep.ASSIGN)
    change = _open_change(uow, slug, operator_id)
    if change is None:
        content = knowledge.get(uow.session, slug).content
        change = knowledge_services.draft_change(
            uow, _with(content, chosen), author_id=operator_id, note=_note(group)
        )
    else:
        if change.state is ChangeState.IN_REVIEW:
            knowledge_services.take_back_change(uow, change.id, author_id=operator_id)
        knowledge_services.save_draft(
            uow,
            change.id,
            _with(change.content, chosen),
            author_id=operator_id,
            revision=change.revision,
            note=change.note or _note(group),
        )
    knowledge_services.submit_change(uow, change.id, author_id=operator_id)
    _decide(uow, group, operator_id, change)
    return change


def start_entry(uow: UnitOfWork, group_id: int, draft: EntryDraft, *, operator_id: int) -> Change:
    """Begin a new entry from the group; its author goes on with the answer."""
    group = queries.get_for_change(uow.session, group_id)
    _chosen(draft.variants)
    group.apply(GapStep.ASSIGN)
    change = knowledge_services.draft_change(
        uow, draft, author_id=operator_id, base_version=0, note=_note(group)
    )
    _decide(uow, group, operator_id, change)
    return change


def dismiss_group(uow: UnitOfWork, group_id: int, *, reason: str, operator_id: int) -> GapGroup:
    """Leave the questions unlearnt; more of the same join the group in silence."""
    group = queries.get_for_change(uow.session, group_id)
    group.apply(GapStep.DISMISS)
    group.reason = reason.strip()
    group.decided_at, group.decided_by_id = uow.now, operator_id
    uow.announce(
        GapGroupDismissed(
            at=uow.now,
            actor=operator_actor(operator_id),
            group_id=group.id,
            reason=group.reason,
        )
    )
    return group


def reopen_group(uow: UnitOfWork, group_id: int, *, operator_id: int) -> GapGroup:
    """Take a decision back; a change that was made stays with its author."""
    group = queries.get_for_change(uow.session, group_id)
    group.apply(GapStep.REOPEN)
    group.decided_at = group.decided_by_id = group.slug = group.change_id = None
    group.reason = ""
    uow.announce(GapGroupReopened(at=uow.now, actor=operator_actor(operator_id), group_id=group.id))
    return group


def _chosen(texts: Sequence[str]) -> list[str]:
    chosen = unique([text.strip() for text in texts])
    if not chosen:
        raise NoQuestionChosen()
    return chosen


def _with(content: EntryDraft, texts: Sequence[str]) -> EntryDraft:
    known = [content.question, *content.variants]
    return replace(content, variants=unique([*known, *texts])[1:])


def _open_change(uow: UnitOfWork, slug: str, author_id: int) -> Change | None:
    own = knowledge.open_changes(uow.session, slug=slug, author_id=author_id)
    gone_on_with = {ChangeState.DRAFT, ChangeState.IN_REVIEW}
    return next(
        (each for each in own if each.state in gone_on_with and each.kind is ChangeKind.CONTENT),
        None,
    )


def _note(group: GapGroup) -> str:
    return f"市民问过 {group.question_count} 次而没有得到满意答复：{group.title}"[:200]


def _decide(uow: UnitOfWork, group: GapGroup, operator_id: int, change: Change) -> None:
    group.slug, group.change_id = change.slug, change.id
    group.decided_at, group.decided_by_id = uow.now, operator_id
    uow.announce(
        GapGroupAssigned(
            at=uow.now,
            actor=operator_actor(operator_id),
            group_id=group.id,
            slug=change.slug,
            change_id=change.id,
        )
    )
