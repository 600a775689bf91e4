"""What Weibo pushes, how it is signed, and which answers it takes."""

import asyncio
import hashlib
import json

import pytest
import xmltodict

from bot.simulator.bodies import write_xml
from bot.simulator.faults import Fault, FaultName
from bot.simulator.transcripts import Via
from bot.simulator.verdicts import Outcome
from bot.simulator.weibo import payloads
from config.accounts import PushFormat
from tests.bot.simulator.weibo.platform import ACCOUNT_UID, UID, json_reply

pytestmark = pytest.mark.anyio


def signature_of(secret, query):
    joined = "".join(sorted([secret, query["timestamp"], query["nonce"]]))
    return hashlib.sha1(joined.encode()).hexdigest()  # noqa: S324 - their protocol


EVERY_KIND = [
    (payloads.text("你好"), "text", "你好", {}),
    (payloads.image("11", "12", ""), "image", "发了一张图片", {"vfid": 11, "tovfid": 12}),
    (
        payloads.voice("11", "12", seconds=3),
        "voice",
        "发了一个语音消息",
        {"vfid": 11, "tovfid": 12},
    ),
    (
        payloads.position(39.982525, 116.308586),
        "position",
        "发送了一个位置",
        {"longitude": "116.308586", "latitude": "39.982525"},
    ),
    (payloads.follow(), "event", "关注事件消息", {"subtype": "follow"}),
    (payloads.unfollow(), "event", "取消关注事件消息", {"subtype": "unfollow"}),
    (payloads.subscribe("DY"), "event", "DY", {"subtype": "subscribe"}),
    (payloads.unsubscribe(), "event", "取消订阅事件消息", {"subtype": "unsubscribe"}),
    (
        payloads.scan("hall", is_new=False),
        "event",
        "扫描二维码",
        {"subtype": "scan", "key": "hall", "ticket": "ticket_hall"},
    ),
    (
        payloads.scan("hall", is_new=True),
        "event",
        "扫描二维码",
        {"subtype": "scan_follow", "key": "hall", "ticket": "ticket_hall"},
    ),
    (
        payloads.click("ASK", "我要提问"),
        "event",
        "自定义菜单事件消息",
        {"subtype": "click", "key": "ASK"},
    ),
    (
        payloads.view("https://www.gov.cn/", "政府网站"),
        "event",
        "自定义菜单跳转链接事件消息",
        {"subtype": "view", "key": "https://www.gov.cn/"},
    ),
    (
        payloads.mention("status", "77", "@清河发布"),
        "mention",
        "@清河发布",
        {"subtype": "status", "key": "77"},
    ),
    (
        payloads.mention("comment", "78", "@清河发布"),
        "mention",
        "@清河发布",
        {"subtype": "comment", "key": "78"},
    ),
]


@pytest.mark.parametrize(("payload", "kind", "text", "data"), EVERY_KIND)
async def test_every_kind_has_the_form_of_the_platforms_pages(
    weibo, gateway, payload, kind, text, data
):
    gateway.answer = lambda _received: b""

    await weibo.send(UID, payload)

    assert json.loads(gateway.last.body) == {
        "type": kind,
        "receiver_id": int(ACCOUNT_UID),
        "sender_id": int(UID),
        "created_at": "Mon Mar 09 10:00:00 +0800 2026",
        "text": text,
        "data": data,
    }


async def test_a_push_is_signed_with_the_app_secret_by_the_millisecond(weibo, gateway):
    await weibo.say(UID, "你好")

    query = gateway.last.query
    assert query["timestamp"] == "1773021600000"
    assert query["signature"] == signature_of("a-secret-for-tests", query)


@pytest.mark.parametrize(
    ("payload", "kind", "event"),
    [
        (payloads.text("你好"), "text", None),
        (payloads.image("11", "12", ""), "image", None),
        (payloads.position(39.98, 116.3), "location", None),
        (payloads.follow(), "event", "subscribe"),
        (payloads.unfollow(), "event", "unsubscribe"),
        (payloads.scan("hall", is_new=True), "event", "subscribe"),
        (payloads.scan("hall", is_new=False), "event", "SCAN"),
        (payloads.click("ASK", "提问"), "event", "CLICK"),
        (payloads.mention("status", "77", "@清河发布"), "mention", "status"),
    ],
)
async def test_in_wechats_form_a_push_is_what_wechat_would_send_without_an_id(
    weibo, gateway, payload, kind, event
):
    weibo.account().push_format = PushFormat.XML
    gateway.answer = lambda _received: b""

    await weibo.send(UID, payload)

    fields = xmltodict.parse(gateway.last.body)["xml"]
    assert (fields["MsgType"], fields.get("Event")) == (kind, event)
    assert (fields["ToUserName"], fields["FromUserName"]) == (ACCOUNT_UID, UID)
    assert "MsgId" not in fields


async def test_an_answer_is_shown_to_the_citizen(weibo, gateway):
    gateway.answer = lambda received: json_reply(received, {"text": "您好"})

    push = await weibo.say(UID, "你好")

    assert push.verdict.outcome is Outcome.REPLY
    assert [(e.via, e.text) for e in weibo.transcripts.of(UID)][-1] == (Via.PASSIVE, "您好")


async def test_articles_and_places_are_shown_as_well(weibo, gateway):
    article = {
        "display_name": "通知",
        "summary": "…",
        "image": "http://i/1.jpg",
        "url": "http://a/",
    }
    gateway.answer = lambda r: json_reply(r, {"articles": [article]}, "articles")
    await weibo.say(UID, "通知")
    gateway.answer = lambda r: json_reply(r, {"longitude": "1.5", "latitude": "2.5"}, "position")
    await weibo.say(UID, "地址")

    answers = [e for e in weibo.transcripts.of(UID) if e.is_answer]
    assert answers[0].details["articles"][0]["title"] == "通知"
    assert answers[1].details["latitude"] == 2.5


async def test_an_empty_body_is_a_silent_acknowledgement(weibo, gateway):
    gateway.answer = lambda _received: b""

    push = await weibo.say(UID, "你好")

    assert push.verdict.outcome is Outcome.SILENT
    assert len(gateway.received) == 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"result": None}, "no_result"),
        ({"result": "true"}, "no_result"),
        ({"sender_id": UID}, "not_swapped"),
        ({"receiver_id": ACCOUNT_UID}, "not_swapped"),
        ({"type": "video"}, "unknown_type"),
        ({"data": {"text": "您好"}}, "data_not_encoded"),
        ({"data": "您好"}, "data_not_json"),
        ({"data": "%7B%22text%22%3A%22%22%7D"}, "empty_content"),
        ({"data": "%257B%2522text%2522%253A1%257D"}, "data_not_json"),
    ],
)
async def test_an_answer_of_another_form_is_a_malfunction(weibo, gateway, changed, reason):
    gateway.answer = lambda received: json_reply(received, {"text": "您好"}, **changed)

    push = await weibo.say(UID, "你好")

    assert (push.verdict.outcome, push.verdict.reason) == (Outcome.MALFUNCTION, reason)


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"success", "not_json"), (b"[]", "not_json"), (b"<xml></xml>", "not_json")],
)
async def test_success_is_no_word_that_weibo_knows(weibo, gateway, body, reason):
    gateway.answer = lambda _received: body

    push = await weibo.say(UID, "你好")

    assert (push.verdict.outcome, push.verdict.reason) == (Outcome.MALFUNCTION, reason)


@pytest.mark.parametrize(("count", "outcome"), [(299, "reply"), (300, "malfunction")])
async def test_a_text_has_fewer_than_300_characters(weibo, gateway, count, outcome):
    gateway.answer = lambda received: json_reply(received, {"text": "好" * count})

    push = await weibo.say(UID, "你好")

    assert push.verdict.outcome == outcome


async def test_in_wechats_form_the_answer_must_have_it_too(weibo, gateway):
    weibo.account().push_format = PushFormat.XML
    gateway.answer = lambda _received: write_xml(
        {
            "ToUserName": UID,
            "FromUserName": ACCOUNT_UID,
            "CreateTime": 1,
            "MsgType": "text",
            "Content": "您好",
        }
    )
    good = await weibo.say(UID, "你好")
    gateway.answer = lambda _received: b'{"result":true}'
    bad = await weibo.say(UID, "你好")

    assert (good.verdict.outcome, bad.verdict.reason) == (Outcome.REPLY, "not_xml")


async def test_a_slow_answer_is_asked_for_three_times_with_the_same_bytes(weibo, gateway):
    gateway.holds_seconds = [0.5]

    push = await weibo.say(UID, "你好")

    assert [delivery.outcome for delivery in push.deliveries] == ["cut"] * 3
    assert len({received.body for received in gateway.received}) == 1
    assert push.verdict.reason == "no_answer"


async def test_pushes_can_be_doubled_and_held_up(weibo, gateway):
    gateway.answer = lambda _received: b""
    weibo.faults.switch_on(Fault(FaultName.DUPLICATE_PUSH, count=1))
    await weibo.say(UID, "两次")
    weibo.faults.switch_on(Fault(FaultName.LATE_PUSH, count=1, seconds=0.1))
    await asyncio.gather(weibo.say(UID, "先说的"), weibo.say(UID, "后说的"))

    said = [json.loads(received.body)["text"] for received in gateway.received]
    assert said == ["两次", "两次", "后说的", "先说的"]


async def test_an_address_is_verified_by_its_echo(weibo, gateway):
    assert await weibo.pushes.verify_address(weibo.account())
    assert "echostr" in gateway.last.query
