"""The list: what is due first on top, filters, counts, pages, and only one's own unit."""

import re
from datetime import timedelta

import pytest

from console.cases.lists import PAGE
from core.cases.services import accept_case, dispatch_case, rate_case
from core.cases.states import CaseClass, CaseState, Priority, Rating
from core.operators.permissions import Role
from tests.console.browsing import Visitor, words_of
from tests.console.cases.files import Files
from tests.console.conftest import SignInAs


def listed(visitor: Visitor, path: str = "/cases/") -> list[str]:
    """Return the numbers of the cases on the page, in their order."""
    answer = visitor.get(path)
    assert answer.status_code == 200
    return re.findall(r'class="number">(WZ\d+)<', answer.text)


def tabs(visitor: Visitor, path: str = "/cases/") -> dict[str, int]:
    found = re.findall(r'>([^<>]+)<span class="tab-count">(\d+)<', visitor.get(path).text)
    return {title: int(count) for title, count in found}


def test_what_is_due_first_stands_on_top_and_what_has_ended_below(
    files: Files, supervisor: Visitor, clock
):
    closed = files.case(CaseState.CLOSED)
    early = files.case()
    clock.advance(timedelta(days=1))
    late = files.case()
    supervisor.sign_in(files.supervisor.login)

    assert listed(supervisor) == [early.number, late.number, closed.number]


def test_tabs_count_the_cases_of_each_state_and_filter_by_it(files: Files, supervisor: Visitor):
    first, second = files.case(), files.case()
    handling = files.case(CaseState.HANDLING)

    assert tabs(supervisor)["全部"] == 3
    assert tabs(supervisor)["待受理"] == 2
    assert tabs(supervisor)["办理中"] == 1
    assert listed(supervisor, "/cases/?state=handling") == [handling.number]
    assert set(listed(supervisor, "/cases/?state=submitted")) == {first.number, second.number}
    assert tabs(supervisor, "/cases/?state=handling")["待受理"] == 2


def test_the_date_tells_how_many_working_days_are_left(files: Files, supervisor: Visitor, clock):
    files.case()  # due on Wednesday, 11 March

    for days, words in (
        (0, "剩 7 个工作日"),
        (4, "剩 3 个工作日"),
        (9, "今天到期"),
        (10, "超期 1 个工作日"),
        (14, "超期 3 个工作日"),
    ):
        clock.now = clock.now.replace(day=2 + days)
        supervisor.sign_in(files.supervisor.login)
        assert words in words_of(supervisor.get("/cases/"))


def test_overdue_on_a_weekend_is_overdue_though_no_working_day_has_passed(
    files: Files, supervisor: Visitor, clock
):
    clock.advance(timedelta(days=2))  # Wednesday: due on Friday, 13 March
    files.case()
    clock.advance(timedelta(days=10))  # Saturday
    supervisor.sign_in(files.supervisor.login)

    assert "已超期" in words_of(supervisor.get("/cases/?due=overdue")).partition("提交")[2]


@pytest.mark.parametrize(
    ("due", "days_later", "is_listed"),
    [
        ("overdue", 9, False),
        ("overdue", 10, True),
        ("today", 8, False),
        ("today", 9, True),
        ("today", 10, False),
        ("soon", 3, False),
        ("soon", 4, True),
        ("soon", 9, True),
        ("soon", 10, False),
    ],
)
def test_cases_are_filtered_by_their_date(
    files: Files, supervisor: Visitor, clock, due: str, days_later: int, is_listed: bool
):
    case = files.case()  # submitted on 2 March, due on 11 March
    answered = files.case(CaseState.REPLIED)
    clock.advance(timedelta(days=days_later))
    supervisor.sign_in(files.supervisor.login)

    found = listed(supervisor, f"/cases/?due={due}")

    assert found == ([case.number] if is_listed else [])
    assert answered.number not in found


def test_a_unit_is_chosen_with_the_units_below_it(files: Files, supervisor: Visitor, department):
    section = department(parent_code=files.unit.code)
    ours = files.case(CaseState.DISPATCHED)
    theirs = files.case(CaseState.ACCEPTED)
    with files.core.unit_of_work() as uow:
        dispatch_case(
            uow,
            theirs.number,
            operator_id=files.dispatcher.id,
            department_id=section.id,
            requirements="",
            due_on=theirs.due_on,
        )

    assert set(listed(supervisor, f"/cases/?unit={files.unit.id}")) == {ours.number, theirs.number}
    assert listed(supervisor, f"/cases/?unit={section.id}") == [theirs.number]
    assert listed(supervisor, f"/cases/?unit={files.elsewhere.id}") == []


def test_words_are_looked_for(files: Files, supervisor: Visitor):
    lamp = files.case(content="人民路的路灯坏了好几天")
    files.case(content="半夜施工太吵，睡不着", title="施工噪音")

    assert listed(supervisor, "/cases/?words=路灯坏了") == [lamp.number]
    assert listed(supervisor, f"/cases/?words={lamp.number.lower()}") == [lamp.number]
    assert listed(supervisor, "/cases/?words=%25") == []


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_HEAD])
def test_units_see_their_own_cases_only_whatever_they_ask_for(
    files: Files, sign_in_as: SignInAs, person, role: Role
):
    ours = files.case(CaseState.HANDLING)
    files.case(CaseState.SUBMITTED)
    member = sign_in_as(operator=person(role, department=files.unit))
    stranger = sign_in_as(operator=person(role, department=files.elsewhere))

    assert listed(member) == [ours.number]
    assert tabs(member)["全部"] == 1
    for path in (
        "/cases/",
        f"/cases/?unit={files.unit.id}",
        f"/cases/?words={ours.number}",
        "/cases/?state=handling",
        "/cases/list",
        f"/cases/list?unit={files.unit.id}",
    ):
        assert listed(stranger, path) == []
    assert tabs(stranger)["全部"] == 0
    assert "全部承办单位" not in stranger.get("/cases/").text


def test_to_do_is_what_waits_for_somebody_like_me(
    files: Files, dispatcher: Visitor, handler: Visitor, head: Visitor, supervisor: Visitor
):
    by_state = {state: files.case(state).number for state in CaseState}

    def of(*states: CaseState) -> set[str]:
        return {by_state[state] for state in states}

    todo = "/cases/?mine=todo"
    assert set(listed(dispatcher, todo)) == of(
        CaseState.SUBMITTED, CaseState.ACCEPTED, CaseState.RETURNED
    )
    assert set(listed(handler, todo)) == of(CaseState.DISPATCHED, CaseState.HANDLING)
    assert set(listed(head, todo)) == of(
        CaseState.DISPATCHED, CaseState.HANDLING, CaseState.REVIEWING
    )
    assert set(listed(supervisor, todo)) == of(CaseState.ACCEPTED, CaseState.RETURNED)
    assert listed(handler, f"{todo}&state=reviewing") == []
    assert 'data-badge="cases" data-count="3"' in dispatcher.get("/cases/").text


def test_a_handler_finds_what_was_signed_for(files: Files, handler: Visitor, head: Visitor):
    mine = files.case(CaseState.HANDLING)
    files.case(CaseState.DISPATCHED)

    assert listed(handler, "/cases/?mine=handled") == [mine.number]
    assert listed(head, "/cases/?mine=handled") == []


def test_a_long_list_comes_in_pages(files: Files, supervisor: Visitor):
    numbers = {files.case().number for _ in range(PAGE + 3)}

    first, second = listed(supervisor), listed(supervisor, "/cases/?page=2")

    assert len(first) == PAGE
    assert set(first) | set(second) == numbers
    assert "第 2 / 2 页" in words_of(supervisor.get("/cases/?page=999"))
    assert listed(supervisor, "/cases/?page=2&words=nothing") == []


def test_a_page_keeps_its_filter(files: Files, supervisor: Visitor):
    for _ in range(PAGE + 1):
        files.case(content="路灯一直不亮")

    page = supervisor.get("/cases/?words=路灯&due=soon").text

    assert "page=2" not in page  # nothing is due soon
    page = supervisor.get("/cases/?words=路灯&state=submitted").text
    assert re.search(r'rel="next" href="[^"]*state=submitted[^"]*words=[^"]*page=2', page)


@pytest.mark.parametrize(
    "query",
    ["state=nonsense", "unit=abc", "unit=99999999999999999999", "due=x", "mine=x", "page=-1",
     "page=99999999999999999999", "page=abc", "words=%27%3B--", "state=&unit=&due=&mine="],
)  # fmt: skip
def test_nonsense_in_the_address_is_passed_over(files: Files, supervisor: Visitor, query: str):
    files.case()

    assert supervisor.get(f"/cases/?{query}").status_code == 200


def test_who_has_nothing_to_do_with_cases_is_kept_out(sign_in_as: SignInAs):
    for role in (Role.EDITOR, Role.KNOWLEDGE_REVIEWER, Role.SYSTEM_ADMIN, Role.AUDITOR):
        visitor = sign_in_as(role)
        assert visitor.get("/cases/").status_code == 403
        assert 'id="menu-cases"' not in visitor.get("/").text


def test_a_bad_rating_stands_out(files: Files, supervisor: Visitor):
    case = files.case(CaseState.REPLIED)
    with files.core.unit_of_work() as uow:
        rate_case(uow, case.number, rating=Rating.VERY_DISSATISFIED)

    assert "非常不满意" in words_of(supervisor.get("/cases/"))


def test_urgent_cases_are_marked(files: Files, supervisor: Visitor):
    case = files.case()
    with files.core.unit_of_work() as uow:
        accept_case(
            uow,
            case.number,
            operator_id=files.dispatcher.id,
            case_class=CaseClass.GENERAL,
            priority=Priority.CRITICAL,
        )

    assert "特急" in words_of(supervisor.get("/cases/"))
