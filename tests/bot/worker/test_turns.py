from datetime import timedelta

import pytest

from bot.dialogue import DialogueUnavailable
from bot.worker.turns import Turns
from config.notices import load_menu_words
from core.conversations import queries
from core.conversations.services import Reply, hand_off, record_turn, take_over
from core.conversations.states import (
    Author,
    ConversationState,
    HandoffReason,
    MessageOutcome,
)
from core.messaging import InboundKind
from tests.builders import a_message, an_operator

PATIENCE = timedelta(seconds=12)


@pytest.fixture
def turns(core, dialogue) -> Turns:
    return Turns(core, dialogue, load_menu_words(), PATIENCE)


def arrange(core, **given):
    with core.unit_of_work() as uow:
        return a_message(uow, **given)


def thread(core, message):
    with core.unit_of_work() as uow:
        return list(queries.thread(uow.session, message.conversation_id))


def outcome(core, message):
    with core.unit_of_work() as uow:
        return queries.get_message(uow.session, message.id).outcome


def state(core, message):
    with core.unit_of_work() as uow:
        return queries.get(uow.session, message.conversation_id).state


def test_the_bots_answer_is_stored_with_its_reason(core, turns, rasa):
    message = arrange(core, text="身份证丢了")

    turns.answer(message.id, is_retry=False)

    asked, answered = thread(core, message)
    assert asked.outcome is MessageOutcome.ANSWERED
    assert asked.understanding["intent"] == "faq/id_card_lost"
    assert (answered.author, answered.text) == (Author.BOT, "echo: 身份证丢了")
    assert answered.reason["slug"] == "id_card_lost"
    assert answered.in_reply_to_id == message.id


def test_an_answered_message_is_not_answered_again(core, turns, rasa):
    message = arrange(core)

    turns.answer(message.id, is_retry=False)
    turns.answer(message.id, is_retry=True)

    assert len(rasa.turns) == 1
    assert len(thread(core, message)) == 2


def test_a_message_that_waits_for_people_is_left_to_them(core, turns, rasa):
    message = arrange(core)
    with core.unit_of_work() as uow:
        hand_off(uow, message.conversation_id, reason=HandoffReason.CITIZEN_ASKED)

    turns.answer(message.id, is_retry=False)

    assert rasa.turns == []
    assert outcome(core, message) is MessageOutcome.HANDED_OVER


def test_at_night_the_bot_goes_on_answering_those_who_wait_for_a_person(core, clock, turns, rasa):
    clock.advance(timedelta(hours=12))
    message = arrange(core)
    with core.unit_of_work() as uow:
        hand_off(uow, message.conversation_id, reason=HandoffReason.CITIZEN_ASKED)

    turns.answer(message.id, is_retry=False)

    assert outcome(core, message) is MessageOutcome.ANSWERED
    assert state(core, message) is ConversationState.WAITING


def test_the_bot_keeps_silent_when_an_operator_stepped_in_while_it_thought(core, dialogue, rasa):
    message = arrange(core)

    class TakenOverMeanwhile:
        def take_turn(self, *args, **kwargs):
            turn = dialogue.take_turn(*args, **kwargs)
            with core.unit_of_work() as uow:
                operator = an_operator(uow)
                take_over(uow, message.conversation_id, operator_id=operator.id)
            return turn

    Turns(core, TakenOverMeanwhile(), {}, PATIENCE).answer(message.id, is_retry=False)

    authors = [line.author for line in thread(core, message)]
    assert authors == [Author.CITIZEN, Author.DESK]
    assert outcome(core, message) is MessageOutcome.HANDED_OVER


def test_a_bot_that_is_away_is_asked_again_while_patience_lasts(core, turns, rasa):
    rasa.failure = 503
    message = arrange(core)

    with pytest.raises(DialogueUnavailable):
        turns.answer(message.id, is_retry=False)

    assert outcome(core, message) is None
    assert state(core, message) is ConversationState.BOT


def test_after_patience_the_conversation_opens_to_people_and_the_citizen_is_told(
    core, clock, turns, rasa
):
    rasa.failure = 503
    message = arrange(core)
    clock.advance(PATIENCE)

    turns.answer(message.id, is_retry=True)

    assert state(core, message) is ConversationState.WAITING
    asked, notice = thread(core, message)
    assert asked.outcome is MessageOutcome.HANDED_OVER
    assert notice.author is Author.DESK
    assert "第 1 位" in notice.text


def test_outside_office_hours_the_outage_notice_says_when_people_come(core, clock, turns, rasa):
    rasa.failure = 503
    clock.advance(timedelta(hours=10))  # 20:00 on a Monday
    message = arrange(core)
    clock.advance(PATIENCE)

    turns.answer(message.id, is_retry=True)

    assert "3月3日 08:30" in thread(core, message)[-1].text


def test_who_follows_is_welcomed_with_something_to_tap(core, turns, rasa):
    message = arrange(core, kind=InboundKind.FOLLOW, text="")

    turns.answer(message.id, is_retry=False)

    welcome = thread(core, message)[-1]
    assert "欢迎关注" in welcome.text
    assert "转人工" in [choice["says"] for choice in welcome.choices]
    assert rasa.turns == []


def test_a_tap_on_the_menu_says_its_words(core, turns, rasa):
    message = arrange(core, kind=InboundKind.MENU_CLICK, text="", payload={"key": "HUMAN"})

    turns.answer(message.id, is_retry=False)

    assert rasa.turns[0]["text"] == "转人工"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (InboundKind.IMAGE, "已收到您发来的图片，工作人员可以看到"),
        (InboundKind.VIDEO, "已收到您发来的视频，工作人员可以看到"),
        (InboundKind.LINK, "请用文字说明"),
        (InboundKind.MINI_PROGRAM, "请用文字说明"),
        (InboundKind.OTHER, "只能看懂文字"),
        (InboundKind.VOICE, "没有听清"),
        (InboundKind.LOCATION, "收到您发送的位置"),
    ],
)
def test_what_the_bot_cannot_read_gets_a_friendly_hint(core, turns, rasa, kind, expected):
    message = arrange(core, kind=kind, text="")

    turns.answer(message.id, is_retry=False)

    assert expected in thread(core, message)[-1].text
    assert outcome(core, message) is MessageOutcome.ANSWERED


def test_a_recognised_voice_message_is_a_question_like_any_other(core, turns, rasa):
    message = arrange(core, kind=InboundKind.VOICE, text="社保怎么查")

    turns.answer(message.id, is_retry=False)

    assert rasa.turns[0]["text"] == "社保怎么查"


def test_a_second_attempt_tells_the_bot_that_it_may_know_the_message(core, turns, rasa):
    message = arrange(core)

    turns.answer(message.id, is_retry=True)

    assert rasa.turns[0]["retry"] is True


def test_everything_unanswered_is_answered_in_the_order_it_was_said(core, turns, rasa):
    first = arrange(core, text="第一句")
    with core.unit_of_work() as uow:
        address = queries.get(uow.session, first.conversation_id).identity.address
    arrange(core, text="第二句", address=address)

    turns.answer_all(first.conversation_id, is_retry=True)

    asked = [(turn["text"], turn["retry"]) for turn in rasa.turns]
    assert asked == [("第一句", True), ("第二句", False)]


def test_a_place_on_the_map_answers_the_forms_question_for_the_place(core, turns, rasa):
    asked = arrange(core, text="我要反映问题")
    with core.unit_of_work() as uow:
        question = {"kind": "response", "name": "utter_ask_case_form_case_place"}
        record_turn(uow, asked.id, [Reply("在什么地方？", reason=question)])
        address = queries.get(uow.session, asked.conversation_id).identity.address
    payload = {"latitude": "37.05", "longitude": "115.66"}
    place = arrange(
        core, address=address, kind=InboundKind.LOCATION, text="人民路", payload=payload
    )

    turns.answer(place.id, is_retry=False)

    assert thread(core, place)[-1].text == "echo: 人民路（37.05，115.66）"


def test_a_place_out_of_the_blue_is_asked_about(core, turns, rasa):
    place = arrange(core, kind=InboundKind.LOCATION, text="人民路", payload={"latitude": "37.05"})

    turns.answer(place.id, is_retry=False)

    assert thread(core, place)[-1].reason["notice"] == "location_received"
    assert rasa.turns == []
