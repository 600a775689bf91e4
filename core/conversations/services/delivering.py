"""What the desk said reaches the citizen: in the answer to a push, or through the platform's API.

One rule orders everything: within a conversation nothing overtakes what was said before it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import jobs
from core.conversations import queries
from core.conversations.errors import NothingToSendAgain
from core.conversations.events import DeliveryChanged
from core.conversations.models import Delivery, Message
from core.conversations.states import DeliveryState, DeliveryWay
from core.events import operator_actor
from core.messaging import OutboundMessage
from core.unit_of_work import UnitOfWork

LEASE = timedelta(seconds=30)
UNDELIVERED = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD)
MAX_ATTEMPTS = 6
FIRST_RETRY = timedelta(seconds=5)


@dataclass(frozen=True)
class Fit:
    """How much one answer holds: whole messages, and parts of the one after them."""

    carried: int
    parts_of_next: int = 0


FitInto = Callable[[Sequence[OutboundMessage], int], Fit]
HowMany = Callable[[Sequence[OutboundMessage]], int]


@dataclass(frozen=True)
class PassiveWords:
    """What to say in the answer to a push; of the first message `parts_delivered` are said."""

    messages: tuple[OutboundMessage, ...]
    parts_delivered: int = 0


def open_passive_window(uow: UnitOfWork, message_id: int, until: datetime) -> None:
    """A repeated push brings a new webhook that can carry the answer."""
    message = queries.get_message(uow.session, message_id)
    if message.passive_until is None or message.passive_until < until:
        message.passive_until = until


def shut_passive_window(uow: UnitOfWork, message_id: int) -> None:
    """The webhook has gone without an answer: what is owed goes through the API at once."""
    message = queries.get_message(uow.session, message_id)
    _shut(uow, message_id)
    jobs.defer(uow, jobs.deliver_replies(message.conversation_id))


def claim_passive(uow: UnitOfWork, message_id: int, *, fit_into: FitInto) -> PassiveWords | None:
    """Return what to say in the answer to this message's push; None means: wait on.

    Everything owed up to and with the message's own replies is taken, oldest
    first, as far as `fit_into` says that one answer holds it. A repeated push
    gets the same words again: the first answer never arrived.
    """
    message = queries.get_message(uow.session, message_id)
    queries.get_for_change(uow.session, message.conversation_id)
    uow.session.refresh(message)
    said_before = queries.carried_by(uow.session, message_id)
    if said_before:
        return PassiveWords(tuple(said.outbound for said in said_before))
    if message.outcome is None:
        return None
    replies = queries.replies_to(uow.session, message_id)
    if not replies:
        return PassiveWords(())
    owed = _open_deliveries(uow, message.conversation_id, up_to_seq=replies[-1].seq)
    own = {reply.id for reply in replies}
    if not any(delivery.message_id in own for delivery in owed):
        return PassiveWords(())  # gone through the API meanwhile
    if any(_is_on_its_way(uow, delivery, own) for delivery in owed):
        return None
    return _carry(uow, message_id, owed, fit_into)


def _carry(
    uow: UnitOfWork, message_id: int, owed: Sequence[Delivery], fit_into: FitInto
) -> PassiveWords:
    parts_delivered = owed[0].parts_delivered
    words = [delivery.message.outbound for delivery in owed]
    fit = fit_into(words, parts_delivered)
    for delivery in owed[: fit.carried]:
        delivery.state = DeliveryState.SENT
        delivery.way = DeliveryWay.PASSIVE
        delivery.carried_by_id = message_id
        delivery.sent_at = uow.now
        _announce(uow, delivery)
    carried = list(words[: fit.carried])
    if fit.carried < len(owed):
        rest = owed[fit.carried]
        if fit.parts_of_next:
            rest.parts_delivered = fit.parts_of_next
            rest.carried_by_id = message_id
            carried.append(words[fit.carried])
        jobs.defer(uow, jobs.deliver_replies(rest.conversation_id))
    _shut(uow, message_id)
    return PassiveWords(tuple(carried), parts_delivered)


def _shut(uow: UnitOfWork, message_id: int) -> None:
    """The push is being answered: nothing more can be said on it."""
    queries.get_message(uow.session, message_id).passive_until = None


def lease_delivery(uow: UnitOfWork, conversation_id: int) -> Delivery | datetime | None:
    """Take the oldest message still owed to the citizen, to be sent by whoever asked.

    A moment instead of a message means: not before then, a webhook may still
    carry it or an earlier attempt is under way. None means that all is said.
    """
    queries.get_for_change(uow.session, conversation_id)
    owed = _open_deliveries(uow, conversation_id)
    if not owed:
        return None
    first = owed[0]
    if first.state is DeliveryState.HELD:
        return None  # nothing overtakes it, and it waits for the citizen
    if first.leased_until is not None and first.leased_until > uow.now:
        return first.leased_until
    window = _passive_window(uow, first)
    if window is not None and window > uow.now:
        return window
    _lease(uow, first)
    return first


def lease_along(uow: UnitOfWork, first: Delivery, *, how_many: HowMany) -> list[Delivery]:
    """Take along what follows the leased message and fits into the same platform message.

    The platforms count messages, and merging spares the citizen's quota.
    `how_many` of the messages it is given, the first one included, go together.
    """
    together = [first]
    if first.parts_delivered == 0:
        for delivery in _open_deliveries(uow, first.conversation_id)[1:]:
            is_free = delivery.state is DeliveryState.PENDING and delivery.parts_delivered == 0
            if not is_free or _has_window(uow, delivery):
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


def release_held(uow: UnitOfWork, conversation_id: int) -> bool:
    """The citizen has written: what the platform would not take can go out now."""
    held = [
        delivery
        for delivery in _open_deliveries(uow, conversation_id)
        if delivery.state is DeliveryState.HELD
    ]
    for delivery in held:
        delivery.state = DeliveryState.PENDING
        delivery.attempts = 0
    return bool(held)


def record_delivery(uow: UnitOfWork, message_id: int) -> None:
    delivery = uow.session.get_one(Delivery, message_id, with_for_update=True)
    delivery.state = DeliveryState.SENT
    delivery.way = DeliveryWay.API
    delivery.sent_at = uow.now
    delivery.leased_until = None
    delivery.error = delivery.error_code = None
    _announce(uow, delivery)


def record_delivery_failure(
    uow: UnitOfWork,
    message_id: int,
    *,
    code: str,
    reason: str,
    can_retry: bool,
    waits_for_citizen: bool = False,
    parts_delivered: int = 0,
) -> datetime | None:
    """Wait twice as long each time, or give up; return when the next attempt is due.

    With `waits_for_citizen` the platform's window or quota is used up: the
    message is held until the citizen writes again.

    What somebody else has delivered after this attempt's lease stays delivered.
    """
    delivery = uow.session.get_one(Delivery, message_id, with_for_update=True)
    if delivery.state is DeliveryState.SENT:
        return None
    delivery.parts_delivered = parts_delivered
    delivery.error_code, delivery.error = code, reason
    delivery.leased_until = None
    if waits_for_citizen:
        delivery.state = DeliveryState.HELD
    elif can_retry and delivery.attempts < MAX_ATTEMPTS:
        delivery.state = DeliveryState.PENDING
        delivery.leased_until = uow.now + FIRST_RETRY * 2 ** (delivery.attempts - 1)
    else:
        delivery.state = DeliveryState.FAILED
    _announce(uow, delivery)
    return delivery.leased_until


def send_again(uow: UnitOfWork, message_id: int, *, operator_id: int) -> None:
    """Promise once more what could not be delivered."""
    message = queries.get_message(uow.session, message_id)
    queries.get_for_change(uow.session, message.conversation_id)
    delivery = uow.session.get(Delivery, message_id, populate_existing=True)
    if delivery is None or delivery.state is not DeliveryState.FAILED:
        raise NothingToSendAgain(message_id=message_id)
    delivery.state = DeliveryState.PENDING
    delivery.attempts = 0
    delivery.leased_until = None
    jobs.defer(uow, jobs.deliver_replies(message.conversation_id))
    _announce(uow, delivery, actor=operator_actor(operator_id))


def _open_deliveries(
    uow: UnitOfWork, conversation_id: int, *, up_to_seq: int | None = None
) -> list[Delivery]:
    query = (
        select(Delivery)
        .join(Delivery.message)
        .where(
            Delivery.conversation_id == conversation_id,
            Delivery.state.in_(UNDELIVERED),
        )
        .options(joinedload(Delivery.message))
        .order_by(Message.seq)
        .execution_options(populate_existing=True)
    )
    if up_to_seq is not None:
        query = query.where(Message.seq <= up_to_seq)
    return list(uow.session.scalars(query))


def _passive_window(uow: UnitOfWork, delivery: Delivery) -> datetime | None:
    answered_id = delivery.message.in_reply_to_id
    if answered_id is None:
        return None
    return queries.get_message(uow.session, answered_id).passive_until


def _is_on_its_way(uow: UnitOfWork, delivery: Delivery, own: set[int]) -> bool:
    """Somebody else is about to say this: the API job, or another message's webhook."""
    if delivery.state is DeliveryState.SENDING:
        return True
    return delivery.message_id not in own and _has_window(uow, delivery)


def _has_window(uow: UnitOfWork, delivery: Delivery) -> bool:
    window = _passive_window(uow, delivery)
    return window is not None and window > uow.now


def _announce(uow: UnitOfWork, delivery: Delivery, *, actor: str = "system") -> None:
    uow.announce(
        DeliveryChanged(
            at=uow.now,
            actor=actor,
            conversation_id=delivery.conversation_id,
            message_id=delivery.message_id,
            state=delivery.state,
        )
    )
