"""The tables of the FAQ."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database.base import Base, PrimaryKey
from core.departments.models import Department
from core.knowledge.contents import EntryDraft, Problem, ReferenceDraft, Refusal
from core.knowledge.states import (
    ChangeKind,
    ChangeState,
    ChangeStep,
    EntryScope,
    EntryState,
    ImportOutcome,
    next_state,
)


class FaqEntry(Base):
    """One question citizens ask, in its many forms, with the office's answer."""

    __tablename__ = "faq_entries"
    __table_args__ = (Index(None, "topic", "state"),)

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    topic: Mapped[str] = mapped_column(String(40))
    topic_title: Mapped[str] = mapped_column(String(40))
    question: Mapped[str] = mapped_column(String(200))
    variants: Mapped[list[str]]
    answer: Mapped[str] = mapped_column(Text)
    steps: Mapped[list[str]] = mapped_column(default=list)
    materials: Mapped[list[str]] = mapped_column(default=list)
    time_limit: Mapped[str | None] = mapped_column(Text)
    fee: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(String(80))
    local_gap: Mapped[str | None] = mapped_column(Text)
    scope: Mapped[EntryScope]
    is_people_only: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    state: Mapped[EntryState]
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    review_by: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    fingerprint: Mapped[str] = mapped_column(String(64))  # of the imported form

    department: Mapped[Department] = relationship(lazy="joined")
    references: Mapped[list["PolicyReference"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="PolicyReference.id"
    )

    @property
    def parts(self) -> dict[str, Any]:
        """The structured parts that follow-up questions ask for."""
        return {
            "steps": self.steps,
            "materials": self.materials,
            "time_limit": self.time_limit,
            "fee": self.fee,
            "place": self.place,
        }

    @property
    def content(self) -> EntryDraft:
        return EntryDraft(
            slug=self.slug,
            topic=self.topic,
            topic_title=self.topic_title,
            question=self.question,
            variants=list(self.variants),
            answer=self.answer,
            scope=self.scope,
            department_code=self.department.code,
            review_by=self.review_by,
            steps=list(self.steps),
            materials=list(self.materials),
            time_limit=self.time_limit,
            fee=self.fee,
            place=self.place,
            link=self.link,
            phone=self.phone,
            local_gap=self.local_gap,
            is_people_only=self.is_people_only,
            references=[
                ReferenceDraft(
                    document=reference.document,
                    document_no=reference.document_no,
                    article=reference.article,
                    effective_on=reference.effective_on,
                    repealed_on=reference.repealed_on,
                    successor=reference.successor,
                )
                for reference in self.references
            ],
        )

    def repealed_reference(self, today: date) -> "PolicyReference | None":
        """Return a document the answer rests on that is no longer in force, if any."""
        return next(
            (
                reference
                for reference in self.references
                if reference.repealed_on is not None and reference.repealed_on <= today
            ),
            None,
        )


class PolicyReference(Base):
    """The article of a document that an answer rests on, and how long it is in force."""

    __tablename__ = "policy_references"

    id: Mapped[PrimaryKey]
    entry_id: Mapped[int] = mapped_column(ForeignKey("faq_entries.id"), index=True)
    document: Mapped[str] = mapped_column(String(200))
    document_no: Mapped[str | None] = mapped_column(String(80))
    article: Mapped[str | None] = mapped_column(String(80))
    effective_on: Mapped[date | None]
    repealed_on: Mapped[date | None]
    successor: Mapped[str | None] = mapped_column(String(200))


class EntryVersion(Base):
    """What an entry said once it was live, and who made it so."""

    __tablename__ = "entry_versions"
    __table_args__ = (UniqueConstraint("entry_id", "version"),)

    id: Mapped[PrimaryKey]
    entry_id: Mapped[int] = mapped_column(ForeignKey("faq_entries.id"))
    version: Mapped[int]
    stored_content: Mapped[dict[str, Any]]
    released_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    model_version: Mapped[str | None] = mapped_column(String(120))

    @property
    def content(self) -> EntryDraft:
        return EntryDraft.from_json(self.stored_content)


class Change(Base):
    """The proposed content of one entry on its way from an editor to citizens.

    `base_version` is the live version it was made from, 0 for a new entry; `revision`
    counts the saves of the draft, so that a second window cannot overwrite the first.
    """

    __tablename__ = "faq_changes"
    __table_args__ = (
        Index(None, "slug"),
        Index(None, "state"),
        Index(
            "uq_faq_changes_underway",
            "slug",
            unique=True,
            postgresql_where=text("state = 'approved'"),
        ),
    )

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(String(80))
    kind: Mapped[ChangeKind]
    base_version: Mapped[int]
    stored_content: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ChangeState] = mapped_column(default=ChangeState.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[int] = mapped_column(ForeignKey("operators.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    review_note: Mapped[str] = mapped_column(Text, default="")
    stored_refusals: Mapped[list[Any]] = mapped_column(default=list)
    model_version: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]

    @property
    def content(self) -> EntryDraft:
        return EntryDraft.from_json(self.stored_content)

    @property
    def refusals(self) -> list[Refusal]:
        return [Refusal(**refusal) for refusal in self.stored_refusals]

    @property
    def is_new(self) -> bool:
        return self.base_version == 0

    def apply(self, step: ChangeStep) -> None:
        """Move to the state that `step` leads to, or raise IllegalChangeStep."""
        self.state = next_state(self.state, step)


@dataclass(frozen=True)
class ImportLine:
    """A line of a file beside what is live: what taking it in would do, or why it cannot."""

    place: str
    slug: str
    outcome: ImportOutcome
    problems: tuple[Problem, ...]
    content: EntryDraft | None
    base_version: int


class KnowledgeImport(Base):
    """A file that somebody sent and has not taken in yet."""

    __tablename__ = "knowledge_imports"

    id: Mapped[PrimaryKey]
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    stored_lines: Mapped[list[Any]]

    @property
    def lines(self) -> list[ImportLine]:
        return [
            ImportLine(
                place=line["place"],
                slug=line["slug"],
                outcome=ImportOutcome(line["outcome"]),
                problems=tuple(Problem(**problem) for problem in line["problems"]),
                content=EntryDraft.from_json(line["content"]) if line["content"] else None,
                base_version=line["base_version"],
            )
            for line in self.stored_lines
        ]
