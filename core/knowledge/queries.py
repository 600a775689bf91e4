"""Questions about knowledge. Reading only: changes are in services.py."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from core.knowledge.contents import TrainingEntry
from core.knowledge.errors import (
    AnswerRepealed,
    ChangeNotFound,
    EntryIsForPeople,
    EntryNotFound,
    EntryNotPublished,
    ImportNotFound,
)
from core.knowledge.models import Change, EntryVersion, FaqEntry, KnowledgeImport, PolicyReference
from core.knowledge.similarity import Form
from core.knowledge.states import OPEN, ChangeKind, ChangeState, EntryScope, EntryState


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


@dataclass(frozen=True, kw_only=True)
class EntryFilter:
    """What is looked for; what is left out narrows nothing."""

    words: str = ""  # in question, answer, question forms, name, or what the answer rests on
    topic: str = ""
    department_ids: Collection[int] = ()
    scope: EntryScope | None = None
    state: EntryState | None = None
    review_before: date | None = None
    is_people_only: bool | None = None
    slugs: Collection[str] | None = None
    lacks_references: bool = False
    fewer_variants_than: int | None = None


def listed(session: Session, wanted: EntryFilter) -> Sequence[FaqEntry]:
    """Return the entries that fit, topic after topic."""
    query = select(FaqEntry)
    if wanted.words:
        query = query.where(_holds(wanted.words))
    if wanted.topic:
        query = query.filter_by(topic=wanted.topic)
    if wanted.department_ids:
        query = query.where(FaqEntry.department_id.in_(wanted.department_ids))
    if wanted.scope is not None:
        query = query.filter_by(scope=wanted.scope)
    if wanted.state is not None:
        query = query.filter_by(state=wanted.state)
    if wanted.review_before is not None:
        query = query.where(FaqEntry.review_by < wanted.review_before)
    if wanted.is_people_only is not None:
        query = query.filter_by(is_people_only=wanted.is_people_only)
    if wanted.slugs is not None:
        query = query.where(FaqEntry.slug.in_(wanted.slugs))
    if wanted.lacks_references:
        query = query.where(~FaqEntry.references.any())
    if wanted.fewer_variants_than is not None:
        query = query.where(func.jsonb_array_length(FaqEntry.variants) < wanted.fewer_variants_than)
    return session.scalars(query.order_by(FaqEntry.topic, FaqEntry.id)).all()


def _holds(words: str) -> ColumnElement[bool]:
    fields = (
        FaqEntry.question,
        FaqEntry.answer,
        FaqEntry.slug,
        cast(FaqEntry.variants, Text),
    )
    rests_on = FaqEntry.references.any(
        or_(
            PolicyReference.document.icontains(words, autoescape=True),
            PolicyReference.document_no.icontains(words, autoescape=True),
        )
    )
    return or_(*(field.icontains(words, autoescape=True) for field in fields), rests_on)


@dataclass(frozen=True)
class TopicCoverage:
    topic: str
    title: str
    entries: int
    variants: int
    few_variants: int
    without_references: int
    past_review: int


def coverage(session: Session, *, today: date, fewest_variants: int) -> list[TopicCoverage]:
    """Return what is published of each topic, and where it is thin."""
    topics: dict[str, list[FaqEntry]] = {}
    for entry in published(session):
        topics.setdefault(entry.topic, []).append(entry)
    return [
        TopicCoverage(
            topic=topic,
            title=entries[0].topic_title,
            entries=len(entries),
            variants=sum(len(entry.variants) for entry in entries),
            few_variants=sum(len(entry.variants) < fewest_variants for entry in entries),
            without_references=sum(
                not entry.references and entry.scope is not EntryScope.PLATFORM for entry in entries
            ),
            past_review=sum(entry.review_by < today for entry in entries),
        )
        for topic, entries in topics.items()
    ]


def forms(session: Session) -> list[Form]:
    """Return every way of asking that is live, and what open changes would add to them."""
    live = {entry.slug: entry for entry in published(session)}
    found = [
        Form(entry.slug, entry.question, text)
        for entry in live.values()
        for text in (entry.question, *entry.variants)
    ]
    for change in open_changes(session):
        content, entry = change.content, live.get(change.slug)
        known = {entry.question, *entry.variants} if entry else set()
        found += [
            Form(change.slug, content.question, text, change.id)
            for text in (content.question, *content.variants)
            if text not in known and change.kind is ChangeKind.CONTENT
        ]
    return found


def forms_stamp(session: Session) -> tuple[object, ...]:
    """Return something that is another as soon as `forms` may be."""
    entries = session.execute(select(func.count(), func.max(FaqEntry.updated_at))).one()
    changes = session.execute(
        select(func.count(), func.max(Change.updated_at), func.sum(Change.revision))
    ).one()
    return (*entries, *changes)


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


def settled_changes(session: Session, *, limit: int) -> Sequence[Change]:
    """Return what has been decided for good, the newest first."""
    return session.scalars(
        select(Change)
        .where(Change.state.not_in(OPEN))
        .order_by(Change.updated_at.desc(), Change.id.desc())
        .limit(limit)
    ).all()


def count_reviewable(session: Session, *, reviewer_id: int) -> int:
    """Return how many changes wait for this reviewer; own ones do not."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Change)
            .where(Change.state == ChangeState.IN_REVIEW, Change.author_id != reviewer_id)
        )
        or 0
    )


def get_import(session: Session, import_id: int, *, operator_id: int) -> KnowledgeImport:
    """Return the file that this operator sent and has not taken in yet."""
    found = session.scalars(
        select(KnowledgeImport).filter_by(id=import_id, operator_id=operator_id)
    ).one_or_none()
    if found is None:
        raise ImportNotFound(import_id=import_id)
    return found
