"""Citizens, their conversations, messages and deliveries."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.conversations.states import (
    Author,
    ConversationState,
    ConversationStep,
    DeliveryState,
    DeliveryWay,
    ErasureState,
    ErasureStep,
    HandoffReason,
    HeldFor,
    MessageOutcome,
    Visibility,
    next_erasure_state,
    next_state,
)
from core.database.base import Base, PrimaryKey
from core.messaging import (
    ChannelAddress,
    ChannelName,
    Choice,
    InboundKind,
    OutboundMessage,
    PublicPost,
    Trigger,
)


class Citizen(Base):
    """A person, known by one or more identities on the channels."""

    __tablename__ = "citizens"

    id: Mapped[PrimaryKey]
    created_at: Mapped[datetime]
    # The same person under another identity, as the person has said; one of them stands for all.
    linked_to_id: Mapped[int | None] = mapped_column(ForeignKey("citizens.id"), index=True)


class ChannelIdentity(Base):
    """How a platform knows a citizen within one official account."""

    __tablename__ = "channel_identities"
    __table_args__ = (UniqueConstraint("channel", "account", "platform_id"),)

    id: Mapped[PrimaryKey]
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id"), index=True)
    channel: Mapped[ChannelName]
    account: Mapped[str] = mapped_column(String(40))
    platform_id: Mapped[str] = mapped_column(String(64))
    left_at: Mapped[datetime | None]  # unfollowed: nothing can be delivered any more
    # The platform says that it cannot reach them; the next thing they send ends that.
    unreachable_since: Mapped[datetime | None]
    unreachable_code: Mapped[str | None] = mapped_column(String(40))
    # Raised when the citizen signs out: it ends every session on the office's pages.
    page_version: Mapped[int] = mapped_column(default=0, server_default="0")

    citizen: Mapped[Citizen] = relationship()

    @property
    def address(self) -> ChannelAddress:
        return ChannelAddress(self.channel, self.account, self.platform_id)

    @property
    def alias(self) -> str:
        """A short name for screens: platforms no longer tell nicknames, and ids are personal."""
        return f"市民{self.platform_id[-4:]}"


class Conversation(Base):
    """Everything said with one citizen on one channel."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index(None, "state", "waiting_since"),
        Index(None, "operator_id", "state"),
        Index(None, "last_message_at"),
    )

    id: Mapped[PrimaryKey]
    identity_id: Mapped[int] = mapped_column(ForeignKey("channel_identities.id"), unique=True)
    state: Mapped[ConversationState] = mapped_column(default=ConversationState.BOT)
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    waiting_since: Mapped[datetime | None]
    handoff_reason: Mapped[HandoffReason | None]
    last_seq: Mapped[int] = mapped_column(default=0)
    seen_seq: Mapped[int] = mapped_column(default=0)  # up to here the operator has looked
    misses: Mapped[int] = mapped_column(default=0)  # questions in a row without an answer
    last_message_at: Mapped[datetime]
    last_inbound_at: Mapped[datetime | None]
    typing_shown_at: Mapped[datetime | None]

    identity: Mapped[ChannelIdentity] = relationship()

    def apply(self, step: ConversationStep) -> None:
        """Move to the state that `step` leads to, or raise IllegalConversationStep."""
        self.state = next_state(self.state, step)


class Message(Base):
    """One line of a conversation, from whoever it comes."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_key"),
        UniqueConstraint("channel", "account", "dedupe_key"),
        Index(
            "ix_messages_unfinished",
            "received_at",
            postgresql_where=text("author = 'citizen' AND outcome IS NULL"),
        ),
        # What was said in vain, for those who teach the bot: see core/gaps.
        Index(
            "ix_messages_unheeded",
            "finished_at",
            postgresql_where=text(
                "author = 'citizen' AND understanding ->> 'intent' IN "
                "('nlu_fallback', 'faq_unsure', 'complain_about_answer')"
            ),
        ),
    )

    id: Mapped[PrimaryKey]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    author: Mapped[Author]
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    kind: Mapped[InboundKind] = mapped_column(default=InboundKind.TEXT)
    text: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[Any]] = mapped_column(default=list)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    received_at: Mapped[datetime]

    # A citizen's message: how the platform names it, what became of it, what the bot made of it.
    channel: Mapped[ChannelName | None]
    account: Mapped[str | None] = mapped_column(String(40))
    dedupe_key: Mapped[str | None] = mapped_column(String(200))
    sent_at: Mapped[datetime | None]
    outcome: Mapped[MessageOutcome | None]
    finished_at: Mapped[datetime | None]
    understanding: Mapped[dict[str, Any]] = mapped_column(default=dict)
    passive_until: Mapped[datetime | None]  # a webhook is waiting for the answer until then
    pushes: Mapped[int] = mapped_column(default=1, server_default="1")

    # A message of the desk: what it answers, why it was said, and who typed it where.
    in_reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    reason: Mapped[dict[str, Any]] = mapped_column(default=dict)
    client_key: Mapped[str | None] = mapped_column(String(40))  # the same click sent twice

    delivery: Mapped["Delivery | None"] = relationship(
        back_populates="message", foreign_keys="Delivery.message_id"
    )

    @property
    def outbound(self) -> OutboundMessage:
        choices = tuple(Choice(**choice) for choice in self.choices)
        return OutboundMessage(self.text, choices, PublicPost.in_payload(self.payload))


class Delivery(Base):
    """The promise that a message of the desk reaches the citizen."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "ix_deliveries_open",
            "conversation_id",
            "message_id",
            postgresql_where=text("state IN ('pending', 'sending', 'held')"),
        ),
        Index("ix_deliveries_failed", "message_id", postgresql_where=text("state = 'failed'")),
        Index("ix_deliveries_carried_by_id", "carried_by_id"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.PENDING)
    way: Mapped[DeliveryWay | None]
    carried_by_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    # A long message goes out in parts; the citizen has this many of them.
    parts_delivered: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(Text)
    held_for: Mapped[HeldFor | None]
    # A notice that went out in place of the message: how the platform names it, and when.
    notice_id: Mapped[str | None] = mapped_column(String(64), index=True)
    noticed_at: Mapped[datetime | None]

    message: Mapped[Message] = relationship(back_populates="delivery", foreign_keys=[message_id])


class Handoff(Base):
    """One stay of a conversation with people, from the request to its end."""

    __tablename__ = "handoffs"

    id: Mapped[PrimaryKey]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    reason: Mapped[HandoffReason]
    requested_at: Mapped[datetime]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(40))


class SendWindow(Base):
    """How many messages the platform lets us send to a citizen since something they did."""

    __tablename__ = "send_windows"
    __table_args__ = (UniqueConstraint("identity_id", "trigger", "about"),)

    id: Mapped[PrimaryKey]
    identity_id: Mapped[int] = mapped_column(ForeignKey("channel_identities.id"))
    trigger: Mapped[Trigger]
    about: Mapped[str] = mapped_column(String(64), default="")  # the post, where each one counts
    allowed: Mapped[int | None]  # None: as many as we like
    sent: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class NoticeConsent(Base):
    """Whether a citizen wants the notices of a template; most consents are for one notice."""

    __tablename__ = "notice_consents"
    __table_args__ = (UniqueConstraint("identity_id", "template_id"),)

    id: Mapped[PrimaryKey]
    identity_id: Mapped[int] = mapped_column(ForeignKey("channel_identities.id"))
    template_id: Mapped[str] = mapped_column(String(64))
    is_granted: Mapped[bool]
    uses_left: Mapped[int] = mapped_column(default=0)
    scene: Mapped[str] = mapped_column(String(32), default="")
    changed_at: Mapped[datetime]


class PlatformEvent(Base):
    """What a platform reports and nobody is to answer: a page opened, a place, a notice's end."""

    __tablename__ = "platform_events"
    __table_args__ = (UniqueConstraint("channel", "account", "dedupe_key"),)

    id: Mapped[PrimaryKey]
    identity_id: Mapped[int] = mapped_column(ForeignKey("channel_identities.id"), index=True)
    channel: Mapped[ChannelName]
    account: Mapped[str] = mapped_column(String(40))
    dedupe_key: Mapped[str] = mapped_column(String(200))
    event: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]


class ErasureRequest(Base):
    """A citizen has taken back what they allowed: these data of theirs are to be erased."""

    __tablename__ = "erasure_requests"

    id: Mapped[PrimaryKey]
    identity_id: Mapped[int] = mapped_column(ForeignKey("channel_identities.id"), index=True)
    scopes: Mapped[list[str]]
    reason: Mapped[str] = mapped_column(String(40))
    requested_at: Mapped[datetime]
    state: Mapped[ErasureState] = mapped_column(
        default=ErasureState.REQUESTED, server_default="requested"
    )
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    erased_at: Mapped[datetime | None]
    erased_by_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))

    identity: Mapped[ChannelIdentity] = relationship()

    def apply(self, step: ErasureStep) -> None:
        """Move to the state that `step` leads to, or raise IllegalErasureStep."""
        self.state = next_erasure_state(self.state, step)
