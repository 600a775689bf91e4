"""Cases from the chat: opened once, told to their own citizen, urged once a day."""

from datetime import timedelta

import pytest

from actions.ask_to_confirm import ActionAskCaseFormCaseConfirmed
from actions.case_status import ActionCaseStatus
from actions.drop_case import ActionDropCase
from actions.open_case import ActionOpenCase
from actions.urge_case import ActionUrgeCase
from core.cases import queries as cases
from core.cases.services import accept_case
from core.cases.states import CaseClass, CaseKind, CaseSource
from core.conversations import queries as conversations
from core.operators.permissions import Role
from tests.builders import a_case, a_message, an_operator

FILLED = {
    "case_kind": "投诉",
    "case_content": "楼下烧烤店每天晚上油烟很大，希望处理。",
    "case_place": "幸福路18号",
    "case_contact_name": "张三",
    "case_contact_phone": "13812345678",
    "case_confirmed": True,
}


@pytest.fixture
def message(uow):
    message = a_message(uow)
    uow.session.commit()
    return message


def own_case(uow, message, **given):
    case = a_case(uow, conversation_id=message.conversation_id, **given)
    uow.session.commit()
    return case


def accepted_case(uow, message, **given):
    case = own_case(uow, message, **given)
    dispatcher = an_operator(uow, Role.DISPATCHER)
    accept_case(uow, case.number, operator_id=dispatcher.id, case_class=CaseClass.GENERAL)
    uow.session.commit()
    return case


# --- opening --------------------------------------------------------------------------------


def test_the_filled_form_becomes_a_case_of_its_citizen(uow, run, session, message):
    [said] = run(ActionOpenCase(), message, slots=FILLED).messages

    case = cases.get(session, said["number"])
    citizen = conversations.get(session, message.conversation_id).identity
    assert (case.kind, case.source) == (CaseKind.COMPLAINT, CaseSource.WECHAT)
    assert (case.content, case.place) == (FILLED["case_content"], "幸福路18号")
    assert case.citizen_id == citizen.citizen_id
    assert uow.seal.open(case.contact_phone) == "13812345678"
    assert case.acknowledged_at is not None


def test_the_citizen_is_told_number_query_code_and_date(run, session, message):
    [said] = run(ActionOpenCase(), message, slots=FILLED).messages

    case = cases.get(session, said["number"])
    assert said["response"] == "utter_case_opened"
    assert said["query_code"] == case.query_code
    assert said["due_on"] == "2026年3月11日"


def test_the_same_message_opens_one_case(run, session, message):
    numbers = {run(ActionOpenCase(), message, slots=FILLED).messages[0]["number"] for _ in range(2)}

    assert len(numbers) == 1
    assert len(cases.open_of_conversation(session, message.conversation_id)) == 1


def test_the_form_is_empty_afterwards(run, message):
    done = run(ActionOpenCase(), message, slots=FILLED)

    assert {name: done.slots[name] for name in FILLED} == dict.fromkeys(FILLED)


def test_a_suggestion_may_be_anonymous(run, session, message):
    unnamed = {"case_kind": "建议", "case_contact_name": "匿名", "case_contact_phone": "匿名"}

    [said] = run(ActionOpenCase(), message, slots=FILLED | unnamed | {"case_place": "无"}).messages

    case = cases.get(session, said["number"])
    assert (case.contact_name, case.contact_phone, case.place) == (None, None, None)


def test_a_broken_rule_is_told_in_words_and_nothing_is_opened(run, session, message):
    done = run(ActionOpenCase(), message, slots=FILLED | {"case_contact_phone": "匿名"})

    assert done.responses == ["utter_error_case_contact_missing"]
    assert done.slots["case_kind"] is None
    assert cases.open_of_conversation(session, message.conversation_id) == []


def test_the_summary_hides_the_middle_of_the_phone(run, message):
    [said] = run(ActionAskCaseFormCaseConfirmed(), message, slots=FILLED).messages

    assert "138****5678" in said["text"]
    assert "13812345678" not in said["text"]
    assert [button["payload"] for button in said["buttons"]] == ["提交", "修改", "取消"]


def test_a_dropped_form_is_forgotten(run, message):
    done = run(ActionDropCase(), message, slots=FILLED)

    assert done.responses == ["utter_case_dropped"]
    assert set(done.slots.values()) == {None}


# --- how a case stands ----------------------------------------------------------------------


def test_the_only_case_is_told_without_its_number(uow, run, message):
    case = own_case(uow, message)

    said, page = run(ActionCaseStatus(), message).messages

    assert "/c/enter/demo?next=/c/mine" in page["text"]
    assert said["response"] == "utter_case_status_submitted"
    assert said["number"] == case.number
    assert said["due_on"] == "2026年3月11日"


def test_of_several_cases_the_citizen_chooses(uow, run, message):
    numbers = [own_case(uow, message).number for _ in range(2)]

    done = run(ActionCaseStatus(), message)

    assert done.responses == ["utter_which_case_status"]
    assert sorted(done.said) == sorted(numbers)


def test_a_named_case_is_told(uow, run, message):
    number = own_case(uow, message).number
    own_case(uow, message)

    [said] = run(ActionCaseStatus(), message, entities={"case_number": number}).messages

    assert said["number"] == number


def test_a_stranger_learns_nothing_not_even_that_the_case_exists(uow, run, message):
    theirs = own_case(uow, a_message(uow)).number

    known = run(ActionCaseStatus(), message, entities={"case_number": theirs})
    unknown = run(ActionCaseStatus(), message, entities={"case_number": "WZ209901010001"})

    assert known.responses == unknown.responses == ["utter_error_case_not_found"]


def test_who_knows_the_query_code_may_ask(uow, run, message):
    theirs = own_case(uow, a_message(uow))
    known = {"case_number": theirs.number, "query_code": theirs.query_code}

    [said] = run(ActionCaseStatus(), message, entities=known).messages

    assert said["number"] == theirs.number


def test_who_has_no_case_is_shown_how_to_open_one(run, message):
    assert run(ActionCaseStatus(), message).responses == ["utter_no_cases"]


# --- urging ---------------------------------------------------------------------------------


def test_the_only_open_case_is_urged(uow, session, run, message):
    case = accepted_case(uow, message)

    [said] = run(ActionUrgeCase(), message).messages

    assert (said["response"], said["number"]) == ("utter_case_urged", case.number)
    session.expire_all()
    assert cases.get(session, case.number).urged_count == 1


def test_a_case_is_urged_once_a_day(uow, run, message, clock):
    accepted_case(uow, message)
    run(ActionUrgeCase(), message)

    same_day = run(ActionUrgeCase(), message)
    clock.advance(timedelta(days=1))
    next_day = run(ActionUrgeCase(), message)

    assert same_day.responses == ["utter_error_already_urged_today"]
    assert next_day.responses == ["utter_case_urged"]


def test_a_case_that_waits_to_be_accepted_cannot_be_urged_yet(uow, run, message):
    own_case(uow, message)

    assert run(ActionUrgeCase(), message).responses == ["utter_case_urge_too_early"]


def test_of_several_open_cases_the_citizen_chooses_which_to_urge(uow, run, message):
    numbers = [accepted_case(uow, message).number for _ in range(2)]

    assert sorted(run(ActionUrgeCase(), message).said) == sorted(f"催办{n}" for n in numbers)


def test_a_strangers_case_cannot_be_urged(uow, run, message):
    theirs = accepted_case(uow, a_message(uow)).number

    done = run(ActionUrgeCase(), message, entities={"case_number": theirs})

    assert done.responses == ["utter_error_case_not_found"]


def test_without_open_cases_there_is_nothing_to_urge(run, message):
    assert run(ActionUrgeCase(), message).responses == ["utter_no_open_cases"]
