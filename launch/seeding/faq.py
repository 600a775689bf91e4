"""Reads the FAQ files of `nlu_data/faq` as drafts of entries."""

from datetime import date
from pathlib import Path

import yaml

from core.knowledge.services import EntryDraft, ReferenceDraft
from core.knowledge.states import EntryScope
from launch.programs import ROOT
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


def drafts(folder: Path = FOLDER) -> list[EntryDraft]:
    """Return every entry of every file, in the order of the files."""
    topics = [
        Topic.model_validate(yaml.load(file.read_bytes(), Loader=FAST_LOADER))
        for file in sorted(folder.glob("*.yml"))
    ]
    return [_draft(topic, entry) for topic in topics for entry in topic.entries]


def _draft(topic: Topic, entry: Entry) -> EntryDraft:
    return EntryDraft(
        slug=entry.slug,
        topic=topic.topic,
        topic_title=topic.title,
        question=entry.question,
        variants=entry.variants,
        answer=entry.answer.strip(),
        scope=entry.scope,
        department_code=entry.department,
        review_by=entry.review_by,
        steps=entry.steps,
        materials=entry.materials,
        time_limit=entry.time_limit,
        fee=entry.fee,
        place=entry.where,
        local_gap=entry.local_gap,
        references=[ReferenceDraft(**dict(reference)) for reference in entry.references],
    )
