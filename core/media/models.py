"""Stored files, and the attachments of messages that hold or want one."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database.base import Base, PrimaryKey
from core.media.states import AttachmentState, MediaKind, MediaStep, next_state


class MediaFile(Base):
    """One content, stored once under its hash, however often it was sent.

    `preview_sha256` is a small picture of a large one, stored beside it.
    """

    __tablename__ = "media_files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[MediaKind]
    mime: Mapped[str] = mapped_column(String(80))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    seconds: Mapped[float | None]
    preview_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    first_seen_at: Mapped[datetime]


class Upload(Base):
    """A picture that a citizen put into a form of ours; erased, it holds no content any more."""

    __tablename__ = "media_uploads"

    id: Mapped[PrimaryKey]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("media_files.sha256"), index=True)
    uploaded_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    file: Mapped[MediaFile | None] = relationship(lazy="joined")


class Attachment(Base):
    """What a message carries beside words, and how far it has come."""

    __tablename__ = "media_attachments"
    __table_args__ = (
        Index(
            "ix_media_attachments_unsettled",
            "wanted_at",
            postgresql_where=text("state IN ('wanted', 'fetching')"),
        ),
    )

    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id"), primary_key=True, autoincrement=False
    )
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[MediaKind]
    source: Mapped[dict[str, Any]]  # how the platform names it: an id, an address
    state: Mapped[AttachmentState] = mapped_column(default=AttachmentState.WANTED)
    reason: Mapped[str | None] = mapped_column(String(200))  # a Refusal, or what went wrong
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("media_files.sha256"), index=True)
    wanted_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    file: Mapped[MediaFile | None] = relationship()

    def apply(self, step: MediaStep) -> None:
        """Move to the state that `step` leads to, or raise IllegalMediaStep."""
        self.state = next_state(self.state, step)
