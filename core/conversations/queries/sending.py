"""Questions about what is owed to citizens, and what the platforms let us send."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from core.channels import queries as channels
from core.conversations.allowances import Room, is_limited
from core.conversations.models import (
    ChannelIdentity,
    Delivery,
    Message,
    NoticeConsent,
    SendWindow,
)
from core.conversations.states import DeliveryState, HeldFor
from core.messaging import CaseNotice

# A notice stands in where the window is over; who has left or is out of reach gets none.
MAY_BE_NOTICES = frozenset({HeldFor.QUOTA_USED, HeldFor.WINDOW_CLOSED, HeldFor.PASSIVE_ONLY})
UNDELIVERED = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD)


def open_windows(session: Session, identity_id: int, now: datetime) -> Sequence[SendWindow]:
    """Return the windows in which something may be sent, used up or not, first to close first."""
    return session.scalars(
        select(SendWindow)
        .where(SendWindow.identity_id == identity_id, SendWindow.expires_at > now)
        .order_by(SendWindow.expires_at, SendWindow.id)
    ).all()


def room_for(session: Session, identity: ChannelIdentity, now: datetime) -> Room:
    """Return how many messages may be sent to the citizen now, and until when."""
    if not is_limited(identity.channel):
        return Room()
    if not channels.may_send(session, identity.channel, identity.account, now):
        return Room(0, None, HeldFor.PASSIVE_ONLY)
    if identity.left_at is not None:
        return Room(0, None, HeldFor.CITIZEN_LEFT)
    return _room_in(open_windows(session, identity.id, now))


def _room_in(windows: Sequence[SendWindow]) -> Room:
    if not windows:
        return Room(0, None, HeldFor.WINDOW_CLOSED)
    free = [window for window in windows if window.allowed is None]
    if free:
        return Room(None, free[-1].expires_at)
    with_room = [window for window in windows if window.sent < (window.allowed or 0)]
    if not with_room:
        return Room(0, None, HeldFor.QUOTA_USED)
    left = sum((window.allowed or 0) - window.sent for window in with_room)
    return Room(left, with_room[-1].expires_at)


def open_deliveries(
    session: Session, conversation_id: int, *, up_to_seq: int | None = None
) -> Sequence[Delivery]:
    """Return what is still owed in the conversation, oldest first."""
    query = (
        select(Delivery)
        .join(Delivery.message)
        .where(Delivery.conversation_id == conversation_id, Delivery.state.in_(UNDELIVERED))
        .options(joinedload(Delivery.message))
        .order_by(Message.seq)
        .execution_options(populate_existing=True)
    )
    if up_to_seq is not None:
        query = query.where(Message.seq <= up_to_seq)
    return session.scalars(query).all()


def owed_notices(session: Session, conversation_id: int) -> list[tuple[Delivery, CaseNotice]]:
    """Return the held messages that may go out as a notice and have not been tried, in order."""
    held = [
        (delivery, CaseNotice.in_payload(delivery.message.payload))
        for delivery in open_deliveries(session, conversation_id)
        if delivery.held_for in MAY_BE_NOTICES and delivery.noticed_at is None
    ]
    return [(delivery, notice) for delivery, notice in held if notice is not None]


def find_consent(session: Session, identity_id: int, template_id: str) -> NoticeConsent | None:
    return session.scalars(
        select(NoticeConsent).filter_by(identity_id=identity_id, template_id=template_id)
    ).one_or_none()


def undelivered_since(session: Session, moment: datetime) -> Sequence[int]:
    """Return conversations with a delivery still open that was promised before `moment`."""
    return session.scalars(
        select(Delivery.conversation_id)
        .join(Delivery.message)
        .where(
            Delivery.state.in_([DeliveryState.PENDING, DeliveryState.SENDING]),
            Message.received_at < moment,
            # What is to be tried again later has its job.
            or_(Delivery.leased_until.is_(None), Delivery.leased_until < moment),
        )
        .distinct()
    ).all()


def failed_deliveries(session: Session, *, limit: int = 100) -> Sequence[Message]:
    return session.scalars(
        select(Message)
        .join(Message.delivery)
        .where(Delivery.state == DeliveryState.FAILED)
        .order_by(Message.id.desc())
        .limit(limit)
    ).all()


def replies_to(session: Session, message_id: int) -> Sequence[Message]:
    return session.scalars(
        select(Message).filter_by(in_reply_to_id=message_id).order_by(Message.seq)
    ).all()


def carried_by(session: Session, message_id: int) -> Sequence[Message]:
    """Return what was said in the answer to this message's own push."""
    return session.scalars(
        select(Message)
        .join(Message.delivery)
        .where(Delivery.carried_by_id == message_id)
        .order_by(Message.seq)
    ).all()
