"""Reads the FAQ files of `nlu_data/faq` as drafts of entries."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from core.knowledge.services import EntryDraft, ReferenceDraft
from core.knowledge.states import EntryScope
from launch.programs import ROOT
from launch.seeding.files import read_yaml
from launch.seeding.moments import Told

FOLDER = ROOT / "nlu_data" / "faq"


class Reference(Told):
    document: str
    document_no: str | None = None
    article: str | None = None
    effective_on: date | None = None
    repealed_on: date | None = None
    successor: str | None = None


class Entry(Told):
    slug: str
    question: str
    variants: list[str]
    answer: str
    steps: list[str] = []
    materials: list[str] = []
    time_limit: str | None = None
    fee: str | None = None
    where: str | None = None
    references: list[Reference] = []
    scope: EntryScope
    local_gap: str | None = None
    department: str
    review_by: date


class Topic(Told):
    topic: str
    title: str
    entries: list[Entry]


def drafts(
    folder: Path = FOLDER, *, review_by: Mapping[str, date] | None = None
) -> list[EntryDraft]:
    """Return every entry, in the order of the files; `review_by` names other dates by slug."""
    topics = [Topic.model_validate(read_yaml(file)) for file in sorted(folder.glob("*.yml"))]
    dates = review_by or {}
    return [
        _draft(topic, entry, review_by=dates.get(entry.slug, entry.review_by))
        for topic in topics
        for entry in topic.entries
    ]


def _draft(topic: Topic, entry: Entry, *, review_by: date) -> EntryDraft:
    return EntryDraft(
        slug=entry.slug,
        topic=topic.topic,
        topic_title=topic.title,
        question=entry.question,
        variants=entry.variants,
        answer=entry.answer.strip(),
        scope=entry.scope,
        department_code=entry.department,
        review_by=review_by,
        steps=entry.steps,
        materials=entry.materials,
        time_limit=entry.time_limit,
        fee=entry.fee,
        place=entry.where,
        local_gap=entry.local_gap,
        references=[ReferenceDraft(**dict(reference)) for reference in entry.references],
    )
