"""The same thing done twice, or by two people at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.cases import queries
from core.cases.errors import IllegalTransition, StaleCase
from core.cases.queries import CaseFilter
from core.cases.services import accept_case, dispatch_case, urge_case
from core.cases.states import MAY_BE_URGED, CaseClass, CaseState
from core.operators.permissions import Role
from tests.builders import a_case, a_department, an_operator


def test_two_clicks_at_the_same_moment_open_one_case(fresh_core):
    def click(_):
        with fresh_core.unit_of_work() as uow:
            return a_case(uow, source_key="console:the-same-form").number

    with ThreadPoolExecutor(8) as clicks:
        numbers = set(clicks.map(click, range(8)))

    with fresh_core.unit_of_work() as uow:
        assert [case.number for case in queries.listed(uow.session, CaseFilter())] == list(numbers)


def test_the_second_click_on_urge_is_refused(uow):
    dispatcher = an_operator(uow, Role.DISPATCHER)
    case = a_case(uow)
    accept_case(uow, case.number, operator_id=dispatcher.id, case_class=CaseClass.GENERAL)
    seen = case.version
    urge_case(uow, case.number, operator_id=dispatcher.id, text="", seen_version=seen)

    with pytest.raises(StaleCase):
        urge_case(uow, case.number, operator_id=dispatcher.id, text="", seen_version=seen)

    assert case.urged_count == 1


def test_a_case_nobody_has_accepted_cannot_be_urged(uow):
    case = a_case(uow)

    with pytest.raises(IllegalTransition):
        urge_case(uow, case.number, operator_id=an_operator(uow).id, text="")

    assert CaseState.SUBMITTED not in MAY_BE_URGED


def test_a_case_that_is_overdue_already_is_dispatched_for_today(uow):
    case = a_case(uow)
    dispatcher, roads = an_operator(uow, Role.DISPATCHER), a_department(uow)
    accept_case(uow, case.number, operator_id=dispatcher.id, case_class=CaseClass.GENERAL)
    uow.now = uow.now.replace(month=5)

    dispatch_case(
        uow,
        case.number,
        operator_id=dispatcher.id,
        department_id=roads.id,
        requirements="",
        due_on=uow.today,
    )

    assert case.unit_due_on == uow.today > case.due_on
