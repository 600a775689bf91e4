"""Notices outside the reply window: who may send which, and what a consent is good for."""

import asyncio
import json
from typing import Any

import pytest

from bot.simulator.transcripts import Via
from config.accounts import AccountKind
from tests.bot.simulator.conftest import OPENID

pytestmark = pytest.mark.anyio

TEMPLATE = "/cgi-bin/message/template/send"
SUBSCRIPTION = "/cgi-bin/message/subscribe/bizsend"
ONE_TIME = "/cgi-bin/message/template/subscribe"


def notice(**changed: Any) -> dict[str, Any]:
    data = {"thing1": {"value": "已有答复"}, "number2": {"value": "WZ202603090001"}}
    said = {"touser": OPENID, "template_id": "t-1", "url": "https://desk/c/", "data": data}
    return said | changed


def content(text: str) -> dict[str, Any]:
    return notice(data={"content": {"value": text}})


async def errcode(platform, path, said):
    return (await platform.post(path, said))["errcode"]


async def agrees(platform, **changed):
    return await platform.control("consent", openid=OPENID, template_id="t-1", **changed)


async def told(platform, gateway, event):
    """Wait for what the platform reports by itself, and return its fields."""
    async with asyncio.timeout(5):
        while True:
            for received in gateway.received:
                if received.fields.get("Event") == event:
                    return received.fields
            await asyncio.sleep(0.01)


async def test_a_template_message_needs_no_word_of_the_citizen(platform, gateway):
    answer = await platform.post(TEMPLATE, notice())

    shown = platform.wechat.transcripts.of(OPENID)[-1]
    assert (shown.via, shown.kind, shown.text) == (Via.API, "template", "已有答复\nWZ202603090001")
    ended = await told(platform, gateway, "TEMPLATESENDJOBFINISH")
    assert (ended["MsgID"], ended["Status"]) == (str(answer["msgid"]), "success")


async def test_an_overlong_field_of_a_template_is_cut_without_a_word(platform):
    await platform.post(TEMPLATE, notice(data={"thing1": {"value": "长" * 30}}))

    assert platform.wechat.transcripts.of(OPENID)[-1].text == "长" * 20


async def test_an_overlong_field_of_a_subscription_is_refused_and_keeps_the_consent(platform):
    await agrees(platform)
    overlong = notice(data={"thing1": {"value": "长" * 21}})

    assert await errcode(platform, SUBSCRIPTION, overlong) == 47003
    assert await errcode(platform, SUBSCRIPTION, notice()) == 0


async def test_each_consent_is_for_one_notice(platform, gateway):
    assert await errcode(platform, SUBSCRIPTION, notice()) == 43101
    await agrees(platform)
    await agrees(platform)

    sent = [await errcode(platform, SUBSCRIPTION, notice()) for _ in range(3)]

    assert sent == [0, 0, 43101]
    ended = await told(platform, gateway, "subscribe_msg_sent_event")
    entry = ended["SubscribeMsgSentEvent"]["List"]
    assert (entry["TemplateId"], entry["ErrorStatus"]) == ("t-1", "success")


async def test_a_consent_is_for_its_own_template(platform):
    await agrees(platform)

    assert await errcode(platform, SUBSCRIPTION, notice(template_id="t-2")) == 43101


async def test_the_answer_to_the_question_for_consent_is_pushed(platform, gateway):
    await agrees(platform)
    asked = gateway.last.fields["SubscribeMsgPopupEvent"]["List"]
    await agrees(platform, accepts=False)
    refused = gateway.last.fields["SubscribeMsgPopupEvent"]["List"]

    assert (asked["TemplateId"], asked["SubscribeStatusString"]) == ("t-1", "accept")
    assert refused["SubscribeStatusString"] == "reject"
    assert await errcode(platform, SUBSCRIPTION, notice()) == 43101


@pytest.mark.parametrize(
    ("path", "event"),
    [(TEMPLATE, "TEMPLATESENDJOBFINISH"), (SUBSCRIPTION, "subscribe_msg_sent_event")],
)
async def test_who_blocks_notices_gets_none_and_only_a_report_says_so(
    platform, gateway, path, event
):
    await agrees(platform)
    await platform.control("consent", openid=OPENID, blocks=True)
    before = len(platform.wechat.transcripts.of(OPENID))

    assert await errcode(platform, path, notice()) == 0

    ended = await told(platform, gateway, event)
    assert "failed:user block" in json.dumps(ended)
    assert len(platform.wechat.transcripts.of(OPENID)) == before


async def test_a_one_time_notice_uses_its_consent_up(platform):
    await agrees(platform)

    assert await errcode(platform, ONE_TIME, content("长" * 201)) == 47003
    assert await errcode(platform, ONE_TIME, content("工单已有答复")) == 0
    assert await errcode(platform, ONE_TIME, content("工单已有答复")) == 43101


@pytest.mark.parametrize(
    ("kind", "is_verified", "path", "may"),
    [
        (AccountKind.SERVICE, False, TEMPLATE, False),
        (AccountKind.SERVICE, False, SUBSCRIPTION, False),
        (AccountKind.SUBSCRIPTION, True, TEMPLATE, False),
        (AccountKind.SUBSCRIPTION, True, SUBSCRIPTION, False),
        (AccountKind.SUBSCRIPTION, True, ONE_TIME, True),
        (AccountKind.SUBSCRIPTION, False, ONE_TIME, False),
    ],
)
async def test_each_kind_of_account_may_send_what_its_rights_say(
    platform, kind, is_verified, path, may
):
    await agrees(platform)
    platform.account.kind, platform.account.is_verified = kind, is_verified

    assert await errcode(platform, path, content("好了")) == (0 if may else 48001)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (notice(touser="oNobody"), 40003),
        (notice(template_id=""), 40037),
        (notice(data=[]), 47001),
        (notice(data={"thing1": "已有答复"}), 47001),
    ],
)
async def test_what_is_not_a_notice_is_refused(platform, said, code):
    assert await errcode(platform, TEMPLATE, said) == code


async def test_who_left_gets_no_notice(platform):
    await platform.control("unfollow", openid=OPENID)

    assert await errcode(platform, TEMPLATE, notice()) == 43004


async def test_taking_back_what_was_allowed_is_pushed_with_its_scopes(platform, gateway):
    await platform.control("revoke", openid=OPENID, scopes="1,3")

    pushed = gateway.last.fields
    assert (pushed["Event"], pushed["OpenID"], pushed["RevokeInfo"]) == (
        "user_authorization_revoke", OPENID, "1,3",
    )  # fmt: skip


async def test_closing_the_windows_lets_two_days_pass(platform):
    await platform.wechat.say(OPENID, "你好")

    closed = await platform.control("windows/close", openid=OPENID)

    assert closed == {"windows": []}
    assert await platform.send_text(OPENID, "您好") == 45015


@pytest.mark.parametrize("path", ["consent", "revoke", "windows/close"])
async def test_nobody_can_answer_for_a_stranger(platform, path):
    answer = await platform.http.post(f"/control/{path}", json={"openid": "oNobody"})

    assert answer.status_code == 404
