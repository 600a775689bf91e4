"""An alarm is told once, counted while it lasts, and told anew after it was over."""

from datetime import timedelta

import pytest

from core.channels import queries
from core.channels.errors import AlarmIsOver, AlarmNotFound
from core.channels.services import (
    AccountFacts,
    acknowledge_alarm,
    close_alarm,
    raise_alarm,
    register_accounts,
    resolve_alarm,
)
from core.channels.states import AlarmCode
from core.messaging import ChannelName
from tests.builders import an_operator

WECHAT = ChannelName.WECHAT
REFUSED = AlarmCode.CREDENTIALS_REFUSED


def raised(uow, reason="40125 AppSecret 不合法", account="town"):
    raise_alarm(uow, WECHAT, account, REFUSED, reason)
    return queries.open_alarms(uow.session, WECHAT, account)[0]


def types_of(announced):
    return [type(event).__name__ for event in announced]


def test_the_same_alarm_is_counted_while_it_lasts(core, clock, announced, session):
    for _ in range(3):
        with core.unit_of_work() as uow:
            is_new = raise_alarm(uow, WECHAT, "town", REFUSED, f"第 {clock():%d} 日")
        assert is_new is (len(announced) == 1)
        clock.advance(timedelta(days=1))

    (alarm,) = queries.open_alarms(session)
    assert (alarm.count, alarm.reason) == (3, "第 04 日")
    assert alarm.last_at - alarm.raised_at == timedelta(days=2)
    assert types_of(announced) == ["AlarmRaised", "AccountNoted", "AccountNoted"]


def test_alarms_of_different_accounts_and_reasons_stand_beside_each_other(uow):
    raised(uow)
    raised(uow, account="other")
    raise_alarm(uow, WECHAT, "town", AlarmCode.SILENCE, "三小时没有推送")

    assert queries.count_open_alarms(uow.session) == 3
    assert {alarm.code for alarm in queries.open_alarms(uow.session, WECHAT, "town")} == {
        REFUSED,
        AlarmCode.SILENCE,
    }


def test_who_acknowledges_first_stays(uow):
    first, second = an_operator(uow), an_operator(uow)
    alarm = raised(uow)

    acknowledge_alarm(uow, alarm.id, operator_id=first.id)
    acknowledge_alarm(uow, alarm.id, operator_id=second.id)

    assert (alarm.acknowledged_by_id, alarm.acknowledged_at) == (first.id, uow.now)
    assert queries.count_open_alarms(uow.session) == 1


def test_an_alarm_whose_cause_is_gone_is_over_and_may_be_raised_anew(uow):
    alarm = raised(uow)

    assert resolve_alarm(uow, WECHAT, "town", REFUSED) is True
    assert resolve_alarm(uow, WECHAT, "town", REFUSED) is False

    uow.session.flush()
    assert alarm.resolved_at == uow.now
    again = raised(uow)
    assert (again.count, again.id != alarm.id) == (1, True)


def test_what_is_over_can_neither_be_acknowledged_nor_closed(uow):
    operator = an_operator(uow)
    alarm = raised(uow)
    close_alarm(uow, alarm.id, operator_id=operator.id)
    uow.session.flush()

    for late in (acknowledge_alarm, close_alarm):
        with pytest.raises(AlarmIsOver):
            late(uow, alarm.id, operator_id=operator.id)
    with pytest.raises(AlarmNotFound):
        acknowledge_alarm(uow, 0, operator_id=operator.id)


def test_health_tells_the_alarms_of_each_account(uow):
    register_accounts(
        uow,
        [
            AccountFacts(channel=WECHAT, account=name, name=name, kind="service")
            for name in ("town", "other")
        ],
    )
    raised(uow)

    told = {one.account.account: len(one.alarms) for one in queries.health(uow.session, uow.today)}
    assert told == {"town": 1, "other": 0}
