"""The first page counts what needs somebody, for whoever may see it."""

import re
from datetime import date, timedelta

import pytest

from core.bootstrap import Core
from core.channels.services import raise_alarm
from core.channels.states import AlarmCode
from core.knowledge.services import submit_change
from core.messaging import ChannelName
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.builders import a_case, a_change, an_entry, an_operator
from tests.console.browsing import Visitor, words_of
from tests.console.conftest import SignInAs
from tests.console.desk.conversations import Talk
from tests.fakes import FakeClock

TILE = re.compile(r'class="tile-number">(\d+)</span><span class="tile-title">(.*?)</span>')


def tiles(visitor: Visitor) -> dict[str, str]:
    """Return the number on each tile by its title."""
    return {title: number for number, title in TILE.findall(visitor.get("/").text)}


@pytest.fixture
def talk(core: Core) -> Talk:
    return Talk(core)


def test_an_operator_sees_the_queue_and_the_own_conversations(
    seat: Visitor, operator: Operator, core: Core
):
    Talk(core).waits()
    Talk(core).waits()
    Talk(core).taken_by(operator.id)

    found = tiles(seat)

    assert (found["等待接入"], found["我接待的会话"]) == ("2", "1")


def test_overdue_cases_and_those_due_today_are_told_apart(
    sign_in_as: SignInAs, core: Core, clock: FakeClock
):
    with core.unit_of_work() as uow:
        case = a_case(uow)
    clock.now += timedelta(days=(case.due_on - date(2026, 3, 2)).days)
    dispatcher = sign_in_as(Role.DISPATCHER)
    assert (tiles(dispatcher)["今日到期工单"], tiles(dispatcher)["已超期工单"]) == ("1", "0")

    clock.advance(timedelta(days=1))
    dispatcher = sign_in_as(Role.DISPATCHER)

    assert (tiles(dispatcher)["今日到期工单"], tiles(dispatcher)["已超期工单"]) == ("0", "1")
    assert case.number in dispatcher.get("/").text


def test_a_handler_sees_nothing_of_other_units_cases(
    sign_in_as: SignInAs, core: Core, clock: FakeClock
):
    with core.unit_of_work() as uow:
        case = a_case(uow)
    clock.advance(timedelta(days=60))

    handler = sign_in_as(Role.HANDLER)

    assert tiles(handler)["已超期工单"] == "0"
    assert case.number not in handler.get("/").text


def test_knowledge_to_be_reviewed_is_counted(sign_in_as: SignInAs, core: Core):
    with core.unit_of_work() as uow:
        an_entry(uow, question="将到期", review_by=date(2026, 3, 20))
        an_entry(uow, question="还早", review_by=date(2026, 9, 20))

    editor = sign_in_as(Role.EDITOR)

    assert tiles(editor)["待复核知识"] == "1"
    assert "将到期" in editor.get("/").text
    assert "还早" not in editor.get("/").text


def test_messages_that_did_not_arrive_are_listed(seat: Visitor, operator: Operator, talk: Talk):
    talk.taken_by(operator.id)
    talk.delivery_fails(talk.last(), "市民已拉黑")

    page = seat.get("/")

    assert f'href="/desk/{talk.id}"' in page.text
    assert "市民已拉黑" in words_of(page)


def test_a_role_without_lists_here_is_led_to_the_menu(sign_in_as: SignInAs):
    assert "请从左侧菜单进入您的工作" in words_of(sign_in_as(Role.SYSTEM_ADMIN).get("/"))


def test_a_reviewer_sees_what_waits_for_review_and_nobody_elses_business(
    sign_in_as: SignInAs, core: Core
):
    with core.unit_of_work() as uow:
        change = a_change(uow, an_entry(uow), an_operator(uow), fee="免费")
        submit_change(uow, change.id, author_id=change.author_id)

    assert tiles(sign_in_as(Role.KNOWLEDGE_REVIEWER))["待审核的修改"] == "1"
    assert "待审核的修改" not in tiles(sign_in_as(Role.EDITOR))
    assert tiles(sign_in_as(Role.EDITOR))["待学习的问题"] == "0"


def test_alarms_of_the_accounts_are_counted_for_those_who_see_them(
    sign_in_as: SignInAs, core: Core
):
    with core.unit_of_work() as uow:
        raise_alarm(uow, ChannelName.WECHAT, "town", AlarmCode.SILENCE, "…")

    assert tiles(sign_in_as(Role.SYSTEM_ADMIN))["渠道告警"] == "1"
    assert "渠道告警" not in tiles(sign_in_as(Role.OPERATOR))


def test_the_board_refreshes_by_itself(seat: Visitor):
    answer = seat.get_fragment("/overview/board")

    assert answer.status_code == 200
    assert "<html" not in answer.text
