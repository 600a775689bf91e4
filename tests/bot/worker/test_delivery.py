from datetime import timedelta

import pytest

from bot.channels.base import DeliveryFailed, Remedy
from bot.worker.delivery import Deliveries
from core.channels import queries as account_queries
from core.channels import services as accounts
from core.channels.services import AccountFacts
from core.clock import office_time
from core.conversations import queries
from core.conversations.services import Reply, record_turn, say_as_desk, send_again, spend
from core.conversations.states import DeliveryState, DeliveryWay, HeldFor
from core.messaging import ChannelName
from tests.builders import a_message, an_operator
from tests.fakes import FakeChannel


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def deliveries(core, channel) -> Deliveries:
    return Deliveries(core, {(ChannelName.WECHAT, "demo"): channel})


def said(core, *texts, **given):
    """Return a citizen's message to which the bot has answered `texts`."""
    with core.unit_of_work() as uow:
        message = a_message(uow, **given)
    with core.unit_of_work() as uow:
        record_turn(uow, message.id, [Reply(text) for text in texts])
    return message


def deliveries_of(core, message):
    with core.unit_of_work() as uow:
        replies = queries.replies_to(uow.session, message.id)
        return [reply.delivery for reply in replies]


def test_everything_owed_is_sent_in_order(core, deliveries, channel):
    message = said(core, "一", "二", "三")

    deliveries.deliver(message.conversation_id)

    assert channel.delivered_texts == ["一", "二", "三"]
    ends = [(row.state, row.way) for row in deliveries_of(core, message)]
    assert ends == [(DeliveryState.SENT, DeliveryWay.API)] * 3


def test_what_a_webhook_may_still_carry_is_left_to_it(core, clock, deliveries, channel):
    message = said(core, "一", passive_until=clock.now + timedelta(seconds=4))

    deliveries.deliver(message.conversation_id)
    assert channel.delivered_texts == []

    clock.advance(timedelta(seconds=5))
    deliveries.deliver(message.conversation_id)
    assert channel.delivered_texts == ["一"]


def test_a_busy_platform_is_asked_again_later_and_nothing_overtakes(
    core, clock, deliveries, channel
):
    channel.refusal = DeliveryFailed("系统繁忙", remedy=Remedy.RETRY_LATER, platform_code=-1)
    message = said(core, "一", "二")

    deliveries.deliver(message.conversation_id)
    channel.refusal = None
    deliveries.deliver(message.conversation_id)
    assert channel.delivered_texts == []

    clock.advance(timedelta(seconds=6))
    deliveries.deliver(message.conversation_id)
    assert channel.delivered_texts == ["一", "二"]


def test_a_final_refusal_is_visible_with_its_reason_and_holds_up_nothing(core, deliveries, channel):
    channel.refusals = [DeliveryFailed("拒绝接收", remedy=Remedy.UNREACHABLE, platform_code=43019)]
    message = said(core, "一", "二")

    deliveries.deliver(message.conversation_id)

    first, second = deliveries_of(core, message)
    assert (first.state, first.error_code, first.error) == (
        DeliveryState.FAILED,
        "43019",
        "拒绝接收",
    )
    assert second.state is DeliveryState.SENT


def test_what_may_have_arrived_is_not_sent_again_by_itself(core, clock, deliveries, channel):
    channel.refusals = [
        DeliveryFailed("no answer", remedy=Remedy.RETRY_LATER, is_outcome_unknown=True)
    ]
    message = said(core, "一")

    deliveries.deliver(message.conversation_id)
    (row,) = deliveries_of(core, message)
    assert row.state is DeliveryState.SENDING  # it may still arrive
    clock.advance(timedelta(hours=1))
    deliveries.deliver(message.conversation_id)

    assert channel.delivered_texts == []
    (row,) = deliveries_of(core, message)
    assert (row.state, row.error_code) == (DeliveryState.FAILED, "outcome_unknown")


def test_staff_can_send_a_failed_message_again(core, deliveries, channel):
    channel.refusals = [DeliveryFailed("受限", remedy=Remedy.ALARM, platform_code=50002)]
    message = said(core, "一")
    deliveries.deliver(message.conversation_id)
    (row,) = deliveries_of(core, message)

    with core.unit_of_work() as uow:
        send_again(uow, row.message_id, operator_id=an_operator(uow).id)
    deliveries.deliver(message.conversation_id)

    assert channel.delivered_texts == ["一"]


def test_retries_end_after_six_attempts(core, clock, deliveries, channel):
    channel.refusal = DeliveryFailed("系统繁忙", remedy=Remedy.RETRY_LATER, platform_code=-1)
    message = said(core, "一")

    for _ in range(10):
        deliveries.deliver(message.conversation_id)
        clock.advance(timedelta(hours=1))

    (row,) = deliveries_of(core, message)
    assert (row.state, row.attempts) == (DeliveryState.FAILED, 6)


def test_a_long_message_goes_on_where_it_broke_off(core, clock, deliveries, channel):
    channel.refusals = [
        DeliveryFailed("系统繁忙", remedy=Remedy.RETRY_LATER, platform_code=-1, parts_delivered=2)
    ]
    message = said(core, "很长")
    deliveries.deliver(message.conversation_id)

    clock.advance(timedelta(minutes=1))
    deliveries.deliver(message.conversation_id)

    assert channel.delivered_from_part == [2]


def test_an_account_that_left_the_settings_fails_visibly(core, channel):
    message = said(core, "一")

    Deliveries(core, {}).deliver(message.conversation_id)

    (row,) = deliveries_of(core, message)
    assert (row.state, row.error_code) == (DeliveryState.FAILED, "no_such_account")


def test_words_of_the_desk_itself_are_delivered_too(core, deliveries, channel):
    message = said(core)
    with core.unit_of_work() as uow:
        say_as_desk(uow, message.conversation_id, text="工单已受理")

    deliveries.deliver(message.conversation_id)

    assert channel.delivered_texts == ["工单已受理"]


@pytest.mark.parametrize("remedy", [Remedy.QUOTA_USED, Remedy.WINDOW_CLOSED])
def test_when_the_platform_takes_no_more_the_words_wait_for_the_citizen_to_write(
    core, clock, deliveries, channel, remedy
):
    channel.refusals = [DeliveryFailed("下行条数已用完", remedy=remedy, platform_code=45047)]
    message = said(core, "一", "二")
    deliveries.deliver(message.conversation_id)
    clock.advance(timedelta(hours=1))
    deliveries.deliver(message.conversation_id)
    assert channel.delivered_texts == []
    held = [row.state for row in deliveries_of(core, message)]
    assert held == [DeliveryState.HELD, DeliveryState.HELD]

    with core.unit_of_work() as uow:
        address = queries.get(uow.session, message.conversation_id).identity.address
        a_message(uow, address=address)
    deliveries.deliver(message.conversation_id)

    assert channel.delivered_texts == ["一", "二"]


def test_what_fits_into_one_message_goes_together_and_spares_the_quota(core, deliveries, channel):
    channel.room = 3
    message = said(core, "一", "二", "三", "四")

    deliveries.deliver(message.conversation_id)

    assert channel.delivered_texts == ["一\n\n二\n\n三", "四"]
    assert all(row.state is DeliveryState.SENT for row in deliveries_of(core, message))


def test_what_went_together_fails_together_and_is_tried_again_together(
    core, clock, deliveries, channel
):
    channel.room = 2
    channel.refusals = [DeliveryFailed("系统繁忙", remedy=Remedy.RETRY_LATER, platform_code=-1)]
    message = said(core, "一", "二")
    deliveries.deliver(message.conversation_id)

    clock.advance(timedelta(minutes=1))
    deliveries.deliver(message.conversation_id)

    assert channel.delivered_texts == ["一\n\n二"]


def test_with_nothing_left_the_platform_is_not_asked(core, deliveries, channel):
    message = said(core, "一")
    with core.unit_of_work() as uow:
        spend(uow, message.conversation_id, 5)

    deliveries.deliver(message.conversation_id)

    assert channel.delivered_texts == []
    [row] = deliveries_of(core, message)
    assert (row.state, row.held_for, row.attempts) == (DeliveryState.HELD, HeldFor.QUOTA_USED, 0)


def test_sending_is_noted_in_the_ledger_and_the_platforms_word_corrects_it(
    core, deliveries, channel
):
    message = said(core, "一", "二")
    channel.refusals = [
        None,
        DeliveryFailed("条数已用完", remedy=Remedy.QUOTA_USED, platform_code=45047),
    ]
    deliveries.deliver(message.conversation_id)

    assert channel.allowed == [5, 4]
    with core.unit_of_work() as uow:
        identity = queries.get(uow.session, message.conversation_id).identity
        assert queries.room_for(uow.session, identity, uow.now).closed_for is HeldFor.QUOTA_USED


def test_a_used_up_day_is_waited_for_and_costs_no_attempt(core, clock, deliveries, channel):
    channel.refusals = [
        DeliveryFailed("超过每日限额", remedy=Remedy.RETRY_TOMORROW, platform_code=45009)
    ]
    message = said(core, "一")
    deliveries.deliver(message.conversation_id)

    [row] = deliveries_of(core, message)
    assert (row.state, row.attempts) == (DeliveryState.PENDING, 0)
    assert office_time(row.leased_until).isoformat() == "2026-03-03T00:00:00+08:00"

    clock.now = row.leased_until
    deliveries.deliver(message.conversation_id)
    assert channel.delivered_texts == ["一"]


def test_a_busy_platform_is_asked_three_times(core, clock, deliveries, channel):
    channel.refusal = DeliveryFailed("系统繁忙", remedy=Remedy.RETRY_BRIEFLY, platform_code=-1)
    message = said(core, "一")

    for _ in range(5):
        deliveries.deliver(message.conversation_id)
        clock.advance(timedelta(minutes=5))

    [row] = deliveries_of(core, message)
    assert (row.state, row.attempts) == (DeliveryState.FAILED, 3)


def test_an_account_that_may_not_send_waits_for_citizens(core, deliveries, channel):
    with core.unit_of_work() as uow:
        rights = frozenset({"customer_service"})
        facts = AccountFacts(
            channel=ChannelName.WECHAT, account="demo", name="号", kind="service", rights=rights
        )
        accounts.register_accounts(uow, [facts])
    channel.refusals = [DeliveryFailed("无权限", remedy=Remedy.PASSIVE_ONLY, platform_code=48001)]
    message = said(core, "一", "二")

    deliveries.deliver(message.conversation_id)
    deliveries.deliver(message.conversation_id)

    rows = deliveries_of(core, message)
    assert [(row.state, row.held_for) for row in rows] == [
        (DeliveryState.HELD, HeldFor.PASSIVE_ONLY)
    ] * 2
    assert channel.delivered_texts == []
    with core.unit_of_work() as uow:
        assert not account_queries.may_send(uow.session, ChannelName.WECHAT, "demo", uow.now)


def test_a_citizen_who_cannot_be_reached_is_marked(core, deliveries, channel):
    channel.refusals = [DeliveryFailed("未关注", remedy=Remedy.UNREACHABLE, platform_code=43004)]
    message = said(core, "一")

    deliveries.deliver(message.conversation_id)

    with core.unit_of_work() as uow:
        identity = queries.get(uow.session, message.conversation_id).identity
    assert identity.unreachable_code == "43004"


def test_an_account_without_menus_is_remembered_and_offered_links_at_once(
    core, deliveries, channel
):
    with core.unit_of_work() as uow:
        rights = frozenset({"customer_service"})
        facts = AccountFacts(
            channel=ChannelName.WECHAT, account="demo", name="号", kind="service", rights=rights
        )
        accounts.register_accounts(uow, [facts])
    channel.refusals = [DeliveryFailed("不支持", remedy=Remedy.NO_MENUS, platform_code=40200)]
    message = said(core, "请选择")

    deliveries.deliver(message.conversation_id)
    deliveries.deliver(message.conversation_id)

    [(_, words, _)] = channel.delivered
    assert words.has_plain_choices
    [row] = deliveries_of(core, message)
    assert (row.state, row.attempts) == (DeliveryState.SENT, 1)
