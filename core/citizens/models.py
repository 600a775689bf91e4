"""The keys citizens are given: links into the office's pages, and codes that join identities."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.conversations.models import ChannelIdentity
from core.database.base import Base, PrimaryKey


class PageLink(Base):
    """A link sent into the citizen's own chat that opens the office's pages, once."""

    __tablename__ = "page_links"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("channel_identities.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[str | None] = mapped_column(String(64))  # the browser, as a fingerprint

    identity: Mapped[ChannelIdentity] = relationship()


class LinkingCode(Base):
    """Shown under one identity and typed under another: both belong to the same person."""

    __tablename__ = "linking_codes"

    id: Mapped[PrimaryKey]
    code_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("channel_identities.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    identity: Mapped[ChannelIdentity] = relationship()


class PageVisit(Base):
    """Whether the page of a web chat is open, and up to where it has been shown."""

    __tablename__ = "page_visits"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    seen_at: Mapped[datetime]
    read_seq: Mapped[int] = mapped_column(default=0)
    left_at: Mapped[datetime | None]
