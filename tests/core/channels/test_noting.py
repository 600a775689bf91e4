"""Traffic is counted per account and day, and a day's calls end where the platform ends them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from core.channels import queries
from core.channels.services import (
    AccountFacts,
    note_delivery,
    note_error,
    note_push,
    note_refused_push,
    note_token,
    register_accounts,
    spend_call,
)
from core.channels.states import Tally
from core.messaging import ChannelName

WECHAT, WEIBO = ChannelName.WECHAT, ChannelName.WEIBO


def register(uow):
    register_accounts(uow, [AccountFacts(channel=WECHAT, account="town", name="", kind="service")])


def health_of(uow, account="town"):
    return next(
        one for one in queries.health(uow.session, uow.today) if one.account.account == account
    )


def test_pushes_and_deliveries_are_counted_and_the_last_of_them_is_known(uow):
    register(uow)
    note_push(uow, WECHAT, "town", count=3)
    note_push(uow, WECHAT, "town")
    note_delivery(uow, WECHAT, "town", count=2)

    health = health_of(uow)
    assert health.tallies == {Tally.PUSHES: 4, Tally.DELIVERIES: 2}
    assert (health.account.last_push_at, health.account.last_delivery_at) == (uow.now, uow.now)


def test_refused_pushes_are_told_apart_by_reason(uow):
    register(uow)
    note_refused_push(uow, WECHAT, "town", "invalid_signature", count=5)
    note_refused_push(uow, WECHAT, "town", "stale_push")

    health = health_of(uow)
    assert health.refusals == {"invalid_signature": 5, "stale_push": 1}
    assert health.tallies == {Tally.REFUSED_PUSHES: 6}
    assert health.account.last_push_at is None


def test_the_last_error_is_kept_with_its_reason(uow):
    register(uow)
    note_error(uow, WECHAT, "town", "45009", "接口调用超过每日限额")
    note_error(uow, WECHAT, "town", "45047", "客" * 1000)

    health = health_of(uow)
    assert health.account.last_error_code == "45047"
    assert len(health.account.last_error_reason) == 500
    assert health.tallies[Tally.ERRORS] == 2


def test_the_token_tells_its_age_and_its_end(uow):
    register(uow)
    ends = uow.now + timedelta(hours=2)
    note_token(uow, WECHAT, "town", obtained_at=uow.now, expires_at=ends)

    account = queries.get(uow.session, WECHAT, "town")
    assert (account.token_obtained_at, account.token_expires_at) == (uow.now, ends)


def test_what_happens_on_an_unknown_account_breaks_nothing(uow):
    note_push(uow, WECHAT, "nowhere")
    note_error(uow, WECHAT, "nowhere", "40013", "AppID 不合法")

    counted = {one.tally for one in queries.tallies_since(uow.session, uow.today)}
    assert counted == {Tally.PUSHES, Tally.ERRORS}


def test_calls_end_with_the_limit_of_the_day(uow):
    spent = [spend_call(uow, WEIBO, "desk", "open_api", limit=3) for _ in range(5)]

    assert spent == [True, True, True, False, False]
    assert queries.calls_spent(uow.session, WEIBO, "desk", "open_api", uow.today) == 3


def test_nothing_is_spent_where_nothing_is_allowed(uow):
    assert spend_call(uow, WEIBO, "desk", "open_api", limit=0) is False
    assert queries.calls_spent(uow.session, WEIBO, "desk", "open_api", uow.today) == 0


def test_without_a_limit_calls_are_only_counted(uow):
    assert all(spend_call(uow, WECHAT, "town", "message", limit=None) for _ in range(3))
    assert queries.calls_spent(uow.session, WECHAT, "town", "message", uow.today) == 3


def test_accounts_and_kinds_have_budgets_of_their_own(uow):
    assert spend_call(uow, WEIBO, "desk", "open_api", limit=1)
    assert spend_call(uow, WEIBO, "desk", "comments", limit=1)
    assert spend_call(uow, WEIBO, "other", "open_api", limit=1)
    assert not spend_call(uow, WEIBO, "desk", "open_api", limit=1)


def test_a_new_day_in_china_brings_new_calls(core, clock):
    clock.now = clock.now.replace(hour=15, minute=59)  # 23:59 in the office
    with core.unit_of_work() as uow:
        assert spend_call(uow, WEIBO, "desk", "open_api", limit=1)
        assert not spend_call(uow, WEIBO, "desk", "open_api", limit=1)
    clock.advance(timedelta(minutes=2))
    with core.unit_of_work() as uow:
        assert spend_call(uow, WEIBO, "desk", "open_api", limit=1)


def test_two_processes_never_spend_the_same_call(fresh_core):
    def spend(_):
        with fresh_core.unit_of_work() as uow:
            return spend_call(uow, WEIBO, "desk", "open_api", limit=10)

    with ThreadPoolExecutor(4) as pool:
        spent = list(pool.map(spend, range(30)))

    assert spent.count(True) == 10
