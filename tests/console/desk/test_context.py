"""What an operator knows before the first word."""

from datetime import timedelta

import pytest

from core.bootstrap import Core
from core.cases.models import Case
from core.conversations.states import HandoffReason
from core.messaging import InboundKind
from core.operators.models import Operator
from tests.builders import a_case, an_entry
from tests.console.browsing import Visitor, words_of
from tests.console.desk.conversations import FAQ_REASON, UNDERSTANDING, Talk
from tests.fakes import FakeClock


def test_the_context_sums_up_what_was_asked_and_answered(
    seat: Visitor, operator: Operator, core: Core, clock: FakeClock, talk: Talk
):
    with core.unit_of_work() as uow:
        an_entry(uow, slug="id_card_loss", question="身份证丢了怎么补领？")
    message = talk.citizen_says("身份证丢了怎么补办")
    talk.bot_answers(message, reason=FAQ_REASON, understanding=UNDERSTANDING)
    talk.waits(HandoffReason.TWO_MISSES).taken_by(operator.id)
    clock.advance(timedelta(seconds=1))
    talk.citizen_says("后来说的话")

    read = words_of(seat.get_fragment(f"/desk/{talk.id}/context"))

    assert "连续两次未能解答" in read
    assert "身份证丢了怎么补办 已答：身份证丢了怎么补领？" in read
    assert "WZ202603020001" in read
    assert "后来说的话" not in read


@pytest.fixture
def own_case(core: Core, talk: Talk) -> Case:
    talk.citizen_says()
    with core.unit_of_work() as uow:
        return a_case(uow, conversation_id=talk.id)


def test_the_context_lists_the_citizens_cases(seat: Visitor, talk: Talk, own_case: Case):
    page = seat.get_fragment(f"/desk/{talk.id}/context")

    assert f'href="/cases/{own_case.number}"' in page.text
    assert f"期限 {own_case.due_on:%Y-%m-%d}" in words_of(page)
    assert "待受理" in words_of(page)


def test_another_citizens_cases_are_not_shown(seat: Visitor, core: Core, own_case: Case):
    other = Talk(core)
    other.citizen_says()

    assert "没有工单" in words_of(seat.get_fragment(f"/desk/{other.id}/context"))


def test_the_context_tells_of_earlier_stays_with_people(
    seat: Visitor, operator: Operator, talk: Talk
):
    talk.taken_by(operator.id)
    seat.press(f"/desk/{talk.id}/close")

    read = words_of(seat.get_fragment(f"/desk/{talk.id}/context"))

    assert "当前未转人工" in read
    assert "以往人工服务" in read
    assert "市民要求人工 · 王芳" in read


def test_a_citizen_who_left_is_marked_and_cannot_be_replied_to(
    seat: Visitor, operator: Operator, talk: Talk
):
    talk.taken_by(operator.id)
    talk.citizen_says("", kind=InboundKind.UNFOLLOW)

    page = seat.get(f"/desk/{talk.id}")

    assert "已取消关注" in words_of(page)
    assert 'id="reply-text"' not in page.text
