"""What the desk said goes back in the answer to a push."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core import jobs
from core.conversations import queries
from core.conversations.models import Delivery, Message
from core.conversations.services.delivering import announce_change, has_window
from core.conversations.states import DeliveryState, DeliveryWay, MessageOutcome
from core.messaging import OutboundMessage
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Fit:
    """How much one answer holds: whole messages, and parts of the one after them."""

    carried: int
    parts_of_next: int = 0


FitInto = Callable[[Sequence[OutboundMessage], int], Fit]


@dataclass(frozen=True)
class PassiveWords:
    """What to say in the answer to a push; of the first message `parts_delivered` are said."""

    messages: tuple[OutboundMessage, ...]
    parts_delivered: int = 0
    waiting: int = 0  # how many messages are owed besides


def open_passive_window(uow: UnitOfWork, message_id: int, until: datetime) -> None:
    """A repeated push brings a new webhook that can carry the answer.

    Not where an earlier one was answered, be it with nothing: the platform that has its
    answer drops the next one, and the words would be lost.
    """
    message = queries.get_message(uow.session, message_id)
    if message.passive_until is not None and message.passive_until < until:
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
        return _the_same_again(uow, message, said_before)
    if message.passive_until is None:
        return PassiveWords(())  # an earlier push was acknowledged without words
    if message.outcome is None:
        return None
    return _claim_replies(uow, message, fit_into)


def claim_owed(uow: UnitOfWork, message_id: int, *, fit_into: FitInto) -> PassiveWords | None:
    """Return what is owed to the citizen, for the answer to this push; None means: wait on.

    For accounts that may only answer pushes: whatever the citizen sends fetches what is
    ready, oldest first. Who only asks for it waits for the question before.
    """
    message = queries.get_message(uow.session, message_id)
    queries.get_for_change(uow.session, message.conversation_id)
    uow.session.refresh(message)
    said_before = queries.carried_by(uow.session, message_id)
    if said_before:
        return _the_same_again(uow, message, said_before)
    if message.outcome is None:
        return None
    owed = queries.open_deliveries(uow.session, message.conversation_id)
    if any(delivery.state is DeliveryState.SENDING for delivery in owed):
        return None
    if owed:
        return _carry(uow, message_id, owed, fit_into)
    is_being_answered = queries.first_unfinished(uow.session, message.conversation_id) is not None
    fetches = message.outcome is MessageOutcome.NOTED
    return None if fetches and is_being_answered else PassiveWords(())


def _claim_replies(uow: UnitOfWork, message: Message, fit_into: FitInto) -> PassiveWords | None:
    replies = queries.replies_to(uow.session, message.id)
    if not replies:
        return PassiveWords(())
    owed = queries.open_deliveries(uow.session, message.conversation_id, up_to_seq=replies[-1].seq)
    own = {reply.id for reply in replies}
    if not any(delivery.message_id in own for delivery in owed):
        return PassiveWords(())  # gone through the API meanwhile
    if any(_is_on_its_way(uow, delivery, own) for delivery in owed):
        return None
    return _carry(uow, message.id, owed, fit_into)


def _the_same_again(
    uow: UnitOfWork, message: Message, said_before: Sequence[Message]
) -> PassiveWords:
    return PassiveWords(
        tuple(said.outbound for said in said_before),
        message.reason.get("carried_from_part", 0),
        waiting=len(queries.open_deliveries(uow.session, message.conversation_id)),
    )


def _carry(
    uow: UnitOfWork, message_id: int, owed: Sequence[Delivery], fit_into: FitInto
) -> PassiveWords:
    parts_delivered = owed[0].parts_delivered
    if parts_delivered:
        message = queries.get_message(uow.session, message_id)
        message.reason = message.reason | {"carried_from_part": parts_delivered}
    words = [delivery.message.outbound for delivery in owed]
    fit = fit_into(words, parts_delivered)
    for delivery in owed[: fit.carried]:
        delivery.state = DeliveryState.SENT
        delivery.way = DeliveryWay.PASSIVE
        delivery.carried_by_id = message_id
        delivery.sent_at = uow.now
        delivery.held_for = None
        announce_change(uow, delivery)
    carried = list(words[: fit.carried])
    if fit.carried < len(owed):
        rest = owed[fit.carried]
        if fit.parts_of_next:
            rest.parts_delivered = fit.parts_of_next
            rest.carried_by_id = message_id
            carried.append(words[fit.carried])
        jobs.defer(uow, jobs.deliver_replies(rest.conversation_id))
    _shut(uow, message_id)
    return PassiveWords(tuple(carried), parts_delivered, waiting=len(owed) - fit.carried)


def _shut(uow: UnitOfWork, message_id: int) -> None:
    """The push is being answered: nothing more can be said on it."""
    queries.get_message(uow.session, message_id).passive_until = None


def _is_on_its_way(uow: UnitOfWork, delivery: Delivery, own: set[int]) -> bool:
    """Somebody else is about to say this: the API job, or another message's webhook."""
    if delivery.state is DeliveryState.SENDING:
        return True
    return delivery.message_id not in own and has_window(uow, delivery)
