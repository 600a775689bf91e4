"""The bot's turn: what it answered and why, or that it leaves the matter to people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core import jobs
from core.conversations import queries
from core.conversations.events import MessageAnswered, MessageRecognised
from core.conversations.models import Conversation, Message
from core.conversations.services import threads
from core.conversations.states import (
    Author,
    ConversationState,
    HandoffReason,
    MessageOutcome,
)
from core.events import BOT
from core.messaging import Choice, PublicPost
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Reply:
    """One thing the bot says; `reason` tells staff what it rests on."""

    text: str
    choices: tuple[Choice, ...] = ()
    reason: dict[str, Any] = field(default_factory=dict)
    author: Author = Author.BOT


def bot_speaks(uow: UnitOfWork, conversation: Conversation) -> bool:
    """Tell whether the bot is to answer what the citizen says now.

    While nobody is at the desk it goes on answering those who wait for a
    person, so that they can ask on or leave a case; their place is kept.
    """
    if conversation.state is ConversationState.WAITING:
        is_outage = conversation.handoff_reason is HandoffReason.BOT_OUTAGE
        return not is_outage and not uow.office.is_open(uow.now)
    return conversation.state is ConversationState.BOT


def record_turn(
    uow: UnitOfWork,
    message_id: int,
    replies: Sequence[Reply],
    *,
    understanding: dict[str, Any] | None = None,
) -> bool:
    """Store what the bot answered to the message and promise its delivery.

    Returns False, and stores nothing, when the message already had its answer
    or an operator has begun to speak, or has ended the talk, meanwhile.
    """
    message = queries.get_message(uow.session, message_id)
    conversation = queries.get_for_change(uow.session, message.conversation_id)
    uow.session.refresh(message)
    if message.outcome is not None:
        return False
    message.understanding = understanding or {}
    message.finished_at = uow.now
    if conversation.state in {ConversationState.OPERATOR, ConversationState.CLOSED}:
        message.outcome = MessageOutcome.HANDED_OVER
        _announce_end(uow, message)
        return False
    message.outcome = MessageOutcome.ANSWERED
    public_post = PublicPost.in_payload(message.payload)
    for reply in replies:
        threads.append(
            uow,
            conversation,
            author=reply.author,
            text=reply.text,
            choices=reply.choices,
            in_reply_to_id=message.id,
            payload=public_post.payload if public_post else None,
            reason=reply.reason,
        )
    if replies:
        jobs.defer(uow, jobs.deliver_replies(conversation.id), at=message.passive_until)
    _announce_end(uow, message)
    return True


def leave_to_people(uow: UnitOfWork, message_id: int) -> bool:
    """End the bot's part of a message that now waits for an operator."""
    message = queries.get_message(uow.session, message_id)
    queries.get_for_change(uow.session, message.conversation_id)
    uow.session.refresh(message)
    if message.outcome is not None:
        return False
    message.outcome = MessageOutcome.HANDED_OVER
    message.finished_at = uow.now
    _announce_end(uow, message)
    return True


def record_recognition(uow: UnitOfWork, message_id: int, words: str) -> None:
    """Take what a speech service understood for what the citizen said, unless it has words."""
    message = queries.get_message(uow.session, message_id)
    queries.get_for_change(uow.session, message.conversation_id)
    uow.session.refresh(message)
    if message.text:
        return
    message.text = words
    message.payload = message.payload | {"recognised_by": "speech_service"}
    uow.announce(
        MessageRecognised(
            at=uow.now, conversation_id=message.conversation_id, message_id=message.id
        )
    )


def set_noted(uow: UnitOfWork, message_id: int) -> None:
    """End a message that asks for no answer, such as a tap on a link."""
    message = queries.get_message(uow.session, message_id)
    if message.outcome is None:
        message.outcome = MessageOutcome.NOTED
        message.finished_at = uow.now
        _announce_end(uow, message)


def note_miss(uow: UnitOfWork, conversation_id: int) -> int:
    """Count a question the bot could not answer; return how many there were in a row."""
    conversation = queries.get_for_change(uow.session, conversation_id)
    conversation.misses += 1
    return conversation.misses


def clear_misses(uow: UnitOfWork, conversation_id: int) -> None:
    conversation = queries.get_for_change(uow.session, conversation_id)
    conversation.misses = 0


def _announce_end(uow: UnitOfWork, message: Message) -> None:
    uow.announce(
        MessageAnswered(
            at=uow.now,
            actor=BOT,
            conversation_id=message.conversation_id,
            message_id=message.id,
        )
    )
