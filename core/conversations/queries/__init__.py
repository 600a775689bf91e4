"""Questions about conversations. Reading only: changes are in services."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from core.conversations.errors import ConversationNotFound, MessageNotFound
from core.conversations.models import (
    ChannelIdentity,
    Conversation,
    Handoff,
    Message,
)
from core.conversations.queries.lines import ConversationLine, held_by, recent, waiting
from core.conversations.queries.sending import (
    carried_by,
    failed_deliveries,
    find_consent,
    open_deliveries,
    open_windows,
    owed_notices,
    replies_to,
    room_for,
    undelivered_since,
)
from core.conversations.states import (
    Author,
    ConversationState,
    HandoffReason,
    MessageOutcome,
)
from core.messaging import ChannelAddress, ChannelName


def get(session: Session, conversation_id: int) -> Conversation:
    conversation = session.scalars(
        select(Conversation)
        .filter_by(id=conversation_id)
        .options(joinedload(Conversation.identity))
    ).one_or_none()
    if conversation is None:
        raise ConversationNotFound(conversation_id=conversation_id)
    return conversation


def get_for_change(session: Session, conversation_id: int) -> Conversation:
    """Fetch and lock the conversation until this unit of work ends."""
    conversation = session.scalars(
        select(Conversation)
        .filter_by(id=conversation_id)
        .options(joinedload(Conversation.identity))
        .with_for_update(of=Conversation)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if conversation is None:
        raise ConversationNotFound(conversation_id=conversation_id)
    return conversation


def get_message(session: Session, message_id: int) -> Message:
    message = session.get(Message, message_id)
    if message is None:
        raise MessageNotFound(message_id=message_id)
    return message


def find_messages(
    session: Session, conversation_id: int, message_ids: Collection[int]
) -> Sequence[Message]:
    """Return those of the messages that are in this conversation, oldest first."""
    if not message_ids:
        return []
    return session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.id.in_(message_ids))
        .options(joinedload(Message.delivery))
        .order_by(Message.seq)
    ).all()


def find_identity(session: Session, address: ChannelAddress) -> ChannelIdentity | None:
    return session.scalars(
        select(ChannelIdentity).filter_by(
            channel=address.channel, account=address.account, platform_id=address.platform_id
        )
    ).one_or_none()


def find_by_address(session: Session, address: ChannelAddress) -> Conversation | None:
    return session.scalars(_at(address)).one_or_none()


def find_for_change(session: Session, address: ChannelAddress) -> Conversation | None:
    """Fetch and lock the conversation until this unit of work ends."""
    return session.scalars(
        _at(address).with_for_update(of=Conversation).execution_options(populate_existing=True)
    ).one_or_none()


def _at(address: ChannelAddress) -> Select[Conversation]:
    return (
        select(Conversation)
        .join(Conversation.identity)
        .where(
            ChannelIdentity.channel == address.channel,
            ChannelIdentity.account == address.account,
            ChannelIdentity.platform_id == address.platform_id,
        )
        .options(contains_eager(Conversation.identity))
    )


def find_received(
    session: Session, channel: ChannelName, account: str, dedupe_key: str
) -> Message | None:
    """Return the message that an earlier push of the same thing left, if any."""
    return session.scalars(
        select(Message).filter_by(channel=channel, account=account, dedupe_key=dedupe_key)
    ).one_or_none()


def thread(
    session: Session,
    conversation_id: int,
    *,
    after_seq: int = 0,
    before_seq: int | None = None,
    limit: int = 200,
) -> Sequence[Message]:
    """Return the newest `limit` messages of the conversation, oldest first, notes included."""
    newest = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq > after_seq)
        .options(joinedload(Message.delivery))
        .order_by(Message.seq.desc())
        .limit(limit)
    )
    if before_seq is not None:
        newest = newest.where(Message.seq < before_seq)
    return list(reversed(session.scalars(newest).all()))


def count_waiting(session: Session) -> int:
    return (
        session.scalar(select(func.count()).where(Conversation.state == ConversationState.WAITING))
        or 0
    )


def count_held_by(session: Session, operator_id: int) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                Conversation.state == ConversationState.OPERATOR,
                Conversation.operator_id == operator_id,
            )
        )
        or 0
    )


def queue_position(session: Session, conversation: Conversation) -> int:
    """Return 1 for the conversation that has waited longest."""
    ahead = session.scalar(
        select(func.count()).where(
            Conversation.state == ConversationState.WAITING,
            or_(
                Conversation.waiting_since < conversation.waiting_since,
                and_(
                    Conversation.waiting_since == conversation.waiting_since,
                    Conversation.id < conversation.id,
                ),
            ),
        )
    )
    return (ahead or 0) + 1


def open_handoff(session: Session, conversation_id: int) -> Handoff | None:
    return session.scalars(
        select(Handoff)
        .filter_by(conversation_id=conversation_id, ended_at=None)
        .order_by(Handoff.id.desc())
        .limit(1)
    ).one_or_none()


def handoffs(session: Session, conversation_id: int) -> Sequence[Handoff]:
    return session.scalars(
        select(Handoff).filter_by(conversation_id=conversation_id).order_by(Handoff.id)
    ).all()


def stranded_by_outage(session: Session) -> Sequence[Conversation]:
    """Conversations opened to people because the bot was down, and still not taken over."""
    return session.scalars(
        select(Conversation)
        .where(
            Conversation.state == ConversationState.WAITING,
            Conversation.handoff_reason == HandoffReason.BOT_OUTAGE,
        )
        .order_by(Conversation.waiting_since)
    ).all()


def orphans(session: Session, *, received_before: datetime, limit: int = 100) -> Sequence[Message]:
    """Citizens' messages that should have ended by now but have not."""
    return session.scalars(
        select(Message)
        .where(
            Message.author == Author.CITIZEN,
            Message.outcome.is_(None),
            Message.received_at < received_before,
        )
        .order_by(Message.id)
        .limit(limit)
    ).all()


def first_unfinished(session: Session, conversation_id: int) -> Message | None:
    """Return the oldest thing the citizen said and has had no answer to yet."""
    return session.scalars(
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.author == Author.CITIZEN,
            Message.outcome.is_(None),
        )
        .order_by(Message.seq)
        .limit(1)
    ).one_or_none()


def handed_over_messages(session: Session, handoff: Handoff) -> Sequence[Message]:
    """Return the citizen's messages since the handoff that only people were to answer."""
    began = (
        Message.received_at >= handoff.requested_at
        if handoff.message_id is None
        else Message.id >= handoff.message_id
    )
    return session.scalars(
        select(Message)
        .where(
            Message.conversation_id == handoff.conversation_id,
            Message.author == Author.CITIZEN,
            Message.outcome == MessageOutcome.HANDED_OVER,
            began,
        )
        .order_by(Message.seq)
    ).all()


__all__ = [
    "ConversationLine",
    "carried_by",
    "count_held_by",
    "count_waiting",
    "failed_deliveries",
    "find_by_address",
    "find_consent",
    "find_for_change",
    "find_identity",
    "find_messages",
    "find_received",
    "first_unfinished",
    "get",
    "get_for_change",
    "get_message",
    "handed_over_messages",
    "handoffs",
    "held_by",
    "open_deliveries",
    "open_handoff",
    "open_windows",
    "orphans",
    "owed_notices",
    "queue_position",
    "recent",
    "replies_to",
    "room_for",
    "stranded_by_outage",
    "thread",
    "undelivered_since",
    "waiting",
]
