"""Questions about knowledge. Reading only: changes are in services.py."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.knowledge.errors import AnswerRepealed, EntryNotFound, EntryNotPublished
from core.knowledge.models import FaqEntry
from core.knowledge.states import EntryState


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
