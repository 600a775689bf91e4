"""The tables of the FAQ."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database.base import Base, PrimaryKey
from core.departments.models import Department
from core.knowledge.states import EntryScope, EntryState


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
    local_gap: Mapped[str | None] = mapped_column(Text)
    scope: Mapped[EntryScope]
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
