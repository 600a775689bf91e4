"""What is owed through each account, and what could not be delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from core.conversations.models import ChannelIdentity, Conversation, Delivery, Message
from core.conversations.states import DeliveryState
from core.messaging import ChannelName


@dataclass(frozen=True)
class Owed:
    """How many messages of an account wait, and how many could not be delivered."""

    waiting: int = 0
    failed: int = 0


_WAITING = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD)


def owed_by_account(session: Session) -> dict[tuple[ChannelName, str], Owed]:
    """Count what is open, account by account; one that owes nothing is left out."""
    rows = session.execute(
        select(
            ChannelIdentity.channel,
            ChannelIdentity.account,
            func.count().filter(Delivery.state.in_(_WAITING)),
            func.count().filter(Delivery.state == DeliveryState.FAILED),
        )
        .select_from(Delivery)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .join(Conversation.identity)
        .where(Delivery.state.in_([*_WAITING, DeliveryState.FAILED]))
        .group_by(ChannelIdentity.channel, ChannelIdentity.account)
    )
    return {(channel, account): Owed(waiting, failed) for channel, account, waiting, failed in rows}


@dataclass(frozen=True)
class DeadLetter:
    message: Message
    identity: ChannelIdentity


def of_account(
    session: Session, channel: ChannelName, account: str, *, limit: int = 50
) -> list[DeadLetter]:
    """Return what could not be delivered through the account, the newest on top."""
    rows = session.execute(
        _failed(channel, account)
        .add_columns(ChannelIdentity)
        .options(joinedload(Message.delivery))
        .order_by(Message.id.desc())
        .limit(limit)
    )
    return [DeadLetter(message, identity) for message, identity in rows]


def to_send_again(
    session: Session, channel: ChannelName, account: str, *, limit: int
) -> Sequence[int]:
    """Return the ids of those whose citizens can still be reached, oldest first."""
    return session.scalars(
        _failed(channel, account)
        .with_only_columns(Message.id)
        .where(ChannelIdentity.left_at.is_(None))
        .order_by(Message.conversation_id, Message.id)
        .limit(limit)
    ).all()


def _failed(channel: ChannelName, account: str) -> Select[Any]:
    return (
        select(Message)
        .join(Message.delivery)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Conversation.identity)
        .where(
            Delivery.state == DeliveryState.FAILED,
            ChannelIdentity.channel == channel,
            ChannelIdentity.account == account,
        )
    )
