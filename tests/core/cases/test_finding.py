"""Finding cases: by whom they may be seen, by unit, date, handler and words."""

from datetime import timedelta

import pytest

from core.cases import queries
from core.cases.queries import CaseFilter
from core.cases.services import accept_case, dispatch_case, reject_case, sign_for_case
from core.cases.states import CaseClass, CaseState, RejectionReason
from core.operators.permissions import Role
from tests.builders import a_case, a_department, an_operator


@pytest.fixture
def dispatcher(uow):
    return an_operator(uow, Role.DISPATCHER)


def dispatched(uow, dispatcher, department, **given):
    case = a_case(uow, **given)
    accept_case(uow, case.number, operator_id=dispatcher.id, case_class=CaseClass.GENERAL)
    return dispatch_case(
        uow,
        case.number,
        operator_id=dispatcher.id,
        department_id=department.id,
        requirements="",
        due_on=case.due_on,
    )


def found(uow, **given):
    return [case.number for case in queries.listed(uow.session, CaseFilter(**given))]


def test_words_are_looked_for_in_number_title_content_and_place(uow):
    lamp = a_case(uow, title="路灯", content="人民路的灯坏了", place="人民路与文化街路口")
    a_case(uow, title="噪音", content="夜里施工太吵")

    for words in (lamp.number.lower(), "路灯", "灯坏了", "文化街"):
        assert found(uow, words=words) == [lamp.number]


@pytest.mark.parametrize("words", ["100%", "a_b", "\\", "%", "_"])
def test_signs_that_mean_something_to_the_database_are_plain_words(uow, words):
    wanted = a_case(uow, content=f"内容里有 {words} 这个符号")
    a_case(uow, content="内容里没有那些符号 axb 1000")

    assert found(uow, words=words) == [wanted.number]


def test_a_unit_is_found_with_its_own_cases_only(uow, dispatcher):
    roads, parks = a_department(uow), a_department(uow)
    ours = dispatched(uow, dispatcher, roads)
    theirs = dispatched(uow, dispatcher, parks)

    assert found(uow, department_id=roads.id) == [ours.number]
    assert found(uow, department_ids={roads.id, parks.id}) == [ours.number, theirs.number][::-1]
    assert found(uow, department_id=roads.id, department_ids={parks.id}) == []


def test_a_handler_finds_what_is_in_the_own_hands(uow, dispatcher):
    roads = a_department(uow)
    mine, other = an_operator(uow, Role.HANDLER, department=roads), an_operator(uow)
    case = dispatched(uow, dispatcher, roads)
    dispatched(uow, dispatcher, roads)
    sign_for_case(uow, case.number, operator_id=mine.id)

    assert found(uow, handler_id=mine.id) == [case.number]
    assert found(uow, handler_id=other.id) == []


def test_due_dates_fit_only_cases_whose_citizen_is_still_owed_an_answer(uow, dispatcher):
    running, rejected = a_case(uow), a_case(uow)
    reject_case(
        uow,
        rejected.number,
        operator_id=dispatcher.id,
        reason=RejectionReason.NO_FACTS,
        explanation="请补充具体事实后再次提交。",
    )
    due, day = running.due_on, timedelta(days=1)

    assert found(uow, due_from=due, due_until=due) == [running.number]
    assert found(uow, due_from=due + day) == []
    assert found(uow, due_until=due - day) == []
    assert found(uow, overdue_on=due + day) == [running.number]


def test_a_page_continues_where_the_last_one_ended(uow):
    numbers = [a_case(uow).number for _ in range(5)]

    pages = [
        [case.number for case in queries.listed(uow.session, CaseFilter(), limit=2, offset=offset)]
        for offset in (0, 2, 4)
    ]

    assert sorted(number for page in pages for number in page) == sorted(numbers)
    assert queries.count(uow.session, CaseFilter()) == 5


def test_states_are_counted_among_the_wanted_cases(uow, dispatcher):
    roads = a_department(uow)
    dispatched(uow, dispatcher, roads, content="路灯坏了好几天")
    a_case(uow, content="路灯一直不亮")
    a_case(uow, content="噪音太大睡不着")

    counted = queries.counts(uow.session, CaseFilter(words="路灯"))

    assert counted[CaseState.DISPATCHED] == counted[CaseState.SUBMITTED] == 1
    assert sum(counted.values()) == 2
