"""The left column: who waits, whom I speak with, everybody else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from core.bootstrap import Core
from core.channels.services import AccountFacts, register_accounts
from core.conversations.services import hand_off
from core.conversations.states import HandoffReason
from core.messaging import ChannelName
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.builders import a_conversation, an_address
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


@pytest.fixture
def accounts(core: Core) -> None:
    with core.unit_of_work() as uow:
        register_accounts(
            uow,
            [
                AccountFacts(channel=channel, account=account, name=name, kind="service")
                for channel, account, name in (
                    (ChannelName.WECHAT, "town", "清河发布"),
                    (ChannelName.WECHAT, "county", "清河政务"),
                    (ChannelName.WEIBO, "town", "清河微博"),
                )
            ],
        )


@pytest.mark.usefixtures("accounts")
def test_every_line_tells_the_account_that_the_citizen_wrote_to(seat: Visitor, core: Core):
    for channel, account in ((ChannelName.WECHAT, "county"), (ChannelName.WEIBO, "town")):
        with core.unit_of_work() as uow:
            # The same number on two platforms: two people.
            address = an_address(channel=channel, account=account, platform_id="6688002345")
            conversation = a_conversation(uow, address=address)

        head = words_of(seat.get_fragment(f"/desk/{conversation.id}"))
        assert {"county": "清河政务", "town": "清河微博"}[account] in head
    read = words_of(seat.get_fragment("/desk/lists"))

    assert read.split("最近会话")[1].count("市民2345") == 2
    assert "清河政务" in read.split("最近会话")[1]
    assert "清河微博" in read.split("最近会话")[1]


@pytest.mark.usefixtures("accounts")
def test_the_lists_can_be_narrowed_to_an_account(seat: Visitor, core: Core):
    with core.unit_of_work() as uow:
        ours, theirs = (
            a_conversation(uow, address=an_address(account=account))
            for account in ("town", "county")
        )
        waiting = a_conversation(uow, address=an_address(account="county"))
        hand_off(uow, waiting.id, reason=HandoffReason.CITIZEN_ASKED)

    page = seat.get_fragment("/desk/lists?through=wechat/town").text

    assert f"recent-{ours.id}" in page
    assert f"recent-{theirs.id}" not in page
    assert f"waiting-{waiting.id}" not in page
    assert f"waiting-{waiting.id}" in seat.get_fragment("/desk/lists?through=wechat/county").text
    assert '<option value="wechat/town" selected>微信 · 清河发布</option>' in page


@pytest.mark.parametrize("wish", ["recent_state=drop+table&current=x", "through=x/y", "through=/"])
def test_a_filter_that_means_nothing_is_passed_over(seat: Visitor, wish: str):
    assert seat.get_fragment(f"/desk/lists?{wish}").status_code == 200
