"""Answers about open questions."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core.conversations.models import Message
from core.conversations.states import Author, MessageOutcome
from core.gaps.errors import GapGroupNotFound
from core.gaps.meaning import Centre, unpacked
from core.gaps.models import Gap, GapGroup
from core.gaps.states import GapState

NOTHING_FITTED = "nlu_fallback"
UNSURE = "faq_unsure"
COMPLAINT = "complain_about_answer"
TELLING_INTENTS = (NOTHING_FITTED, UNSURE, COMPLAINT)

_intent = Message.understanding["intent"].astext


def unheeded(session: Session, *, since: datetime, until: datetime) -> Sequence[Message]:
    """Return what citizens said in vain or to complain, answered between these moments."""
    return session.scalars(
        select(Message)
        .outerjoin(Gap, Gap.message_id == Message.id)
        .where(
            Message.author == Author.CITIZEN,
            Message.finished_at.between(since, until),
            Message.outcome == MessageOutcome.ANSWERED,
            _intent.in_(TELLING_INTENTS),
            Gap.id.is_(None),
        )
        .order_by(Message.id)
    ).all()


def said_next(session: Session, message: Message) -> Message | None:
    """Return what the citizen said after this."""
    return session.scalars(
        select(Message)
        .where(
            Message.conversation_id == message.conversation_id,
            Message.author == Author.CITIZEN,
            Message.seq > message.seq,
        )
        .order_by(Message.seq)
        .limit(1)
    ).one_or_none()


def answered_before(session: Session, message: Message) -> tuple[Message, str] | None:
    """Return the question that the desk answered last before this, and the entry it used."""
    reply = aliased(Message)
    row = session.execute(
        select(Message, reply.reason["slug"].astext)
        .join(reply, reply.in_reply_to_id == Message.id)
        .where(
            Message.conversation_id == message.conversation_id,
            Message.seq < message.seq,
            reply.reason["kind"].astext == "faq",
        )
        .order_by(Message.seq.desc(), reply.seq.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def offered(session: Session, message: Message) -> set[str]:
    """Return what the citizen could tap in answer to this message's replies."""
    replies = session.scalars(select(Message).filter_by(in_reply_to_id=message.id))
    return {choice["says"] for reply in replies for choice in reply.choices}


def unplaced(session: Session, *, limit: int) -> Sequence[Gap]:
    return session.scalars(
        select(Gap).where(Gap.group_id.is_(None)).order_by(Gap.id).limit(limit)
    ).all()


def unplaced_for_change(session: Session, gap_ids: Collection[int]) -> Sequence[Gap]:
    """Fetch and lock those of these questions that nobody has placed or is placing."""
    return session.scalars(
        select(Gap)
        .where(Gap.id.in_(gap_ids), Gap.group_id.is_(None))
        .order_by(Gap.id)
        .with_for_update(skip_locked=True)
    ).all()


def centres(session: Session, *, assigned_after: datetime) -> list[Centre]:
    """Return the groups that a new question may belong to.

    What was assigned long ago has been learnt: who asks it in vain now asks something new.
    """
    rows = session.scalars(
        select(GapGroup).where(
            (GapGroup.state != GapState.ASSIGNED) | (GapGroup.decided_at >= assigned_after)
        )
    )
    return [Centre(group.id, unpacked(group.centre), group.guess) for group in rows]


def groups(session: Session, state: GapState, *, limit: int = 100) -> Sequence[GapGroup]:
    """Return the groups, those asked most often first."""
    return session.scalars(
        select(GapGroup)
        .filter_by(state=state)
        .order_by(GapGroup.question_count.desc(), GapGroup.last_asked_at.desc())
        .limit(limit)
    ).all()


def count(session: Session, state: GapState) -> int:
    return session.scalar(select(func.count()).select_from(GapGroup).filter_by(state=state)) or 0


def get(session: Session, group_id: int) -> GapGroup:
    group = session.get(GapGroup, group_id)
    if group is None:
        raise GapGroupNotFound(group_id=group_id)
    return group


def get_for_change(session: Session, group_id: int) -> GapGroup:
    """Fetch and lock the group until this unit of work ends."""
    group = session.scalars(
        select(GapGroup)
        .filter_by(id=group_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if group is None:
        raise GapGroupNotFound(group_id=group_id)
    return group


def questions(session: Session, group_ids: Sequence[int]) -> dict[int, list[Gap]]:
    """Return the questions of each group, newest first."""
    found: dict[int, list[Gap]] = {group_id: [] for group_id in group_ids}
    rows = session.scalars(
        select(Gap).where(Gap.group_id.in_(group_ids)).order_by(Gap.asked_at.desc(), Gap.id.desc())
    )
    for gap in rows:
        if gap.group_id is not None:
            found[gap.group_id].append(gap)
    return found


def likely_entries(gaps: Sequence[Gap], *, limit: int = 3) -> list[str]:
    """Return the entries that the bot thought of most for these questions.

    A first guess counts more than a second; what did not help is not proposed again.
    """
    votes: Counter[str] = Counter()
    for gap in gaps:
        for place, slug in enumerate(gap.guesses):
            if slug != gap.answered_with:
                votes[slug] += len(gap.guesses) - place
    return [slug for slug, _ in votes.most_common(limit)]
