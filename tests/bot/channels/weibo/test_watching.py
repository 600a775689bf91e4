"""Whoever watches a Weibo account's client hears what the platform took and what it refused."""

import pytest

from bot.channels.weibo.api_errors import WeiboApiError
from bot.notes import Notes
from core.channels import queries
from core.channels.services import AccountFacts, register_accounts
from core.channels.states import AlarmCode, Tally
from core.messaging import ChannelName
from tests.bot.channels.weibo.api_server import refusal
from tests.bot.channels.weibo.platform import CITIZEN_ID

DESK = (ChannelName.WEIBO, "desk")


def test_messages_and_a_refused_token_are_heard_of(core, make_api, server):
    with core.unit_of_work() as uow:
        facts = [AccountFacts(channel=DESK[0], account=DESK[1], name="", kind="weibo")]
        register_accounts(uow, facts)
    notes = Notes()
    api = make_api(watch=notes.watch(*DESK))

    api.send_text(CITIZEN_ID, "您好")
    server.script(refusal(21327, "expired_token"))
    with pytest.raises(WeiboApiError):
        api.send_text(CITIZEN_ID, "您好")

    notes.write(core)
    with core.unit_of_work() as uow:
        (health,) = queries.health(uow.session, uow.today)
        assert health.tallies == {Tally.DELIVERIES: 1, Tally.ERRORS: 1}
        assert [alarm.code for alarm in health.alarms] == [AlarmCode.TOKEN_REFUSED]
