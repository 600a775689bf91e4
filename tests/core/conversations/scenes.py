"""Conversations brought to where a test begins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from core.conversations import queries, services
from core.conversations.models import Conversation, Delivery, Message
from core.conversations.services import Fit, Reply
from core.conversations.states import HandoffReason
from core.messaging import OutboundMessage
from core.operators.models import Operator
from core.unit_of_work import UnitOfWork
from tests.builders import a_conversation, a_message, an_operator


def said_by_bot(uow: UnitOfWork, *texts: str, message: Message | None = None) -> list[Message]:
    """Let the bot answer a citizen's message; return what it said."""
    question = message or a_message(uow)
    services.record_turn(uow, question.id, [Reply(text) for text in texts])
    return list(queries.replies_to(uow.session, question.id))


def a_waiting_conversation(
    uow: UnitOfWork, reason: HandoffReason = HandoffReason.CITIZEN_ASKED
) -> Conversation:
    message = a_message(uow)
    services.hand_off(uow, message.conversation_id, reason=reason, message_id=message.id)
    services.leave_to_people(uow, message.id)
    return queries.get(uow.session, message.conversation_id)


def a_held_conversation(uow: UnitOfWork, operator: Operator | None = None) -> Conversation:
    conversation = a_conversation(uow)
    operator = operator or an_operator(uow)
    services.take_over(uow, conversation.id, operator_id=operator.id)
    return conversation


def delivered(uow: UnitOfWork, conversation_id: int) -> list[str]:
    """Deliver everything that is owed now; return it in order."""
    texts = []
    while isinstance(leased := services.lease_delivery(uow, conversation_id), Delivery):
        texts.append(leased.message.text)
        services.record_delivery(uow, leased.message_id)
        uow.session.flush()
    return texts


def everything(messages: Sequence[OutboundMessage], _parts_delivered: int) -> Fit:
    return Fit(len(messages))


def promised_jobs(uow: UnitOfWork) -> list[tuple[str, dict[str, int], datetime | None]]:
    rows = uow.session.execute(
        text("SELECT task_name, args, scheduled_at FROM procrastinate_jobs ORDER BY id")
    )
    return [(row.task_name, row.args, row.scheduled_at) for row in rows]
