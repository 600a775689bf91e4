"""A citizen's message arrives: stored once, numbered, and promised an answer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from core import jobs
from core.channels import queries as channels
from core.conversations import queries
from core.conversations.events import CitizenFollowed, CitizenLeft, MessageReceived
from core.conversations.models import ChannelIdentity, Citizen, Conversation, Message
from core.conversations.services import quota
from core.conversations.services.delivering import release_held
from core.conversations.services.turns import bot_speaks
from core.conversations.states import (
    Author,
    ConversationState,
    ConversationStep,
    MessageOutcome,
)
from core.events import citizen_actor
from core.media import services as media
from core.media.states import MediaKind
from core.messaging import MENU_WISH, ChannelAddress, InboundKind, InboundMessage
from core.unit_of_work import UnitOfWork

MAX_STORED_CHARACTERS = 20_000

# What is not all told in the push itself and has to be fetched.
MEDIA = {
    InboundKind.IMAGE: MediaKind.IMAGE,
    InboundKind.VOICE: MediaKind.VOICE,
    InboundKind.VIDEO: MediaKind.VIDEO,
}


@dataclass(frozen=True)
class Receipt:
    """`awaits_answer` is False when nothing can come back on this push."""

    message_id: int
    conversation_id: int
    is_new: bool
    awaits_answer: bool
    # What is owed goes out in the answers to pushes alone; `pushes` have come of this message.
    is_passive_only: bool = False
    pushes: int = 1


def receive(
    uow: UnitOfWork, inbound: InboundMessage, *, passive_until: datetime | None = None
) -> Receipt:
    """Store the message once and, while the bot is speaking, promise its answer.

    A repeated push finds the row of the first. `passive_until` is how long a
    webhook waits to carry the answer itself.
    """
    conversation = _conversation(uow, inbound.address)
    identity = conversation.identity
    known = queries.find_received(
        uow.session, inbound.address.channel, inbound.address.account, inbound.dedupe_key
    )
    may_send = channels.may_send(
        uow.session, inbound.address.channel, inbound.address.account, uow.now
    )
    if known is not None:
        known.pushes += 1
        return Receipt(
            known.id,
            conversation.id,
            is_new=False,
            awaits_answer=known.outcome is not MessageOutcome.NOTED,
            is_passive_only=not may_send,
            pushes=known.pushes,
        )
    only_fetches = not may_send and _only_fetches(uow, inbound)
    awaits_answer = _is_answered_by_bot(uow, conversation, inbound) and not only_fetches
    message = _add(
        uow, conversation, inbound, passive_until=passive_until if awaits_answer else None
    )
    if inbound.kind in MEDIA:
        media.want(
            uow,
            message.id,
            conversation_id=conversation.id,
            kind=MEDIA[inbound.kind],
            source=inbound.payload,
        )
    if inbound.kind is InboundKind.UNFOLLOW:
        _leave(uow, conversation, message)
        return Receipt(message.id, conversation.id, is_new=True, awaits_answer=False)
    if inbound.kind is InboundKind.FOLLOW:
        uow.announce(
            CitizenFollowed(
                at=uow.now,
                actor=citizen_actor(identity.citizen_id),
                conversation_id=conversation.id,
            )
        )
    identity.left_at = identity.unreachable_since = identity.unreachable_code = None
    quota.open_window(uow, identity, inbound)
    if only_fetches:
        message.outcome = MessageOutcome.NOTED
        message.finished_at = uow.now
    elif awaits_answer:
        jobs.defer(uow, jobs.answer_messages(conversation.id))
    else:
        message.outcome = MessageOutcome.HANDED_OVER
        message.finished_at = uow.now
        if _may_ask_for_a_menu(inbound):
            jobs.defer(uow, jobs.read_tap(message.id))
    if may_send and release_held(uow, conversation.id):
        jobs.defer(uow, jobs.deliver_replies(conversation.id), at=message.passive_until)
    uow.announce(
        MessageReceived(
            at=uow.now,
            actor=citizen_actor(identity.citizen_id),
            conversation_id=conversation.id,
            message_id=message.id,
        )
    )
    return Receipt(
        message.id,
        conversation.id,
        is_new=True,
        awaits_answer=awaits_answer,
        is_passive_only=not may_send,
    )


def _is_answered_by_bot(
    uow: UnitOfWork, conversation: Conversation, inbound: InboundMessage
) -> bool:
    """Tell whether the bot is to answer; who writes into a closed talk begins a new one."""
    if inbound.kind is InboundKind.UNFOLLOW:
        return False
    if conversation.state is ConversationState.CLOSED:
        conversation.apply(ConversationStep.WRITE_AGAIN)
    return bot_speaks(uow, conversation)


def _only_fetches(uow: UnitOfWork, inbound: InboundMessage) -> bool:
    """Tell whether this is a tap on “see the answer”, which asks nothing new."""
    is_text = inbound.kind is InboundKind.TEXT
    return is_text and inbound.text.strip() == uow.office.notices["fetch_words"]


def _may_ask_for_a_menu(inbound: InboundMessage) -> bool:
    """Tell whether this may be a choice of a menu, which nobody needs to answer."""
    is_tap = inbound.kind is InboundKind.MENU_CLICK
    return is_tap or (
        inbound.kind is InboundKind.TEXT and bool(MENU_WISH.fullmatch(inbound.text.strip()))
    )


def identify(uow: UnitOfWork, address: ChannelAddress) -> ChannelIdentity:
    """Return who is reached there; somebody never met before becomes a citizen."""
    identity = queries.find_identity(uow.session, address)
    if identity is not None:
        return identity
    citizen = Citizen(created_at=uow.now)
    uow.session.add(citizen)
    uow.session.flush()  # the identity needs the citizen's id
    # Two first pushes of one person at once: the second finds the row of the first.
    inserted = uow.session.scalar(
        insert(ChannelIdentity)
        .values(
            citizen_id=citizen.id,
            channel=address.channel,
            account=address.account,
            platform_id=address.platform_id,
        )
        .on_conflict_do_nothing()
        .returning(ChannelIdentity.id)
    )
    if inserted is None:
        uow.session.delete(citizen)
    identity = queries.find_identity(uow.session, address)
    assert identity is not None  # noqa: S101 - inserted or found just above
    return identity


def _conversation(uow: UnitOfWork, address: ChannelAddress) -> Conversation:
    """Return the conversation, locked: seq follows the order of arrival."""
    conversation = queries.find_for_change(uow.session, address)
    if conversation is not None:
        return conversation
    identity = identify(uow, address)
    uow.session.execute(
        insert(Conversation)
        .values(
            identity_id=identity.id,
            state=ConversationState.BOT,
            last_seq=0,
            seen_seq=0,
            misses=0,
            last_message_at=uow.now,
        )
        .on_conflict_do_nothing()
    )
    conversation = queries.find_for_change(uow.session, address)
    assert conversation is not None  # noqa: S101 - inserted or found just above
    return conversation


def _add(
    uow: UnitOfWork,
    conversation: Conversation,
    inbound: InboundMessage,
    *,
    passive_until: datetime | None,
) -> Message:
    conversation.last_seq += 1
    conversation.last_message_at = uow.now
    conversation.last_inbound_at = uow.now
    message = Message(
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        author=Author.CITIZEN,
        kind=inbound.kind,
        text=inbound.text[:MAX_STORED_CHARACTERS],
        payload=dict(inbound.payload),
        received_at=uow.now,
        channel=inbound.address.channel,
        account=inbound.address.account,
        dedupe_key=inbound.dedupe_key,
        sent_at=inbound.sent_at,
        passive_until=passive_until,
    )
    uow.session.add(message)
    uow.session.flush()  # the job and the event carry the message's id
    return message


def _leave(uow: UnitOfWork, conversation: Conversation, message: Message) -> None:
    conversation.identity.left_at = uow.now
    quota.close_windows(uow, conversation.identity_id)
    message.outcome = MessageOutcome.NOTED
    message.finished_at = uow.now
    uow.announce(
        CitizenLeft(
            at=uow.now,
            actor=citizen_actor(conversation.identity.citizen_id),
            conversation_id=conversation.id,
        )
    )
