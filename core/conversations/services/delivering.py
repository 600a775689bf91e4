"""What the desk said goes out through the platform's API, as far as the platform lets us.

One rule orders everything: within a conversation nothing overtakes what was said before it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from core import jobs
from core.conversations import queries
from core.conversations.errors import NothingToSendAgain
from core.conversations.events import DeliveryChanged
from core.conversations.models import Delivery
from core.conversations.states import (
    OUTCOME_UNKNOWN,
    DeliveryState,
    DeliveryWay,
    HeldFor,
)
from core.events import operator_actor
from core.messaging import OutboundMessage
from core.unit_of_work import UnitOfWork

LEASE = timedelta(seconds=30)
# What was sent and got no answer may still take effect: nothing is sent after it so long.
SETTLING = timedelta(seconds=10)
MAX_ATTEMPTS = 6
FIRST_RETRY = timedelta(seconds=5)
ERASED = "erased"  # the words are gone at the citizen's wish: there is nothing to send again

HowMany = Callable[[Sequence[OutboundMessage]], int]


def lease_delivery(uow: UnitOfWork, conversation_id: int) -> Delivery | datetime | None:
    """Take the oldest message still owed to the citizen, to be sent by whoever asked.

    A moment instead of a message means: not before then, a webhook may still
    carry it or an earlier attempt is under way. None means that all is said, or that
    the platform takes nothing now: what is owed is then held, without asking it.
    """
    conversation = queries.get_for_change(uow.session, conversation_id)
    open_deliveries = queries.open_deliveries(uow.session, conversation_id)
    owed = [delivery for delivery in open_deliveries if not _give_up_dropped(uow, delivery)]
    if not owed:
        return None
    first = owed[0]
    if first.state is DeliveryState.HELD:
        _hold(uow, owed, first.held_for)  # nothing overtakes it, and it waits for the citizen
        return None
    if first.leased_until is not None and first.leased_until > uow.now:
        return first.leased_until
    window = passive_window(uow, first)
    if window is not None and window > uow.now:
        return window
    room = queries.room_for(uow.session, conversation.identity, uow.now)
    if not room.is_open:
        _hold(uow, owed, room.closed_for)
        return None
    _lease(uow, first)
    return first


def lease_along(uow: UnitOfWork, first: Delivery, *, how_many: HowMany) -> list[Delivery]:
    """Take along what follows the leased message and fits into the same platform message.

    The platforms count messages, and merging spares the citizen's quota.
    `how_many` of the messages it is given, the first one included, go together.
    """
    together = [first]
    if first.parts_delivered == 0:
        for delivery in queries.open_deliveries(uow.session, first.conversation_id)[1:]:
            is_free = delivery.state is DeliveryState.PENDING and delivery.parts_delivered == 0
            if not is_free or has_window(uow, delivery):
                break
            together.append(delivery)
    count = max(1, how_many([delivery.message.outbound for delivery in together]))
    for delivery in together[1:count]:
        _lease(uow, delivery)
    return together[:count]


def _lease(uow: UnitOfWork, delivery: Delivery) -> None:
    delivery.state = DeliveryState.SENDING
    delivery.attempts += 1
    delivery.leased_until = uow.now + LEASE


def _give_up_dropped(uow: UnitOfWork, delivery: Delivery) -> bool:
    """Leave to people what was being sent by somebody who died, or never heard the end of it.

    It may have arrived, and nobody is to get the same words twice.
    """
    is_dropped = (
        delivery.state is DeliveryState.SENDING
        and delivery.leased_until is not None
        and delivery.leased_until <= uow.now
    )
    if is_dropped:
        delivery.state = DeliveryState.FAILED
        delivery.leased_until = None
        if delivery.error_code != OUTCOME_UNKNOWN:
            delivery.error_code, delivery.error = OUTCOME_UNKNOWN, "the sender was cut off"
        announce_change(uow, delivery)
    return is_dropped


def _hold(uow: UnitOfWork, owed: Sequence[Delivery], held_for: HeldFor | None) -> None:
    for delivery in owed:
        if delivery.state is DeliveryState.PENDING:
            delivery.state = DeliveryState.HELD
            delivery.held_for = held_for
            delivery.leased_until = None
            announce_change(uow, delivery)


def release_held(uow: UnitOfWork, conversation_id: int) -> bool:
    """The citizen has written: what the platform would not take can go out now."""
    held = [
        delivery
        for delivery in queries.open_deliveries(uow.session, conversation_id)
        if delivery.state is DeliveryState.HELD
    ]
    for delivery in held:
        delivery.state = DeliveryState.PENDING
        delivery.attempts = 0
        delivery.held_for = None
    return bool(held)


def record_delivery(uow: UnitOfWork, message_id: int) -> None:
    delivery = uow.session.get_one(Delivery, message_id, with_for_update=True)
    delivery.state = DeliveryState.SENT
    delivery.way = DeliveryWay.API
    delivery.sent_at = uow.now
    delivery.leased_until = None
    delivery.error = delivery.error_code = delivery.held_for = None
    announce_change(uow, delivery)


def record_delivery_failure(
    uow: UnitOfWork,
    message_id: int,
    *,
    code: str,
    reason: str,
    can_retry: bool,
    max_attempts: int = MAX_ATTEMPTS,
    retry_at: datetime | None = None,
    held_for: HeldFor | None = None,
    parts_delivered: int = 0,
) -> datetime | None:
    """Wait twice as long each time, or give up; return when the next attempt is due.

    With `retry_at` the platform takes nothing before then, and the attempt does not
    count. With `held_for` the message is held until the citizen writes again.

    What somebody else has delivered after this attempt's lease stays delivered.
    """
    delivery = uow.session.get_one(Delivery, message_id, with_for_update=True)
    if delivery.state is DeliveryState.SENT:
        return None
    delivery.parts_delivered = parts_delivered
    delivery.error_code, delivery.error = code, reason
    delivery.leased_until = None
    delivery.held_for = held_for
    if held_for is not None:
        delivery.state = DeliveryState.HELD
    elif retry_at is not None:
        delivery.state = DeliveryState.PENDING
        delivery.attempts -= 1
        delivery.leased_until = retry_at
    elif can_retry and delivery.attempts < max_attempts:
        delivery.state = DeliveryState.PENDING
        delivery.leased_until = uow.now + FIRST_RETRY * 2 ** (delivery.attempts - 1)
    else:
        delivery.state = DeliveryState.FAILED
    announce_change(uow, delivery)
    return delivery.leased_until


def record_unknown_outcome(
    uow: UnitOfWork, message_id: int, *, reason: str, parts_delivered: int = 0
) -> datetime | None:
    """Note that it was sent and no answer came; return until when it may still arrive.

    Until then it counts as being sent, so that nothing overtakes it; then as failed.
    """
    delivery = uow.session.get_one(Delivery, message_id, with_for_update=True)
    if delivery.state is DeliveryState.SENT:
        return None
    delivery.parts_delivered = parts_delivered
    delivery.error_code, delivery.error = OUTCOME_UNKNOWN, reason
    delivery.leased_until = uow.now + SETTLING
    announce_change(uow, delivery)
    return delivery.leased_until


def send_again(uow: UnitOfWork, message_id: int, *, operator_id: int) -> None:
    """Promise once more what could not be delivered."""
    message = queries.get_message(uow.session, message_id)
    queries.get_for_change(uow.session, message.conversation_id)
    delivery = uow.session.get(Delivery, message_id, populate_existing=True)
    is_failed = delivery is not None and delivery.state is DeliveryState.FAILED
    if delivery is None or not is_failed or delivery.error_code == ERASED:
        raise NothingToSendAgain(message_id=message_id)
    delivery.state = DeliveryState.PENDING
    delivery.attempts = 0
    delivery.leased_until = None
    jobs.defer(uow, jobs.deliver_replies(message.conversation_id))
    announce_change(uow, delivery, actor=operator_actor(operator_id))


def announce_change(uow: UnitOfWork, delivery: Delivery, *, actor: str = "system") -> None:
    uow.announce(
        DeliveryChanged(
            at=uow.now,
            actor=actor,
            conversation_id=delivery.conversation_id,
            message_id=delivery.message_id,
            state=delivery.state,
        )
    )


def passive_window(uow: UnitOfWork, delivery: Delivery) -> datetime | None:
    answered_id = delivery.message.in_reply_to_id
    if answered_id is None:
        return None
    return queries.get_message(uow.session, answered_id).passive_until


def has_window(uow: UnitOfWork, delivery: Delivery) -> bool:
    window = passive_window(uow, delivery)
    return window is not None and window > uow.now
