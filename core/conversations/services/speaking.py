"""People speak: replies that leave the house, and notes that never do."""

import re

from sqlalchemy import select

from core import jobs
from core.conversations import queries
from core.conversations.errors import (
    CitizenUnreachable,
    EmptyMessage,
    MessageTooLong,
    NotYourConversation,
)
from core.conversations.events import MessageSaid
from core.conversations.models import Conversation, Message
from core.conversations.services import threads
from core.conversations.states import Author, ConversationState, Visibility
from core.events import SYSTEM, operator_actor
from core.messaging import CaseNotice, Choice
from core.unit_of_work import UnitOfWork

MAX_REPLY_CHARACTERS = 4_000
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def say_as_operator(
    uow: UnitOfWork,
    conversation_id: int,
    *,
    operator_id: int,
    text: str,
    client_key: str | None = None,
) -> Message:
    """Reply in the citizen's own chat. The same `client_key` twice is one message."""
    conversation = queries.get_for_change(uow.session, conversation_id)
    said = _said_before(uow, conversation, client_key)
    if said is not None:
        return said
    words = _clean(text)
    if conversation.state is not ConversationState.OPERATOR or (
        conversation.operator_id != operator_id
    ):
        raise NotYourConversation(conversation_id=conversation_id)
    if conversation.identity.left_at is not None:
        raise CitizenUnreachable(conversation_id=conversation_id)
    message = threads.append(
        uow,
        conversation,
        author=Author.OPERATOR,
        text=words,
        operator_id=operator_id,
        client_key=client_key,
    )
    conversation.seen_seq = conversation.last_seq
    jobs.defer(uow, jobs.deliver_replies(conversation.id))
    _announce(uow, message, operator_actor(operator_id))
    return message


def say_as_desk(
    uow: UnitOfWork,
    conversation_id: int,
    *,
    text: str,
    choices: tuple[Choice, ...] = (),
    in_reply_to_id: int | None = None,
    notice: CaseNotice | None = None,
    actor: str = SYSTEM,
) -> Message:
    """Tell the citizen something in the desk's own name, such as a case's progress.

    `notice` is the form in which it may go out when no message may any more.
    """
    conversation = queries.get_for_change(uow.session, conversation_id)
    message = threads.append(
        uow,
        conversation,
        author=Author.DESK,
        text=text,
        choices=choices,
        in_reply_to_id=in_reply_to_id,
        payload=notice.payload if notice else None,
    )
    jobs.defer(uow, jobs.deliver_replies(conversation.id))
    _announce(uow, message, actor)
    return message


def add_note(
    uow: UnitOfWork,
    conversation_id: int,
    *,
    operator_id: int,
    text: str,
    client_key: str | None = None,
) -> Message:
    """Leave a word for colleagues; the citizen never sees it."""
    conversation = queries.get_for_change(uow.session, conversation_id)
    said = _said_before(uow, conversation, client_key)
    if said is not None:
        return said
    message = threads.append(
        uow,
        conversation,
        author=Author.OPERATOR,
        visibility=Visibility.PRIVATE,
        text=_clean(text),
        operator_id=operator_id,
        client_key=client_key,
    )
    _announce(uow, message, operator_actor(operator_id))
    return message


def note_as_desk(uow: UnitOfWork, conversation_id: int, *, text: str, key: str) -> Message:
    """Tell staff what the desk has done beside the talk; the same `key` twice is one note."""
    conversation = queries.get_for_change(uow.session, conversation_id)
    said = _said_before(uow, conversation, key)
    if said is not None:
        return said
    message = threads.append(
        uow,
        conversation,
        author=Author.DESK,
        visibility=Visibility.PRIVATE,
        text=text,
        client_key=key,
    )
    _announce(uow, message, SYSTEM)
    return message


def mark_seen(uow: UnitOfWork, conversation_id: int, *, up_to_seq: int) -> None:
    conversation = queries.get_for_change(uow.session, conversation_id)
    conversation.seen_seq = max(conversation.seen_seq, min(up_to_seq, conversation.last_seq))


def _said_before(
    uow: UnitOfWork, conversation: Conversation, client_key: str | None
) -> Message | None:
    if client_key is None:
        return None
    return uow.session.scalars(
        select(Message).filter_by(conversation_id=conversation.id, client_key=client_key)
    ).one_or_none()


def _clean(text: str) -> str:
    words = UNPRINTABLE.sub("", text).strip()
    if not words:
        raise EmptyMessage
    if len(words) > MAX_REPLY_CHARACTERS:
        raise MessageTooLong(length=len(words), limit=MAX_REPLY_CHARACTERS)
    return words


def _announce(uow: UnitOfWork, message: Message, actor: str) -> None:
    uow.announce(
        MessageSaid(
            at=uow.now,
            actor=actor,
            conversation_id=message.conversation_id,
            message_id=message.id,
        )
    )
