"""Adding a message of the desk to a thread: what all ways of speaking share."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from core.conversations.models import Conversation, Delivery, Message
from core.conversations.states import Author, Visibility
from core.messaging import Choice
from core.unit_of_work import UnitOfWork


def append(
    uow: UnitOfWork,
    conversation: Conversation,
    *,
    author: Author,
    text: str,
    choices: Sequence[Choice] = (),
    visibility: Visibility = Visibility.PUBLIC,
    operator_id: int | None = None,
    in_reply_to_id: int | None = None,
    payload: Mapping[str, Any] | None = None,
    reason: dict[str, Any] | None = None,
    client_key: str | None = None,
) -> Message:
    """Number and store the message; a public one is promised delivery by its own row.

    The conversation must be locked by the caller. A private note gets no
    delivery, and without one nothing leaves the house.
    """
    conversation.last_seq += 1
    conversation.last_message_at = uow.now
    message = Message(
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        author=author,
        visibility=visibility,
        operator_id=operator_id,
        text=text,
        choices=[asdict(choice) for choice in choices],
        payload=dict(payload or {}),
        received_at=uow.now,
        in_reply_to_id=in_reply_to_id,
        reason=reason or {},
        client_key=client_key,
    )
    uow.session.add(message)
    uow.session.flush()  # the delivery and the event carry the message's id
    if visibility is Visibility.PUBLIC:
        uow.session.add(Delivery(message_id=message.id, conversation_id=conversation.id))
    return message
