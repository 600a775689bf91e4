"""The office's accounts, what was counted about them, and what people must see to."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.channels.states import Tally
from core.database.base import Base, PrimaryKey
from core.departments.models import Department
from core.messaging import ChannelName
from core.operators.models import Operator


class ChannelAccount(Base):
    """What the desk knows about one account. Its secrets stay in the settings.

    `account` is the short name in the settings; `platform_id` is what the platform calls it.
    """

    __tablename__ = "channel_accounts"
    __table_args__ = (UniqueConstraint("channel", "account"),)

    id: Mapped[PrimaryKey]
    channel: Mapped[ChannelName]
    account: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    platform_id: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[str] = mapped_column(String(40))
    mode: Mapped[str] = mapped_column(String(40), default="")
    is_verified: Mapped[bool]
    rights: Mapped[list[str]] = mapped_column(default=list)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    registered_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]  # no longer in the settings

    last_push_at: Mapped[datetime | None]
    last_delivery_at: Mapped[datetime | None]
    last_error_at: Mapped[datetime | None]
    last_error_code: Mapped[str | None] = mapped_column(String(40))
    last_error_reason: Mapped[str | None] = mapped_column(Text)
    token_obtained_at: Mapped[datetime | None]
    token_expires_at: Mapped[datetime | None]
    passive_only_since: Mapped[datetime | None]
    passive_only_reason: Mapped[str | None] = mapped_column(Text)
    menus_refused_at: Mapped[datetime | None]  # a test account takes no message with a menu

    owner: Mapped[Department | None] = relationship(lazy="joined")


class CallsOfDay(Base):
    """How often one kind of platform call was made on one day (China time)."""

    __tablename__ = "calls_of_day"

    channel: Mapped[ChannelName] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


class TallyOfDay(Base):
    """How much came in, went out or went wrong on one day (China time)."""

    __tablename__ = "tallies_of_day"
    __table_args__ = (Index(None, "day"),)

    channel: Mapped[ChannelName] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    tally: Mapped[Tally] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    count: Mapped[int]


class Alarm(Base):
    """Something about an account that people must see to; told once until it is over."""

    __tablename__ = "alarms"
    __table_args__ = (
        Index(
            "ix_alarms_unresolved",
            "channel",
            "account",
            "code",
            unique=True,
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    channel: Mapped[ChannelName]
    account: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    last_at: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=1)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    resolved_at: Mapped[datetime | None]

    acknowledged_by: Mapped[Operator | None] = relationship()


class ReadingMark(Base):
    """How far one list of an account has been read, which the platform gives by post ids."""

    __tablename__ = "reading_marks"

    channel: Mapped[ChannelName] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    list_name: Mapped[str] = mapped_column(String(40), primary_key=True)
    since_id: Mapped[int] = mapped_column(BigInteger)
    read_at: Mapped[datetime | None]
