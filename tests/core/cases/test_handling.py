"""The case finds the unit that answers it."""

from datetime import date, timedelta

import pytest

from core import event_log
from core.cases import services
from core.cases.errors import (
    AlreadyUrgedToday,
    CaseNotFound,
    DueDateTooLate,
    IllegalTransition,
    MayNotReturn,
    NotYourUnit,
    ReasonMissing,
)
from core.cases.states import (
    MAY_BE_URGED,
    CaseClass,
    CaseState,
    Priority,
    RejectionReason,
)
from core.conversations import queries as conversations
from core.conversations.states import Author
from core.departments.errors import DepartmentHasNoContact, DepartmentNotFound
from core.operators.permissions import Role
from tests.builders import a_case, a_conversation, a_department, an_operator
from tests.core.cases import staff as by
from tests.core.cases.staff import a_case_in, some_staff
from tests.fakes import MONDAY

NO_REASONS = ["", "  \n "]


def logged(uow, case):
    return event_log.history(uow.session, f"case:{case.number}")


def said_by_desk(uow, conversation):
    thread = conversations.thread(uow.session, conversation.id)
    return [message.text for message in thread if message.author is Author.DESK]


# --- accepting ---------------------------------------------------------------------------------


def test_accepting_sets_class_priority_and_due_date(uow, staff):
    case = a_case(uow)

    by.accept(
        uow,
        staff,
        case,
        case_class=CaseClass.COMPLEX,
        priority=Priority.URGENT,
        reason="涉及多个路段",
    )

    assert case.state is CaseState.ACCEPTED
    assert (case.case_class, case.priority) == (CaseClass.COMPLEX, Priority.URGENT)
    assert case.due_on == date(2026, 3, 23)
    assert case.accepted_at == MONDAY
    assert logged(uow, case)[-1].data["reason"] == "涉及多个路段"


def test_the_due_date_counts_from_submission_not_from_acceptance(uow, staff):
    case = a_case(uow)
    uow.now += timedelta(days=2)

    by.accept(uow, staff, case)

    assert case.due_on == date(2026, 3, 11)


@pytest.mark.parametrize("case_class", [CaseClass.COMPLEX, CaseClass.MULTI_UNIT])
@pytest.mark.parametrize("reason", NO_REASONS)
def test_more_time_than_usual_needs_a_reason(uow, staff, case_class, reason):
    case = a_case(uow)

    with pytest.raises(ReasonMissing):
        by.accept(uow, staff, case, case_class=case_class, reason=reason)


def test_the_citizen_is_told_by_when_the_answer_comes(uow, staff):
    conversation = a_conversation(uow)
    case = a_case(uow, conversation_id=conversation.id)

    by.accept(uow, staff, case)

    assert "2026年3月11日" in said_by_desk(uow, conversation)[-1]


def test_an_unknown_case_is_not_found(uow, staff):
    with pytest.raises(CaseNotFound):
        services.accept_case(
            uow, "WZ202603029999", operator_id=staff.dispatcher.id, case_class=CaseClass.GENERAL
        )


# --- rejecting ---------------------------------------------------------------------------------


def test_rejecting_names_the_reason_and_the_open_way(uow, staff):
    conversation = a_conversation(uow)
    case = a_case(uow, conversation_id=conversation.id)

    by.reject(uow, staff, case, explanation=" 请向人民法院反映。 ")

    assert case.state is CaseState.REJECTED
    assert case.rejection_reason is RejectionReason.LITIGATION
    assert case.rejection_explanation == "请向人民法院反映。"
    assert "请向人民法院反映。" in said_by_desk(uow, conversation)[-1]


@pytest.mark.parametrize("explanation", NO_REASONS)
def test_a_rejection_must_name_the_way_that_is_open_instead(uow, staff, explanation):
    case = a_case(uow)

    with pytest.raises(ReasonMissing):
        by.reject(uow, staff, case, explanation=explanation)


# --- dispatching -------------------------------------------------------------------------------


def test_dispatching_gives_the_case_to_one_unit(uow, staff):
    case = a_case_in(uow, CaseState.ACCEPTED, staff)

    by.dispatch(uow, staff, case, requirements=" 请核实。 ", due_on=date(2026, 3, 10))

    assert case.state is CaseState.DISPATCHED
    assert case.department is staff.unit
    assert (case.requirements, case.unit_due_on) == ("请核实。", date(2026, 3, 10))
    assert logged(uow, case)[-1].data["department_id"] == staff.unit.id


def test_a_unit_may_not_be_given_more_time_than_the_citizen_was_promised(uow, staff):
    case = a_case_in(uow, CaseState.ACCEPTED, staff)

    with pytest.raises(DueDateTooLate) as refused:
        by.dispatch(uow, staff, case, due_on=case.due_on + timedelta(days=1))

    assert refused.value.details == {"due_on": "2026-03-11"}


@pytest.mark.parametrize("missing", [{"contact_name": None}, {"phone": None}, {"phone": ""}])
def test_a_unit_without_a_named_contact_is_given_no_case(uow, staff, missing):
    case = a_case_in(uow, CaseState.ACCEPTED, staff)
    nobody = a_department(uow, **missing)

    with pytest.raises(DepartmentHasNoContact):
        by.dispatch(uow, staff, case, department_id=nobody.id)


def test_an_unknown_unit_is_given_no_case(uow, staff):
    case = a_case_in(uow, CaseState.ACCEPTED, staff)

    with pytest.raises(DepartmentNotFound):
        by.dispatch(uow, staff, case, department_id=0)


# --- signing for -------------------------------------------------------------------------------


def test_whoever_signs_for_the_case_handles_it(uow, staff):
    conversation = a_conversation(uow)
    case = a_case_in(uow, CaseState.DISPATCHED, staff, conversation_id=conversation.id)

    by.sign_for(uow, staff, case)

    assert case.state is CaseState.HANDLING
    assert (case.handler_id, case.signed_for_at) == (staff.handler.id, MONDAY)
    assert staff.unit.name in said_by_desk(uow, conversation)[-1]


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (CaseState.DISPATCHED, by.sign_for),
        (CaseState.DISPATCHED, by.give_back),
        (CaseState.HANDLING, by.draft),
        (CaseState.REVIEWING, by.send_back),
        (CaseState.REVIEWING, by.reply),
    ],
)
def test_a_unit_acts_only_on_its_own_cases(uow, staff, state, step):
    case = a_case_in(uow, state, staff)
    stranger = an_operator(uow, Role.UNIT_HEAD)

    with pytest.raises(NotYourUnit):
        step(uow, staff, case, operator_id=stranger.id)


@pytest.mark.parametrize("step", [by.sign_for, by.give_back, by.draft, by.reply])
def test_a_case_that_lies_with_no_unit_is_nobodys_own(uow, staff, step):
    case = a_case_in(uow, CaseState.ACCEPTED, staff)

    with pytest.raises(NotYourUnit):
        step(uow, staff, case)


# --- returning ---------------------------------------------------------------------------------


def test_a_returned_case_waits_for_another_unit(uow, staff):
    case = a_case_in(uow, CaseState.DISPATCHED, staff)

    by.give_back(uow, staff, case, reason="由交通运输局负责")

    assert case.state is CaseState.RETURNED
    assert case.department_id is case.department is case.unit_due_on is None
    assert logged(uow, case)[-1].data == {
        "number": case.number,
        "department_id": staff.unit.id,
        "reason": "由交通运输局负责",
    }


def test_a_unit_returns_a_case_only_once(uow, staff):
    case = a_case_in(uow, CaseState.RETURNED, staff)
    by.dispatch(uow, staff, case)

    with pytest.raises(MayNotReturn):
        by.give_back(uow, staff, case)


def test_another_unit_may_still_return_it(uow, staff):
    case = a_case_in(uow, CaseState.RETURNED, staff)
    others = some_staff(uow)
    by.dispatch(uow, others, case)

    by.give_back(uow, others, case)

    assert case.state is CaseState.RETURNED
    assert case.returned_by == [staff.unit.id, others.unit.id]


def test_a_designated_unit_may_not_return_the_case(uow, staff):
    case = a_case_in(uow, CaseState.ACCEPTED, staff)
    by.dispatch(uow, staff, case, is_designated=True)

    with pytest.raises(MayNotReturn):
        by.give_back(uow, staff, case)


def test_a_case_signed_for_can_no_longer_be_returned(uow, staff):
    case = a_case_in(uow, CaseState.HANDLING, staff)

    with pytest.raises(IllegalTransition):
        by.give_back(uow, staff, case)


@pytest.mark.parametrize("reason", NO_REASONS)
def test_a_return_must_say_why(uow, staff, reason):
    case = a_case_in(uow, CaseState.DISPATCHED, staff)

    with pytest.raises(ReasonMissing):
        by.give_back(uow, staff, case, reason=reason)


# --- urging ------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(MAY_BE_URGED))
def test_staff_may_urge_a_case_until_it_is_answered(uow, staff, state):
    case = a_case_in(uow, state, staff)

    services.urge_case(uow, case.number, operator_id=staff.dispatcher.id, text="")

    assert (case.urged_count, case.urged_at) == (1, MONDAY)
    assert case.number in logged(uow, case)[-1].data["text"]


@pytest.mark.parametrize("state", sorted(set(CaseState) - MAY_BE_URGED))
def test_nobody_is_urged_about_a_case_that_lies_with_nobody(uow, staff, state):
    conversation = a_conversation(uow)
    case = a_case_in(uow, state, staff, conversation_id=conversation.id)

    with pytest.raises(IllegalTransition):
        services.urge_case(uow, case.number, operator_id=staff.dispatcher.id, text="")
    with pytest.raises(IllegalTransition):
        services.urge_own_case(uow, case.number, citizen_id=conversation.identity.citizen_id)

    assert case.urged_count == 0


def test_a_citizen_urges_once_a_day_of_the_office(uow, staff):
    conversation = a_conversation(uow)
    case = a_case_in(uow, CaseState.HANDLING, staff, conversation_id=conversation.id)
    citizen_id = conversation.identity.citizen_id
    uow.now = MONDAY.replace(hour=15, minute=59)  # 23:59 in the office
    services.urge_own_case(uow, case.number, citizen_id=citizen_id)

    with pytest.raises(AlreadyUrgedToday):
        services.urge_own_case(uow, case.number, citizen_id=citizen_id)
    uow.now = MONDAY.replace(hour=16)  # 00:00
    services.urge_own_case(uow, case.number, citizen_id=citizen_id)

    assert case.urged_count == 2


def test_a_citizen_cannot_urge_the_case_of_another(uow, staff):
    mine, theirs = a_conversation(uow), a_conversation(uow)
    case = a_case_in(uow, CaseState.HANDLING, staff, conversation_id=mine.id)

    with pytest.raises(CaseNotFound):
        services.urge_own_case(uow, case.number, citizen_id=theirs.identity.citizen_id)
