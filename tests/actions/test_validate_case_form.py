"""A meaningless answer is asked again with an example, twice; then a person is offered."""

import pytest

from actions.validate_case_form import ValidateCaseForm
from tests.builders import a_message


@pytest.fixture
def answer(uow, run):
    message = a_message(uow)
    uow.session.commit()

    def give(text, *, requested="case_contact_phone", tries=0, **given):
        slots = {"requested_slot": requested, "case_kind": "投诉", "case_tries": tries}
        return run(ValidateCaseForm(), message, text=text, slots=slots, **given)

    return give


def test_a_good_answer_is_remembered_and_the_count_begins_anew(answer):
    done = answer("13812345678", tries=2)

    assert done.slots == {"case_contact_phone": "13812345678", "case_tries": 0}
    assert done.messages == []


@pytest.mark.parametrize("tries", [0, 1])
def test_a_meaningless_answer_is_asked_again_with_an_example(answer, tries):
    done = answer("哈哈", intent="nonsense", tries=tries)

    assert done.responses == ["utter_case_not_understood_case_contact_phone"]
    assert done.slots == {"case_tries": tries + 1, "requested_slot": "case_contact_phone"}


@pytest.mark.parametrize("tries", [2, 3, 9])
def test_after_two_a_person_is_offered(answer, tries):
    done = answer("哈哈", intent="nonsense", tries=tries)

    assert done.responses == ["utter_case_offer_person"]
    assert done.slots["requested_slot"] == "case_contact_phone"


def test_a_refusal_is_answered_with_the_reason(answer):
    assert answer("不告诉你").responses == ["utter_case_needs_contact"]


def test_what_is_not_for_the_form_leaves_no_event(answer):
    assert answer("转人工", intent="request_human").events == []


def test_after_an_interruption_the_message_is_not_taken_for_an_answer(answer):
    assert answer("幸福路18号", requested="case_place", comes_back=True).events == []


def test_an_unclear_correction_is_asked_about(answer):
    done = answer("写错了", intent="correct_answer")

    assert done.slots == {"case_tries": 0, "requested_slot": "case_correction"}
