"""People take over: on the citizen's wish, in distress, in danger."""

from datetime import UTC, datetime

import pytest

from actions.emergency import ActionEmergency
from actions.hand_off import ActionHandOff
from core.conversations import queries
from core.conversations.services import take_over
from core.conversations.states import ConversationState, HandoffReason
from tests.builders import a_message, an_operator

SUNDAY = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def message(uow):
    message = a_message(uow)
    uow.session.commit()
    return message


@pytest.mark.parametrize(
    ("intent", "reason", "responses"),
    [
        ("request_human", HandoffReason.CITIZEN_ASKED, ["utter_hand_off"]),
        (
            "express_distress",
            HandoffReason.EMOTIONAL,
            ["utter_hand_off_distress", "utter_hand_off"],
        ),
    ],
)
def test_the_conversation_opens_to_people(session, run, message, intent, reason, responses):
    done = run(ActionHandOff(), message, intent=intent)

    conversation = queries.get(session, message.conversation_id)
    assert conversation.state is ConversationState.WAITING
    assert conversation.handoff_reason is reason
    assert queries.open_handoff(session, message.conversation_id).message_id == message.id
    assert done.responses == responses
    assert done.messages[-1]["position"] == 1


def test_outside_office_hours_the_expected_time_is_told(run, message, clock):
    clock.now = SUNDAY

    [said] = run(ActionHandOff(), message, intent="request_human").messages

    assert said["response"] == "utter_hand_off_closed"
    assert said["opens_at"] == "3月2日 08:30"
    assert said["hours"] == "08:30-12:00、14:30-18:00"


def test_asking_twice_keeps_the_place_in_the_queue(run, message):
    run(ActionHandOff(), message, intent="request_human")

    [said] = run(ActionHandOff(), message, intent="request_human").messages

    assert (said["response"], said["position"]) == ("utter_hand_off_again", 1)


def test_who_is_being_served_is_told_so(uow, run, message):
    operator = an_operator(uow)
    take_over(uow, message.conversation_id, operator_id=operator.id)
    uow.session.commit()

    assert run(ActionHandOff(), message).responses == ["utter_hand_off_taken"]


def test_in_danger_the_emergency_numbers_come_first(session, run, message):
    done = run(ActionEmergency(), message, intent="emergency")

    assert done.responses == ["utter_emergency", "utter_hand_off"]
    conversation = queries.get(session, message.conversation_id)
    assert conversation.handoff_reason is HandoffReason.EMERGENCY


def test_a_half_filled_form_is_forgotten(run, message):
    done = run(ActionHandOff(), message, slots={"case_kind": "投诉", "case_place": "幸福路"})

    assert done.slots["case_kind"] is None
    assert done.slots["case_place"] is None


@pytest.mark.parametrize("sender", ["4711", "default"])
def test_an_unknown_conversation_is_told_in_words(run, message, sender):
    done = run(ActionHandOff(), message, sender=sender)

    assert done.responses == ["utter_error_conversation_not_found"]
