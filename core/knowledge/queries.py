"""Questions about knowledge. Reading only: changes are in services.py."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.knowledge.contents import TrainingEntry
from core.knowledge.errors import (
    AnswerRepealed,
    ChangeNotFound,
    EntryIsForPeople,
    EntryNotFound,
    EntryNotPublished,
)
from core.knowledge.models import Change, EntryVersion, FaqEntry
from core.knowledge.states import OPEN, ChangeKind, ChangeState, EntryState


def find(session: Session, slug: str) -> FaqEntry | None:
    return session.scalars(select(FaqEntry).filter_by(slug=slug)).one_or_none()


def get(session: Session, slug: str) -> FaqEntry:
    entry = find(session, slug)
    if entry is None:
        raise EntryNotFound(slug=slug)
    return entry


def get_servable(session: Session, slug: str, *, today: date) -> FaqEntry:
    """Return the entry if a citizen may be answered with it today."""
    entry = get(session, slug)
    if entry.state is not EntryState.PUBLISHED:
        raise EntryNotPublished(slug=slug)
    if entry.is_people_only:
        raise EntryIsForPeople(slug=slug, question=entry.question)
    repealed = entry.repealed_reference(today)
    if repealed is not None:
        raise AnswerRepealed(slug=slug, document=repealed.document, successor=repealed.successor)
    return entry


def published(session: Session, slugs: Collection[str] | None = None) -> Sequence[FaqEntry]:
    query = select(FaqEntry).filter_by(state=EntryState.PUBLISHED)
    if slugs is not None:
        query = query.where(FaqEntry.slug.in_(slugs))
    return session.scalars(query.order_by(FaqEntry.topic, FaqEntry.id)).all()


def listed(
    session: Session,
    *,
    topic: str | None = None,
    words: str | None = None,
    review_before: date | None = None,
    limit: int = 300,
) -> Sequence[FaqEntry]:
    """Entries of a topic whose question or answer holds `words`, for the screens."""
    query = select(FaqEntry)
    if topic:
        query = query.filter_by(topic=topic)
    if words:
        query = query.where(
            or_(
                FaqEntry.question.icontains(words, autoescape=True),
                FaqEntry.answer.icontains(words, autoescape=True),
            )
        )
    if review_before is not None:
        query = query.where(FaqEntry.review_by < review_before)
    return session.scalars(query.order_by(FaqEntry.topic, FaqEntry.id).limit(limit)).all()


def topics(session: Session) -> list[tuple[str, str, int]]:
    """Return code, title and number of entries of every topic."""
    rows = session.execute(
        select(FaqEntry.topic, func.min(FaqEntry.topic_title), func.count())
        .group_by(FaqEntry.topic)
        .order_by(func.min(FaqEntry.id))
    )
    return [(row[0], row[1], row[2]) for row in rows]


def due_for_review(session: Session, *, today: date, within: timedelta) -> Sequence[FaqEntry]:
    return session.scalars(
        select(FaqEntry)
        .where(FaqEntry.state == EntryState.PUBLISHED, FaqEntry.review_by <= today + within)
        .order_by(FaqEntry.review_by)
    ).all()


def find_for_change(session: Session, slug: str) -> FaqEntry | None:
    """Fetch and lock the entry, where there is one, until this unit of work ends."""
    return session.scalars(
        select(FaqEntry)
        .filter_by(slug=slug)
        .with_for_update(of=FaqEntry)
        .execution_options(populate_existing=True)
    ).one_or_none()


def history(session: Session, slug: str) -> Sequence[EntryVersion]:
    """Return every version of the entry that was live, newest first."""
    return session.scalars(
        select(EntryVersion)
        .join(FaqEntry, FaqEntry.id == EntryVersion.entry_id)
        .where(FaqEntry.slug == slug)
        .order_by(EntryVersion.version.desc())
    ).all()


def training_set(session: Session, *, with_changes: Sequence[Change] = ()) -> list[TrainingEntry]:
    """Return what a model learns from: the published entries, with these changes come true."""
    learnt = {entry.slug: entry.content.learnt for entry in published(session)}
    for change in with_changes:
        if change.kind is ChangeKind.WITHDRAWAL:
            learnt.pop(change.slug, None)
        else:
            learnt[change.slug] = change.content.learnt
    return list(learnt.values())


def get_change(session: Session, change_id: int) -> Change:
    change = session.get(Change, change_id)
    if change is None:
        raise ChangeNotFound(change_id=change_id)
    return change


def get_change_for_change(session: Session, change_id: int) -> Change:
    change = session.scalars(
        select(Change)
        .filter_by(id=change_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if change is None:
        raise ChangeNotFound(change_id=change_id)
    return change


def approved_changes(session: Session) -> Sequence[Change]:
    """Return what waits for a model, in the order of approval."""
    return session.scalars(
        select(Change).filter_by(state=ChangeState.APPROVED).order_by(Change.decided_at, Change.id)
    ).all()


def open_changes(
    session: Session,
    *,
    slug: str | None = None,
    author_id: int | None = None,
    state: ChangeState | None = None,
) -> Sequence[Change]:
    """Return the changes somebody still has something to do with, oldest first."""
    query = select(Change).where(Change.state.in_(OPEN))
    if slug is not None:
        query = query.filter_by(slug=slug)
    if author_id is not None:
        query = query.filter_by(author_id=author_id)
    if state is not None:
        query = query.filter_by(state=state)
    return session.scalars(query.order_by(Change.id)).all()
