"""The tables of cases."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.cases.states import (
    CaseAction,
    CaseClass,
    CaseKind,
    CaseSource,
    CaseState,
    Priority,
    Rating,
    RejectionReason,
    next_state,
)
from core.conversations.models import Citizen
from core.database.base import Base, PrimaryKey
from core.departments.models import Department
from core.media.models import Attachment, Upload


class Case(Base):
    """One matter a citizen raised, from submission to closing."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(None, "state", "due_on"),
        Index(None, "department_id", "state"),
        Index(None, "citizen_id", "submitted_at"),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    query_code: Mapped[str] = mapped_column(String(12))
    kind: Mapped[CaseKind]
    source: Mapped[CaseSource]
    title: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(String(200))
    contact_name: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    contact_phone: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    # Equal for equal phone numbers, so that earlier cases of the caller are found.
    contact_fingerprint: Mapped[str | None] = mapped_column(String(64), index=True)
    state: Mapped[CaseState] = mapped_column(default=CaseState.SUBMITTED)
    case_class: Mapped[CaseClass] = mapped_column(default=CaseClass.GENERAL)
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL)
    submitted_at: Mapped[datetime]
    acknowledge_by: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    due_on: Mapped[date]
    due_is_provisional: Mapped[bool]
    calendar_version: Mapped[str] = mapped_column(String(60))
    policy_version: Mapped[str] = mapped_column(String(20))
    rejection_reason: Mapped[RejectionReason | None]
    rejection_explanation: Mapped[str | None] = mapped_column(Text)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    unit_due_on: Mapped[date | None]
    requirements: Mapped[str | None] = mapped_column(Text)
    is_designated: Mapped[bool] = mapped_column(default=False)
    returned_by: Mapped[list[Any]] = mapped_column(default=list)  # ids of units, once each
    signed_for_at: Mapped[datetime | None]
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    urged_count: Mapped[int] = mapped_column(default=0)
    urged_at: Mapped[datetime | None]
    citizen_urged_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    rating: Mapped[Rating | None]
    rating_comment: Mapped[str | None] = mapped_column(Text)
    rated_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(Text)
    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizens.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    # The message or click that opened the case: the same one twice is one case.
    source_key: Mapped[str | None] = mapped_column(String(60), unique=True)
    version: Mapped[int] = mapped_column()

    citizen: Mapped[Citizen | None] = relationship()
    department: Mapped[Department | None] = relationship(lazy="joined")
    additions: Mapped[list["CaseAddition"]] = relationship(
        lazy="selectin", order_by="CaseAddition.id"
    )
    replies: Mapped[list["CaseReply"]] = relationship(lazy="selectin", order_by="CaseReply.version")

    # Two operators saving the same case: the second gets StaleDataError, not a lost update.
    __mapper_args__ = {"version_id_col": version}

    def apply(self, action: CaseAction) -> None:
        """Move to the state that `action` leads to, or raise IllegalTransition."""
        self.state = next_state(self.state, action)

    @property
    def current_reply(self) -> "CaseReply | None":
        return self.replies[-1] if self.replies else None

    @property
    def released_reply(self) -> "CaseReply | None":
        """The answer the citizen was given, never a draft."""
        return next((reply for reply in reversed(self.replies) if reply.released_at), None)


class CaseReply(Base):
    """One draft of the answer, who wrote it, who judged it, and what became of it."""

    __tablename__ = "case_replies"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    id: Mapped[PrimaryKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("operators.id"))
    drafted_at: Mapped[datetime]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    reviewed_at: Mapped[datetime | None]
    sent_back_reason: Mapped[str | None] = mapped_column(Text)
    released_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))


class CaseAddition(Base):
    """What the citizen has added to the matter since it was put on record."""

    __tablename__ = "case_additions"

    id: Mapped[PrimaryKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]
    form_key: Mapped[str | None] = mapped_column(String(60), unique=True)


class CaseAttachment(Base):
    """Something the citizen sent in the conversation that belongs to the case."""

    __tablename__ = "case_attachments"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("media_attachments.message_id"), primary_key=True, index=True
    )

    attachment: Mapped[Attachment] = relationship()


class CasePhoto(Base):
    """A picture the citizen put into a form about the case: the first one, or an addition."""

    __tablename__ = "case_photos"

    upload_id: Mapped[int] = mapped_column(
        ForeignKey("media_uploads.id"), primary_key=True, autoincrement=False
    )
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    addition_id: Mapped[int | None] = mapped_column(ForeignKey("case_additions.id"), index=True)

    upload: Mapped[Upload] = relationship(lazy="joined")


class CaseCounter(Base):
    """The last serial number given out on a day."""

    __tablename__ = "case_counters"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
