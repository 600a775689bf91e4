"""A message about a case goes out as a platform's notice when it may not go out as a message."""

from collections.abc import Mapping

from sqlalchemy import select

from core.conversations import queries
from core.conversations.models import Delivery, PlatformEvent
from core.conversations.services.delivering import LEASE, announce_change
from core.conversations.states import DeliveryState, DeliveryWay, HeldFor
from core.messaging import ReportKind
from core.unit_of_work import UnitOfWork

ARRIVED = "success"


def lease_notice(uow: UnitOfWork, delivery: Delivery) -> None:
    """Take a held message to send a notice in its place; that is tried once."""
    delivery.state = DeliveryState.SENDING
    delivery.leased_until = uow.now + LEASE
    delivery.noticed_at = uow.now


def record_notice(
    uow: UnitOfWork, message_id: int, *, way: DeliveryWay, notice_id: str, template_id: str
) -> None:
    """The platform took the notice; a consent that was for one is used up."""
    # Whoever notes the notice's end at this moment holds the same lock, and one sees the other.
    conversation_id = queries.get_message(uow.session, message_id).conversation_id
    queries.get_for_change(uow.session, conversation_id)
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
    refusal = _refusal_told_already(uow, conversation.identity_id, delivery)
    if refusal is None:
        announce_change(uow, delivery)
    else:
        owe_again(uow, delivery, refusal)


def owe_again(uow: UnitOfWork, delivery: Delivery, status: str) -> None:
    """The notice did not arrive: the message it stood for waits for the citizen."""
    delivery.state = DeliveryState.HELD
    delivery.held_for = HeldFor.NOTICE_REFUSED
    delivery.error_code, delivery.error = "notice_refused", status[:200]
    delivery.way = delivery.sent_at = None
    announce_change(uow, delivery)


def names_of_notice(item: Mapping[str, str]) -> tuple[str, str]:
    """Return what a reported end may call the notice: by subscription, only its template."""
    return item.get("notice_id", ""), f"template:{item.get('template_id', '')}"


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


def _refusal_told_already(uow: UnitOfWork, identity_id: int, delivery: Delivery) -> str | None:
    """Return why the notice did not arrive, where the platform was quicker than its own answer."""
    told = uow.session.scalars(
        select(PlatformEvent)
        .where(
            PlatformEvent.identity_id == identity_id,
            PlatformEvent.event == ReportKind.NOTICE_ENDED.value,
            PlatformEvent.received_at >= delivery.noticed_at,
        )
        .order_by(PlatformEvent.id)
    )
    for report in told:
        for item in report.payload.get("items", []):
            if delivery.notice_id in names_of_notice(item) and item.get("status") != ARRIVED:
                return str(item.get("status", ""))
    return None
