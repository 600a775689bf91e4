import pytest

from bot.dialogue import Dialogue, DialogueUnavailable
from core.messaging import Choice


def test_a_turn_brings_replies_choices_and_what_the_bot_understood(rasa, dialogue):
    turn = dialogue.take_turn(12, 345, "身份证丢了", is_retry=False)

    assert [reply.text for reply in turn.replies] == ["echo: 身份证丢了"]
    assert turn.replies[0].choices == (Choice("转人工", "转人工"),)
    assert turn.understanding["intent"] == "faq/id_card_lost"
    assert rasa.turns == [{"sender": "12", "message_id": 345, "text": "身份证丢了", "retry": False}]


@pytest.mark.parametrize("status", [401, 409, 500, 503])
def test_a_refusal_of_the_bot_means_that_it_is_unavailable(rasa, dialogue, status):
    rasa.failure = status

    with pytest.raises(DialogueUnavailable):
        dialogue.take_turn(1, 1, "你好", is_retry=False)


def test_a_slow_bot_is_unavailable(rasa, dialogue):
    rasa.delay_seconds = 1.0

    with pytest.raises(DialogueUnavailable, match="ReadTimeout"):
        dialogue.take_turn(1, 1, "你好", is_retry=False)


def test_a_silent_bot_is_unavailable_for_somebody_must_answer(rasa, dialogue):
    rasa.is_silent = True

    with pytest.raises(DialogueUnavailable):
        dialogue.take_turn(1, 1, "你好", is_retry=False)


def test_a_bot_that_is_not_there_is_unavailable():
    with pytest.raises(DialogueUnavailable):
        Dialogue("http://127.0.0.1:9", "token", 0.5).take_turn(1, 1, "你好", is_retry=False)


def test_forgetting_restarts_the_conversation_in_the_bots_memory(rasa, dialogue):
    dialogue.forget(77)

    assert rasa.restarted == ["77"]


def test_health_is_asked_and_a_missing_bot_is_not_well(rasa, dialogue):
    assert dialogue.is_well()

    rasa.is_well = False

    assert not dialogue.is_well()
    assert not Dialogue("http://127.0.0.1:9", "token", 0.5).is_well()
