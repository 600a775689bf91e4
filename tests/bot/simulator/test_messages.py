"""Customer-service messages: what is let through, what is refused, and how often."""

import json

import pytest

from bot.simulator import gestures, payloads
from bot.simulator.options import Options
from bot.simulator.transcripts import Via
from tests.bot.simulator.conftest import OPENID
from tests.bot.simulator.platform import SEND

pytestmark = pytest.mark.anyio

MENU = {
    "touser": OPENID,
    "msgtype": "msgmenu",
    "msgmenu": {
        "head_content": "您对本次服务满意吗？",
        "list": [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}],
        "tail_content": "感谢评价",
    },
}


async def errcodes(platform, count):
    return [await platform.send_text(OPENID, f"第{n}条") for n in range(1, count + 1)]


async def test_a_message_is_shown_to_its_citizen(platform):
    push = await platform.wechat.say(OPENID, "你好")

    assert await platform.send_text(OPENID, "您好") == 0

    shown = platform.wechat.transcripts.of(OPENID)[-1]
    assert (shown.via, shown.text, shown.push_id) == (Via.API, "您好", push.id)


async def test_a_message_of_the_citizen_allows_five_within_48_hours(platform, clock):
    await platform.wechat.say(OPENID, "你好")
    clock.move(hours=47, minutes=59)

    assert await errcodes(platform, 6) == [0, 0, 0, 0, 0, 45047]


async def test_a_new_message_starts_the_count_anew(platform):
    await platform.wechat.say(OPENID, "你好")
    await errcodes(platform, 5)
    await platform.wechat.say(OPENID, "还在吗")

    assert await errcodes(platform, 6) == [0, 0, 0, 0, 0, 45047]


async def test_after_48_hours_of_silence_nothing_may_be_sent(platform, clock):
    await platform.wechat.say(OPENID, "你好")
    platform.token = ""
    clock.move(hours=48)

    assert await platform.send_text(OPENID, "您好") == 45015


async def test_who_never_wrote_gets_nothing(platform):
    assert await platform.send_text(OPENID, "您好") == 45015


@pytest.mark.parametrize(
    "payload",
    [payloads.subscribe(), payloads.scan("7", "T"), payloads.click("ASK", "我要提问")],
)
async def test_following_scanning_and_clicking_allow_three_within_a_minute(
    platform, clock, payload
):
    await platform.wechat.send(OPENID, payload)
    clock.move(seconds=59)

    assert await errcodes(platform, 4) == [0, 0, 0, 45047]
    clock.move(seconds=1)
    assert await platform.send_text(OPENID, "晚了") == 45015


async def test_opening_a_page_from_the_menu_allows_nothing(platform):
    await platform.wechat.send(OPENID, payloads.view("https://www.gov.cn/", "官网"))

    assert await platform.send_text(OPENID, "您好") == 45015


async def test_a_click_adds_to_what_a_message_still_allows(platform):
    await platform.wechat.say(OPENID, "你好")
    await platform.wechat.send(OPENID, payloads.click("ASK", "我要提问"))

    assert await errcodes(platform, 9) == [0] * 8 + [45047]


async def test_tapping_a_menu_entry_counts_as_a_click_not_as_a_message(platform, gateway, clock):
    await platform.wechat.say(OPENID, "你好")
    assert (await platform.post(SEND, MENU))["errcode"] == 0
    clock.move(hours=48)
    platform.token = ""

    await platform.wechat.send(OPENID, gestures.tap(platform.wechat, OPENID, choice="不满意"))

    fields = gateway.last.fields
    assert (fields["Content"], fields["bizmsgmenuid"]) == ("不满意", "102")
    assert await errcodes(platform, 4) == [0, 0, 0, 45047]


async def test_a_test_account_has_no_menu_messages(platform):
    await platform.wechat.say(OPENID, "你好")
    platform.account.is_test_account = True

    assert (await platform.post(SEND, MENU))["errcode"] == 40200


async def test_an_unknown_openid_is_refused(platform):
    assert await platform.send_text("oNobody", "您好") == 40003


async def test_who_left_is_not_reached(platform):
    await platform.wechat.say(OPENID, "你好")
    await platform.wechat.send(OPENID, payloads.unsubscribe())

    assert await platform.send_text(OPENID, "您好") == 43004


async def test_following_again_does_not_bring_back_the_old_allowance(platform):
    await platform.wechat.say(OPENID, "你好")
    await platform.wechat.send(OPENID, payloads.unsubscribe())
    await platform.wechat.send(OPENID, payloads.subscribe())

    assert await errcodes(platform, 4) == [0, 0, 0, 45047]


async def test_an_unverified_account_may_not_send(platform):
    await platform.wechat.say(OPENID, "你好")
    platform.account.is_verified = False

    assert await platform.send_text(OPENID, "您好") == 48001


async def test_a_text_is_limited_in_bytes_and_a_refusal_costs_nothing(platform):
    await platform.wechat.say(OPENID, "你好")

    assert await platform.send_text(OPENID, "长" * 683) == 45002
    assert await platform.send_text(OPENID, "长" * 682 + "ab") == 0
    assert await errcodes(platform, 5) == [0, 0, 0, 0, 45047]


async def test_escaped_characters_are_refused_but_backslashes_are_not(platform):
    await platform.wechat.say(OPENID, "你好")
    said = {"touser": OPENID, "msgtype": "text", "text": {"content": "您好"}}
    escaped = await platform.post(SEND, raw=json.dumps(said).encode())
    path = await platform.send_text(OPENID, r"C:\u4f60\users")

    assert escaped["errcode"] == 40033
    assert path == 0
    assert platform.wechat.transcripts.of(OPENID)[-1].text == r"C:\u4f60\users"


@pytest.mark.parametrize("raw", [b"{", b"[]", b"touser=x", '{"a":"好"}'.encode("gbk")])
async def test_what_is_no_json_object_is_refused(platform, raw):
    assert (await platform.post(SEND, raw=raw))["errcode"] == 47001


@pytest.mark.parametrize(
    ("said", "errcode"),
    [
        ({"msgtype": "text"}, 44004),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "markdown", "markdown": {}}, 40008),
        ({"msgtype": "image", "image": {}}, 41006),
        ({"msgtype": "image", "image": {"media_id": "unknown"}}, 40007),
        ({"msgtype": "news", "news": {"articles": []}}, 44003),
        ({"msgtype": "news", "news": {"articles": [{"title": "a"}, {"title": "b"}]}}, 45008),
        ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 44004),
        ({"msgtype": "msgmenu", "msgmenu": {"list": ["满意"]}}, 47001),
    ],
)
async def test_incomplete_messages_are_refused(platform, said, errcode):
    await platform.wechat.say(OPENID, "你好")

    assert (await platform.post(SEND, {"touser": OPENID} | said))["errcode"] == errcode


async def test_the_daily_quota_ends_and_can_be_cleared_ten_times_a_month(platform):
    platform.wechat.options = Options(sends_a_day=1)
    await platform.wechat.say(OPENID, "你好")
    clear = {"appid": platform.account.app_id}

    assert await errcodes(platform, 2) == [0, 45009]
    cleared = [(await platform.post("/cgi-bin/clear_quota", clear))["errcode"] for _ in range(11)]
    assert cleared == [0] * 10 + [48006]
    assert await platform.send_text(OPENID, "又可以了") == 0


async def test_typing_needs_recent_contact_and_is_not_repeated(platform, clock):
    path = "/cgi-bin/message/custom/typing"
    said = {"touser": OPENID, "command": "Typing"}

    unseen = await platform.post(path, said)
    await platform.wechat.say(OPENID, "你好")
    first, second = await platform.post(path, said), await platform.post(path, said)
    await platform.post(path, said | {"command": "CancelTyping"})
    after_cancelling = await platform.post(path, said)
    await platform.send_text(OPENID, "好了")
    after_a_message = await platform.post(path, said)
    wrong = await platform.post(path, said | {"command": "Sing"})
    clock.move(seconds=31)
    too_late = await platform.post(path, said)

    assert [answer["errcode"] for answer in (unseen, first, second)] == [45080, 0, 45081]
    assert (after_cancelling["errcode"], after_a_message["errcode"]) == (0, 0)
    assert (wrong["errcode"], too_late["errcode"]) == (45072, 45080)
