"""The watch sees what no single push shows: silence, tokens that end, calls that run out."""

from datetime import timedelta

import pytest

from bot.worker.watching import Watch
from config.settings import Settings
from core.channels import queries
from core.channels.services import (
    AccountFacts,
    note_calls,
    note_push,
    raise_alarm,
    register_accounts,
)
from core.channels.states import AlarmCode
from core.messaging import ChannelName
from tests.bot.channels.weibo import platform as weibo

WECHAT, WEIBO = ChannelName.WECHAT, ChannelName.WEIBO


@pytest.fixture(autouse=True)
def _registered(core):
    with core.unit_of_work() as uow:
        register_accounts(
            uow,
            [
                AccountFacts(channel=WECHAT, account="town", name="清河发布", kind="service"),
                AccountFacts(channel=WEIBO, account="desk", name="清河微博", kind="weibo"),
            ],
        )


def watch(core, *, silence_hours=0.0, **account):
    settings = Settings(
        _env_file=None,
        secret_key="s" * 16,
        data_key="d" * 16,
        silence_alarm_hours=silence_hours,
        weibo={"desk": weibo.an_account(**{"token_expires_on": "2999-01-01"} | account)},
    )
    return Watch(core, settings)


def open_alarms(core, channel=None):
    with core.unit_of_work() as uow:
        alarms = queries.open_alarms(uow.session, channel)
        return {alarm.code: alarm.count for alarm in alarms}


def test_an_account_that_works_raises_nothing(core):
    watch(core).look()

    assert open_alarms(core) == {}


def test_silence_is_counted_in_office_hours(core, clock):
    looking = watch(core, silence_hours=3)
    clock.advance(timedelta(hours=2))  # 12:00, the desk closes until 14:30
    clock.advance(timedelta(hours=2, minutes=45))
    looking.look()
    assert open_alarms(core) == {}

    clock.advance(timedelta(hours=1))  # two hours before noon, one and a quarter after
    looking.look()
    looking.look()

    assert open_alarms(core, WECHAT) == {AlarmCode.SILENCE: 1}


def test_nobody_is_told_of_silence_at_night_but_the_next_morning(core, clock):
    looking = watch(core, silence_hours=3)
    clock.advance(timedelta(hours=12))
    looking.look()
    assert open_alarms(core) == {}

    clock.advance(timedelta(hours=11))
    looking.look()
    assert open_alarms(core, WECHAT) == {AlarmCode.SILENCE: 1}

    clock.advance(timedelta(hours=12))
    looking.look()
    assert open_alarms(core, WECHAT) == {AlarmCode.SILENCE: 1}


def test_an_account_that_is_spoken_to_is_not_silent(core, clock):
    looking = watch(core, silence_hours=3)
    clock.advance(timedelta(hours=6))
    with core.unit_of_work() as uow:
        note_push(uow, WECHAT, "town")
    clock.advance(timedelta(hours=1))
    looking.look()

    assert open_alarms(core, WECHAT) == {}
    assert open_alarms(core, WEIBO) == {AlarmCode.SILENCE: 1}


@pytest.mark.parametrize(
    ("account", "alarm"),
    [
        ({"access_token": ""}, AlarmCode.TOKEN_MISSING),
        ({"token_expires_on": "2026-03-02"}, AlarmCode.TOKEN_ENDED),
        ({"token_expires_on": "2026-03-08"}, AlarmCode.TOKEN_ENDS_SOON),
    ],
)
def test_a_weibo_token_is_warned_of_ahead_and_until_it_is_renewed(core, account, alarm):
    for _ in range(2):
        watch(core, **account).look()
    assert open_alarms(core) == {alarm: 1}

    watch(core).look()
    assert open_alarms(core) == {}


def test_a_token_that_ended_takes_the_place_of_one_that_ends_soon(core, clock):
    looking = watch(core, token_expires_on="2026-03-04")
    looking.look()
    clock.advance(timedelta(days=3))
    looking.look()

    assert open_alarms(core) == {AlarmCode.TOKEN_ENDED: 1}
    with core.unit_of_work() as uow:
        account = queries.get(uow.session, WEIBO, "desk")
        assert account.token_expires_at.isoformat() == "2026-03-03T16:00:00+00:00"


def test_calls_that_run_out_are_told_before_they_are_used(core, clock):
    with core.unit_of_work() as uow:
        note_calls(uow, WECHAT, "town", "menu/create", count=799)
    watch(core).look()
    assert open_alarms(core) == {}

    with core.unit_of_work() as uow:
        note_calls(uow, WECHAT, "town", "menu/create", count=1)
    watch(core).look()
    assert open_alarms(core) == {AlarmCode.CALLS_NEARLY_USED: 1}

    clock.advance(timedelta(days=1))
    watch(core).look()
    assert open_alarms(core) == {}


def test_the_calls_of_a_weibo_token_run_out_together(core):
    with core.unit_of_work() as uow:
        note_calls(uow, WEIBO, "desk", "reads", count=40)
        note_calls(uow, WEIBO, "desk", "comments/create", count=39)
        note_calls(uow, WEIBO, "desk", "messages/reply", count=500)
    watch(core).look()
    assert open_alarms(core) == {}

    with core.unit_of_work() as uow:
        note_calls(uow, WEIBO, "desk", "comments/create", count=1)
    watch(core).look()
    assert open_alarms(core, WEIBO) == {AlarmCode.CALLS_NEARLY_USED: 1}


def test_used_up_calls_are_back_on_the_next_day_in_china(core, clock):
    with core.unit_of_work() as uow:
        raise_alarm(uow, WECHAT, "town", AlarmCode.CALLS_USED, "45009")
    clock.advance(timedelta(hours=13))  # 23:00 in the office
    watch(core).look()
    assert open_alarms(core) == {AlarmCode.CALLS_USED: 1}

    clock.advance(timedelta(hours=2))
    watch(core).look()
    assert open_alarms(core) == {}


def test_a_burst_is_over_an_hour_after_its_last(core, clock):
    with core.unit_of_work() as uow:
        raise_alarm(uow, WECHAT, "town", AlarmCode.INVALID_SIGNATURES, "…")
        raise_alarm(uow, WECHAT, "town", AlarmCode.CREDENTIALS_REFUSED, "…")
    clock.advance(timedelta(minutes=59))
    watch(core).look()
    assert len(open_alarms(core)) == 2

    clock.advance(timedelta(minutes=1))
    watch(core).look()
    assert open_alarms(core) == {AlarmCode.CREDENTIALS_REFUSED: 1}
