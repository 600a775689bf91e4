"""A message about a case goes out as a platform's notice when it may not go out as a message."""

from core.conversations import queries
from core.conversations.models import Delivery
from core.conversations.services.delivering import LEASE, announce_change
from core.conversations.states import DeliveryState, DeliveryWay, HeldFor
from core.unit_of_work import UnitOfWork


def lease_notice(uow: UnitOfWork, delivery: Delivery) -> None:
    """Take a held message to send a notice in its place; that is tried once."""
    delivery.state = DeliveryState.SENDING
    delivery.leased_until = uow.now + LEASE
    delivery.noticed_at = uow.now


def record_notice(
    uow: UnitOfWork, message_id: int, *, way: DeliveryWay, notice_id: str, template_id: str
) -> None:
    """The platform took the notice; a consent that was for one is used up."""
    delivery = uow.session.get_one(Delivery, message_id, with_for_update=True)
    if delivery.state is not DeliveryState.SENDING:
        return
    delivery.state, delivery.way, delivery.sent_at = DeliveryState.SENT, way, uow.now
    delivery.notice_id = notice_id[:64]
    delivery.held_for = delivery.leased_until = delivery.error = delivery.error_code = None
    conversation = queries.get(uow.session, delivery.conversation_id)
    consent = queries.find_consent(uow.session, conversation.identity_id, template_id)
    if consent is not None and consent.uses_left > 0:
        consent.uses_left -= 1
    announce_change(uow, delivery)


def hold_again(
    uow: UnitOfWork, message_id: int, *, held_for: HeldFor | None, code: str = "", reason: str = ""
) -> None:
    """No notice could be sent: the message waits for the citizen as before."""
    delivery = uow.session.get_one(Delivery, message_id, with_for_update=True)
    if delivery.state is not DeliveryState.SENDING:
        return
    delivery.state, delivery.held_for, delivery.leased_until = DeliveryState.HELD, held_for, None
    delivery.error_code, delivery.error = code or None, reason or None
    announce_change(uow, delivery)
