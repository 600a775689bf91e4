"""The conversation changes hands between the bot and people."""

from core import jobs
from core.conversations import queries
from core.conversations.errors import AlreadyTaken, NotYourConversation, OperatorAtCapacity
from core.conversations.events import (
    ConversationClosed,
    ConversationHandedBack,
    ConversationTakenOver,
    HandoffRequested,
    MessageSaid,
)
from core.conversations.models import Conversation, Handoff
from core.conversations.services import threads
from core.conversations.states import (
    Author,
    ConversationState,
    ConversationStep,
    HandoffReason,
)
from core.events import BOT, SYSTEM, operator_actor
from core.messaging import Choice
from core.operators import queries as operators
from core.unit_of_work import UnitOfWork


def hand_off(
    uow: UnitOfWork,
    conversation_id: int,
    *,
    reason: HandoffReason,
    message_id: int | None = None,
) -> int:
    """Open the conversation to people; return its place in the queue.

    A conversation that is already with people stays as it is: asking twice
    does not lose the place in the queue.
    """
    conversation = queries.get_for_change(uow.session, conversation_id)
    if conversation.state is ConversationState.OPERATOR:
        return 0
    if conversation.state is not ConversationState.WAITING:
        conversation.apply(ConversationStep.HAND_OFF)
        conversation.waiting_since = uow.now
        conversation.handoff_reason = reason
        conversation.misses = 0
        uow.session.add(
            Handoff(
                conversation_id=conversation_id,
                reason=reason,
                requested_at=uow.now,
                message_id=message_id,
            )
        )
        uow.announce(
            HandoffRequested(at=uow.now, actor=BOT, conversation_id=conversation_id, reason=reason)
        )
        uow.session.flush()  # the queue is counted with this conversation in it
    return queries.queue_position(uow.session, conversation)


def take_over(uow: UnitOfWork, conversation_id: int, *, operator_id: int) -> Conversation:
    """Let the operator speak. Of two who click at once, the second is told who was first."""
    operator = operators.get_for_change(uow.session, operator_id)
    conversation = queries.get_for_change(uow.session, conversation_id)
    if conversation.state is ConversationState.OPERATOR:
        if conversation.operator_id == operator_id:
            return conversation
        raise AlreadyTaken(conversation_id=conversation_id, operator_id=conversation.operator_id)
    if queries.count_held_by(uow.session, operator_id) >= operator.capacity:
        raise OperatorAtCapacity(capacity=operator.capacity)
    stepped_in = conversation.state is not ConversationState.WAITING
    conversation.apply(ConversationStep.TAKE_OVER)
    conversation.operator_id = operator_id
    conversation.waiting_since = None
    handoff = queries.open_handoff(uow.session, conversation_id)
    if stepped_in or handoff is None:
        handoff = Handoff(
            conversation_id=conversation_id,
            reason=HandoffReason.OPERATOR_STEPPED_IN,
            requested_at=uow.now,
        )
        uow.session.add(handoff)
        conversation.handoff_reason = HandoffReason.OPERATOR_STEPPED_IN
    handoff.operator_id = operator_id
    handoff.taken_at = uow.now
    uow.announce(
        ConversationTakenOver(
            at=uow.now,
            actor=operator_actor(operator_id),
            conversation_id=conversation_id,
            operator_id=operator_id,
        )
    )
    _tell(uow, conversation, uow.office.notice("taken_over", operator=operator.display_name))
    return conversation


def hand_back(uow: UnitOfWork, conversation_id: int, *, operator_id: int) -> Conversation:
    """Give the conversation back to the bot, which starts clean."""
    conversation = _held(uow, conversation_id, operator_id)
    _to_bot(uow, conversation, actor=operator_actor(operator_id))
    _tell(uow, conversation, uow.office.notice("handed_back"))
    return conversation


def pass_on(uow: UnitOfWork, conversation_id: int, *, operator_id: int) -> None:
    """Put the conversation back into the queue for a colleague."""
    conversation = _held(uow, conversation_id, operator_id)
    _end_handoff(uow, conversation, ended_by=operator_actor(operator_id))
    conversation.apply(ConversationStep.HAND_OFF)
    conversation.operator_id = None
    conversation.waiting_since = uow.now
    conversation.handoff_reason = HandoffReason.OPERATOR_PASSED_ON
    uow.session.add(
        Handoff(
            conversation_id=conversation_id,
            reason=HandoffReason.OPERATOR_PASSED_ON,
            requested_at=uow.now,
        )
    )
    uow.announce(
        HandoffRequested(
            at=uow.now,
            actor=operator_actor(operator_id),
            conversation_id=conversation_id,
            reason=HandoffReason.OPERATOR_PASSED_ON,
        )
    )


def close_conversation(uow: UnitOfWork, conversation_id: int, *, operator_id: int) -> None:
    """End the talk; the citizen's next message starts with the bot again."""
    conversation = _held(uow, conversation_id, operator_id)
    actor = operator_actor(operator_id)
    _end_handoff(uow, conversation, ended_by=actor)
    conversation.apply(ConversationStep.CLOSE)
    conversation.operator_id = None
    conversation.handoff_reason = None
    jobs.defer(uow, jobs.tell_dialogue(conversation_id))
    uow.announce(ConversationClosed(at=uow.now, actor=actor, conversation_id=conversation_id))
    _tell(uow, conversation, uow.office.notice("closed"))


def return_from_outage(uow: UnitOfWork, conversation_id: int) -> bool:
    """The bot is well again: let it answer what nobody has taken over yet."""
    conversation = queries.get_for_change(uow.session, conversation_id)
    if (
        conversation.state is not ConversationState.WAITING
        or conversation.handoff_reason is not HandoffReason.BOT_OUTAGE
    ):
        return False
    handoff = queries.open_handoff(uow.session, conversation_id)
    unanswered = queries.handed_over_messages(uow.session, handoff) if handoff else []
    _to_bot(uow, conversation, actor=SYSTEM, forget=False)
    for message in unanswered:
        message.outcome = None
        message.finished_at = None
        message.passive_until = None
    jobs.defer(uow, jobs.answer_messages(conversation_id))
    return True


def _held(uow: UnitOfWork, conversation_id: int, operator_id: int) -> Conversation:
    conversation = queries.get_for_change(uow.session, conversation_id)
    if conversation.state is not ConversationState.OPERATOR or (
        conversation.operator_id != operator_id
    ):
        raise NotYourConversation(conversation_id=conversation_id)
    return conversation


def _to_bot(
    uow: UnitOfWork, conversation: Conversation, *, actor: str, forget: bool = True
) -> None:
    _end_handoff(uow, conversation, ended_by=actor)
    conversation.apply(ConversationStep.HAND_BACK)
    conversation.operator_id = None
    conversation.waiting_since = None
    conversation.handoff_reason = None
    conversation.misses = 0
    if forget:
        jobs.defer(uow, jobs.tell_dialogue(conversation.id))
    uow.announce(ConversationHandedBack(at=uow.now, actor=actor, conversation_id=conversation.id))


def _end_handoff(uow: UnitOfWork, conversation: Conversation, *, ended_by: str) -> None:
    handoff = queries.open_handoff(uow.session, conversation.id)
    if handoff is not None:
        handoff.ended_at = uow.now
        handoff.ended_by = ended_by


def _tell(
    uow: UnitOfWork, conversation: Conversation, text: str, choices: tuple[Choice, ...] = ()
) -> None:
    if conversation.identity.left_at is not None:
        return
    message = threads.append(uow, conversation, author=Author.DESK, text=text, choices=choices)
    jobs.defer(uow, jobs.deliver_replies(conversation.id))
    uow.announce(
        MessageSaid(
            at=uow.now,
            actor=SYSTEM,
            conversation_id=conversation.id,
            message_id=message.id,
        )
    )
