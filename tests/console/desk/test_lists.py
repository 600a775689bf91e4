"""The left column: who waits, whom I speak with, everybody else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from core.bootstrap import Core
from core.conversations.states import HandoffReason
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.console.browsing import Visitor, words_of
from tests.console.desk.conversations import Talk
from tests.fakes import FakeClock


def test_the_queue_is_in_order_of_waiting_with_reason_and_time(
    seat: Visitor, core: Core, clock: FakeClock
):
    first = Talk(core).waits(HandoffReason.EMOTIONAL)
    clock.advance(timedelta(minutes=2, seconds=10))
    second = Talk(core).waits()

    page = seat.get("/desk/")

    assert page.text.index(f"waiting-{first.id}") < page.text.index(f"waiting-{second.id}")
    assert "情绪激动" in words_of(page)
    assert "2分10秒" in words_of(page)
    assert 'data-waited="130" data-target="180"' in " ".join(page.text.split())


@pytest.mark.parametrize(
    ("seconds", "tone"), [(119, ""), (120, "is-soon"), (179, "is-soon"), (180, "is-late")]
)
def test_waiting_turns_amber_before_the_target_and_red_after_it(
    seat: Visitor, core: Core, clock: FakeClock, seconds: int, tone: str
):
    Talk(core).waits()
    clock.advance(timedelta(seconds=seconds))

    [classes] = re.findall(r'class="waiting-time ?(.*?)"', seat.get_fragment("/desk/lists").text)

    assert classes.strip() == tone


def test_own_conversations_stand_apart_from_those_of_colleagues(
    seat: Visitor, operator: Operator, person: Callable[..., Operator], core: Core
):
    mine = Talk(core).taken_by(operator.id)
    theirs = Talk(core).taken_by(person(Role.OPERATOR, display_name="陈明").id)

    page = seat.get_fragment("/desk/lists").text
    own, recent = page.split("<h2>最近会话")

    assert f"/desk/{mine.id}" in own
    assert f"/desk/{theirs.id}" in recent
    assert "陈明" in recent


def test_unseen_messages_are_counted(seat: Visitor, operator: Operator, talk: Talk):
    talk.taken_by(operator.id)
    talk.citizen_says("在吗")
    talk.citizen_says("有人吗")

    assert '<span class="unseen" title="未看消息">3</span>' in seat.get_fragment("/desk/lists").text


def test_recent_conversations_can_be_narrowed_to_a_state(seat: Visitor, core: Core):
    with_bot, waiting = Talk(core), Talk(core).waits()
    with_bot.citizen_says()

    page = seat.get_fragment("/desk/lists?recent_state=bot").text.split("<h2>最近会话")[1]

    assert f"recent-{with_bot.id}" in page
    assert f"recent-{waiting.id}" not in page


def test_a_filter_that_means_nothing_is_passed_over(seat: Visitor):
    assert seat.get_fragment("/desk/lists?recent_state=drop+table&current=x").status_code == 200
