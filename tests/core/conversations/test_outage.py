"""The bot was away and is well again."""

from datetime import timedelta

import pytest

from core.conversations import queries, services
from core.conversations.services import hand_off, receive, take_over
from core.conversations.states import ConversationState, HandoffReason, MessageOutcome
from tests.builders import an_inbound, an_operator
from tests.core.conversations.scenes import (
    a_held_conversation,
    a_waiting_conversation,
    promised_jobs,
    said_by_bot,
)


@pytest.fixture
def operator(uow):
    return an_operator(uow)


def test_when_the_bot_is_well_again_it_answers_what_nobody_took_over(uow):
    conversation = a_waiting_conversation(uow, HandoffReason.BOT_OUTAGE)
    address = conversation.identity.address
    for _ in range(2):
        receive(uow, an_inbound(uow, address=address))
    first = queries.thread(uow.session, conversation.id)[0]
    before = len(promised_jobs(uow))

    assert services.return_from_outage(uow, conversation.id)

    assert conversation.state is ConversationState.BOT
    assert conversation.waiting_since is conversation.handoff_reason is None
    assert promised_jobs(uow)[before:] == [
        ("answer_messages", {"conversation_id": conversation.id}, None)
    ]
    assert first.outcome is None
    assert said_by_bot(uow, "现在可以回答了", message=first)


def test_messages_from_before_the_outage_are_not_answered_again(uow, operator):
    conversation = a_held_conversation(uow, operator)
    earlier = receive(uow, an_inbound(uow, address=conversation.identity.address))
    services.hand_back(uow, conversation.id, operator_id=operator.id)
    uow.session.flush()
    uow.now += timedelta(hours=1)
    hand_off(uow, conversation.id, reason=HandoffReason.BOT_OUTAGE)

    services.return_from_outage(uow, conversation.id)

    message = queries.get_message(uow.session, earlier.message_id)
    assert message.outcome is MessageOutcome.HANDED_OVER


def test_a_conversation_somebody_took_over_stays_with_people(uow, operator):
    conversation = a_waiting_conversation(uow, HandoffReason.BOT_OUTAGE)
    assert queries.stranded_by_outage(uow.session) == [conversation]
    take_over(uow, conversation.id, operator_id=operator.id)
    uow.session.flush()

    assert not services.return_from_outage(uow, conversation.id)

    assert conversation.state is ConversationState.OPERATOR
    assert queries.stranded_by_outage(uow.session) == []


@pytest.mark.parametrize("reason", [r for r in HandoffReason if r is not HandoffReason.BOT_OUTAGE])
def test_who_asked_for_a_person_is_not_given_back_to_the_bot(uow, reason):
    conversation = a_waiting_conversation(uow, reason)

    assert queries.stranded_by_outage(uow.session) == []
    assert not services.return_from_outage(uow, conversation.id)
    assert conversation.state is ConversationState.WAITING
