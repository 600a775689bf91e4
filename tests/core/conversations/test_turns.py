"""The bot's turn is stored once, or left to people."""

import pytest

from core.conversations import queries, services
from core.conversations.errors import MessageNotFound
from core.conversations.events import MessageAnswered
from core.conversations.services import Reply, record_turn
from core.conversations.states import (
    Author,
    ConversationState,
    DeliveryState,
    HandoffReason,
    MessageOutcome,
)
from core.messaging import Choice
from tests.builders import a_message, an_operator
from tests.core.conversations.scenes import promised_jobs
from tests.fakes import MONDAY

ANSWER = Reply("请到户籍所在地申请补领。", (Choice("转人工", "转人工"),), {"slug": "id_card_lost"})


def test_the_answer_is_stored_with_what_it_rests_on(uow):
    message = a_message(uow)

    assert record_turn(uow, message.id, [ANSWER], understanding={"intent": "faq/id_card_lost"})

    [reply] = queries.replies_to(uow.session, message.id)
    assert (reply.author, reply.text, reply.seq) == (Author.BOT, ANSWER.text, 2)
    assert reply.outbound.choices == ANSWER.choices
    assert reply.reason == {"slug": "id_card_lost"}
    assert reply.delivery.state is DeliveryState.PENDING
    assert message.understanding == {"intent": "faq/id_card_lost"}
    assert (message.outcome, message.finished_at) == (MessageOutcome.ANSWERED, MONDAY)


def test_the_delivery_is_promised_for_when_no_webhook_waits_any_more(uow, clock):
    until = MONDAY.replace(second=4)
    message = a_message(uow, passive_until=until)

    record_turn(uow, message.id, [ANSWER])

    name, args, at = promised_jobs(uow)[-1]
    assert (name, args) == ("deliver_replies", {"conversation_id": message.conversation_id})
    assert at == until


def test_several_replies_keep_their_order(uow):
    message = a_message(uow)

    record_turn(uow, message.id, [Reply("一"), Reply("二", author=Author.DESK), Reply("三")])

    replies = queries.replies_to(uow.session, message.id)
    assert [(reply.seq, reply.text) for reply in replies] == [(2, "一"), (3, "二"), (4, "三")]


def test_a_message_is_never_answered_twice(uow):
    message = a_message(uow)
    record_turn(uow, message.id, [Reply("第一次")])

    assert not record_turn(uow, message.id, [Reply("第二次")])

    assert [reply.text for reply in queries.replies_to(uow.session, message.id)] == ["第一次"]


def test_an_answer_that_comes_after_an_operator_took_over_is_dropped(core, announced):
    with core.unit_of_work() as uow:
        message = a_message(uow)
        services.take_over(uow, message.conversation_id, operator_id=an_operator(uow).id)
    announced.clear()

    with core.unit_of_work() as uow:
        assert not record_turn(uow, message.id, [ANSWER], understanding={"intent": "faq/x"})
        message = queries.get_message(uow.session, message.id)
        assert queries.replies_to(uow.session, message.id) == []
        assert message.outcome is MessageOutcome.HANDED_OVER
        assert message.understanding == {"intent": "faq/x"}

    assert [type(event) for event in announced] == [MessageAnswered]


def test_an_answer_that_comes_after_the_talk_was_ended_is_dropped(uow):
    message, operator = a_message(uow), an_operator(uow)
    services.take_over(uow, message.conversation_id, operator_id=operator.id)
    services.close_conversation(uow, message.conversation_id, operator_id=operator.id)

    assert not record_turn(uow, message.id, [ANSWER])

    assert queries.replies_to(uow.session, message.id) == []
    assert message.outcome is MessageOutcome.HANDED_OVER


def test_the_bot_still_says_that_people_will_answer(uow):
    """The turn that opens the conversation to people ends after it is open."""
    message = a_message(uow)
    services.hand_off(uow, message.conversation_id, reason=HandoffReason.CITIZEN_ASKED)

    assert record_turn(uow, message.id, [Reply("已为您转接人工坐席")])

    assert message.outcome is MessageOutcome.ANSWERED


def test_a_turn_without_words_promises_no_delivery(uow):
    message = a_message(uow)
    before = promised_jobs(uow)

    record_turn(uow, message.id, [])

    assert message.outcome is MessageOutcome.ANSWERED
    assert promised_jobs(uow) == before


def test_the_end_of_a_turn_is_announced(core, announced):
    with core.unit_of_work() as uow:
        message = a_message(uow)
    announced.clear()

    with core.unit_of_work() as uow:
        record_turn(uow, message.id, [ANSWER])

    assert announced == [
        MessageAnswered(
            at=MONDAY,
            actor="bot",
            conversation_id=message.conversation_id,
            message_id=message.id,
        )
    ]


def test_leaving_a_message_to_people_ends_the_bots_part_once(uow):
    message = a_message(uow)

    assert services.leave_to_people(uow, message.id)
    assert not services.leave_to_people(uow, message.id)
    assert not record_turn(uow, message.id, [ANSWER])

    assert message.outcome is MessageOutcome.HANDED_OVER


def test_a_message_that_asks_for_nothing_is_noted(uow):
    message = a_message(uow)

    services.set_noted(uow, message.id)
    services.set_noted(uow, message.id)

    assert message.outcome is MessageOutcome.NOTED


def test_an_answered_message_stays_answered(uow):
    message = a_message(uow)
    record_turn(uow, message.id, [ANSWER])

    services.set_noted(uow, message.id)

    assert message.outcome is MessageOutcome.ANSWERED


def test_misses_are_counted_in_a_row(uow):
    conversation_id = a_message(uow).conversation_id

    counted = [services.note_miss(uow, conversation_id) for _ in range(2)]
    services.clear_misses(uow, conversation_id)

    assert counted == [1, 2]
    assert services.note_miss(uow, conversation_id) == 1


def test_an_unknown_message_has_no_turn(uow):
    with pytest.raises(MessageNotFound):
        record_turn(uow, 0, [ANSWER])


def test_a_handed_back_conversation_is_with_the_bot(uow):
    message, operator = a_message(uow), an_operator(uow)
    services.take_over(uow, message.conversation_id, operator_id=operator.id)
    services.hand_back(uow, message.conversation_id, operator_id=operator.id)

    assert record_turn(uow, message.id, [ANSWER])

    state = queries.get(uow.session, message.conversation_id).state
    assert state is ConversationState.BOT
