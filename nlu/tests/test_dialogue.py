"""The trained model behind the desk's door: what is understood, and what follows from it.

The action server is played by a table of answers; its own tests are in tests/actions.
"""

import asyncio
from pathlib import Path

import pytest

from nlu import turns
from nlu.desk_channel import _read, take_turn

ROOT = Path(__file__).parents[2]
DATA = ROOT / "nlu_data"


def texts(turn):
    return [reply["text"] for reply in turn["replies"]]


# --- understanding --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("钱包被偷了身份证也没了", "faq/id_card_lost"),
        ("生份证掉了咋整", "faq/id_card_lost"),
        ("身份證遺失怎麼補領", "faq/id_card_lost"),
        ("我租房子住，公积金能取出来付房租不", "faq/housing_fund_withdraw_rent"),
        ("给我接个真人", "request_human"),
        ("我想投诉一个事情", "open_case"),
        ("我前几天交的投诉办得咋样了", "case_status"),
        ("WZ202611210007", "case_status"),
        ("催办WZ202611210007", "urge_case"),
        ("有人拿着刀在街上追人", "emergency"),
        ("算了我不投诉了", "cancel"),
        ("你到底是人还是机器", "bot_challenge"),
        ("今天黄金多少钱一克", "out_of_scope"),
        ("😀😀", "nonsense"),
        ("/restart", "nonsense"),
        ("/faq", "nonsense"),
    ],
)
def test_what_is_meant_is_understood(citizen, text, intent):
    assert citizen.says(text)["understanding"]["intent"] == intent


def test_the_understanding_names_its_rivals_and_its_model(citizen, model):
    understanding = citizen.says("身份证丢了")["understanding"]

    assert understanding["model"] == model.name.removesuffix(".tar.gz")
    assert len(understanding["ranking"]) == 5
    assert understanding["ranking"][0] == {
        "intent": "faq/id_card_lost",
        "confidence": understanding["confidence"],
    }


def test_phones_are_masked_in_the_understanding(citizen):
    understanding = citizen.says("我的电话是13812345678")["understanding"]

    assert {"entity": "phone", "value": "138****5678"} in understanding["entities"]


def test_the_nearest_known_forms_tell_why_a_message_was_understood_so(citizen):
    nearest = citizen.says("身份证弄丢了咋补")["understanding"]["nearest"]

    assert len(nearest) == 3
    assert {form["label"] for form in nearest} == {"faq/id_card_lost"}
    assert nearest[0]["likeness"] >= nearest[1]["likeness"]


def test_words_of_the_dictionary_are_known_by_the_offices_names(citizen):
    found = citizen.says("城关镇的派出所周末上班吗")["understanding"]["entities"]

    assert {"entity": "department", "value": "公安局"} in found
    assert {"entity": "district", "value": "城关镇"} in found


def test_two_questions_in_one_message_are_both_handed_to_the_action(citizen, actions):
    understanding = citizen.says("身份证丢了怎么补，补一张要多少钱")["understanding"]

    assert understanding["intent"] == "faq/id_card_lost"
    assert understanding["also_asked"] == ["faq/id_card_fee"]
    assert actions.run == ["action_answer_question"]
    assert actions.heard[-1]["also_asked"] == ["faq/id_card_fee"]


def test_every_button_of_a_response_is_understood(agent):
    says = {
        button["payload"]
        for responses in agent.domain.responses.values()
        for response in responses
        for button in response.get("buttons") or []
    }

    for words in sorted(says):
        assert not words.startswith("/")
        intent = asyncio.run(agent.parse_message(words))["intent"]["name"]
        assert intent not in {"nlu_fallback", "faq_unsure", "out_of_scope", "nonsense"}, words


# --- rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("身份证丢了怎么补办", "action_answer_question"),
        ("转人工", "action_hand_off"),
        ("我真的要崩溃了", "action_hand_off"),
        ("着火了", "action_emergency"),
        ("查进度", "action_case_status"),
        ("催办", "action_urge_case"),
        ("答非所问", "action_fallback"),
        ("要带什么材料", "action_answer_details"),
    ],
)
def test_a_wish_is_carried_out_by_its_action(citizen, actions, text, action):
    assert texts(citizen.says(text)) == [action]
    assert actions.run == [action]


@pytest.mark.parametrize("text", ["你好", "谢谢", "再见", "你是谁", "你能做什么", "好的", "不对"])
def test_small_talk_needs_no_action_server(citizen, actions, text):
    assert citizen.says(text)["replies"]
    assert actions.run == []


def begin_form(citizen, actions):
    actions.answers["validate_case_form"] = {
        "events": [{"event": "slot", "name": "case_kind", "value": "投诉"}]
    }
    citizen.says("我要投诉")
    actions.answers["validate_case_form"] = {}
    actions.run.clear()


def test_the_form_asks_one_question_after_the_other_and_ends_in_a_case(citizen, actions):
    begin_form(citizen, actions)
    filled = ["case_content", "case_place", "case_contact_name", "case_contact_phone"]

    for slot in filled:
        actions.answers["validate_case_form"] = {
            "events": [{"event": "slot", "name": slot, "value": "甲"}]
        }
        asked = citizen.says("楼下的饭店每天晚上都很吵")
    assert texts(asked) == ["action_ask_case_form_case_confirmed"]
    actions.answers["validate_case_form"] = {
        "events": [{"event": "slot", "name": "case_confirmed", "value": True}]
    }

    assert texts(citizen.says("提交")) == ["action_open_case"]
    assert texts(citizen.says("查进度")) == ["action_case_status"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("身份证丢了怎么补办", "action_answer_question"),
        ("查进度", "action_case_status"),
        ("催办", "action_urge_case"),
    ],
)
def test_a_question_inside_the_form_is_answered_and_the_form_goes_on(citizen, actions, text, first):
    begin_form(citizen, actions)

    answered, asked = texts(citizen.says(text))

    assert answered == first
    assert asked.startswith("请说明事情的经过")


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("取消", "action_drop_case"),
        ("转人工", "action_hand_off"),
        ("着火了", "action_emergency"),
        ("我真的要崩溃了", "action_hand_off"),
    ],
)
def test_the_form_can_be_left_at_any_point(citizen, actions, text, action):
    begin_form(citizen, actions)

    assert texts(citizen.says(text)) == [action]

    actions.run.clear()
    citizen.says("身份证丢了怎么补办")
    assert actions.run == ["action_answer_question"]


def test_the_form_may_ask_for_something_that_is_no_slot(citizen, actions):
    begin_form(citizen, actions)
    actions.answers["validate_case_form"] = {
        "events": [
            {"event": "slot", "name": "case_tries", "value": 0},
            {"event": "slot", "name": "requested_slot", "value": "case_correction"},
        ]
    }

    [reply] = citizen.says("写错了")["replies"]

    assert reply["text"].startswith("您想改哪一项")
    assert {"title": "改电话", "says": "改电话"} in reply["choices"]


# --- a turn happens whole or not at all -----------------------------------------------------


def test_a_repeated_turn_says_the_same_without_doing_it_again(citizen, actions):
    first = citizen.says("身份证丢了怎么补办")

    again = citizen.says("身份证丢了怎么补办", retry=True)

    assert again == first
    assert actions.run == ["action_answer_question"]


def test_a_repetition_of_what_never_happened_is_a_turn(citizen, actions):
    citizen.said = 5

    assert texts(citizen.says("转人工", retry=True)) == ["action_hand_off"]


def test_a_turn_whose_action_fails_has_not_happened(citizen, actions):
    actions.answers["action_answer_question"] = OSError("gone")
    with pytest.raises(turns.TurnAborted) as aborted:
        citizen.says("身份证丢了怎么补办")
    actions.answers.clear()

    again = citizen.says("身份证丢了怎么补办", retry=True)

    assert aborted.value.code == turns.ACTIONS_DOWN
    assert texts(again) == ["action_answer_question"]
    assert actions.run == ["action_answer_question"] * 2


def test_a_turn_without_words_is_no_answer(citizen, actions):
    actions.answers["action_answer_question"] = {}

    for retry in (False, True):
        with pytest.raises(turns.TurnAborted) as aborted:
            citizen.says("身份证丢了怎么补办", retry=retry)
        assert aborted.value.code == turns.NOTHING_SAID


def test_ten_lines_at_once_are_answered_in_order(agent, actions):
    async def burst():
        lines = [
            _read(
                {
                    "sender": "burst",
                    "message_id": number,
                    "text": f"身份证丢了怎么补办{'？' * number}",
                }
            )
            for number in range(10)
        ]
        await asyncio.gather(*(take_turn(agent, line, False) for line in lines))
        return await agent.tracker_store.retrieve("burst")

    tracker = asyncio.run(burst())
    ids = [event.message_id for event in tracker.events if event.type_name == "user"]

    assert ids == [str(number) for number in range(10)]


# --- hostile input --------------------------------------------------------------------------
