"""Whoever watches an account's client hears of every call, its end, and each new token."""

from datetime import timedelta

import pytest

from bot.channels.wechat.api_errors import WeChatApiError
from bot.notes import Notes
from core.channels import queries
from core.channels.services import AccountFacts, register_accounts
from core.channels.states import AlarmCode, Tally
from core.messaging import ChannelName
from tests.bot.channels.wechat.api_server import refusal
from tests.bot.channels.wechat.platform import OPENID

TOWN = (ChannelName.WECHAT, "town")
SEND, TOKEN = "message/custom/send", "stable_token"


@pytest.fixture
def notes(core) -> Notes:
    with core.unit_of_work() as uow:
        facts = [AccountFacts(channel=TOWN[0], account=TOWN[1], name="", kind="service")]
        register_accounts(uow, facts)
    return Notes()


@pytest.fixture
def watched(make_api, notes, clock):
    return make_api(watch=notes.watch(*TOWN), clock=clock)


def told(core, notes):
    notes.write(core)
    with core.unit_of_work() as uow:
        (health,) = queries.health(uow.session, uow.today)
        return health


def test_calls_messages_and_the_token_are_heard_of(core, notes, watched, clock):
    watched.send_text(OPENID, "一")
    watched.send_text(OPENID, "二")
    watched.show_typing(OPENID)

    health = told(core, notes)
    assert health.calls == {SEND: 2, "message/custom/typing": 1, TOKEN: 1}
    assert health.tallies == {Tally.DELIVERIES: 2}
    assert health.account.token_obtained_at == clock()
    assert health.account.token_expires_at == clock() + timedelta(seconds=7200)


def test_a_token_that_was_replaced_in_time_is_an_error_and_no_alarm(core, notes, watched, server):
    watched.send_text(OPENID, "一")
    server.revoke_token()
    watched.send_text(OPENID, "二")

    health = told(core, notes)
    assert (health.calls[SEND], health.calls[TOKEN]) == (3, 2)
    assert (health.account.last_error_code, health.alarms) == ("40001", [])
    assert health.tallies[Tally.DELIVERIES] == 2


def test_a_refused_token_call_is_told_with_the_address_and_ends_with_the_next_token(
    core, notes, watched, server, clock
):
    server.script("token", refusal(40164, "invalid ip 203.0.113.7, not in whitelist rid: 1"))
    for _ in range(3):  # the rest after a failure keeps us from asking again at once
        with pytest.raises(WeChatApiError):
            watched.send_text(OPENID, "一")

    health = told(core, notes)
    assert health.calls == {TOKEN: 1}
    assert [alarm.code for alarm in health.alarms] == [AlarmCode.ADDRESS_NOT_ALLOWED]

    clock.advance(timedelta(minutes=1))
    watched.send_text(OPENID, "一")
    assert told(core, notes).alarms == []
