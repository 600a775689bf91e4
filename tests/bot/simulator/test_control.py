"""The control API, as journeys and load tests use it."""

import asyncio

import pytest

from tests.bot.simulator.conftest import OPENID

pytestmark = pytest.mark.anyio

LINK = '<a href="weixin://bizmsgmenu?msgmenucontent=%E6%9F%A5%E8%AF%A2%E8%BF%9B%E5%BA%A6&msgmenuid=7">查询</a>'


async def test_saying_tells_the_passive_reply_and_the_deliveries(platform, gateway):
    gateway.replies("您好")

    said = await platform.control("say", openid=OPENID, text="你好")

    assert (said["outcome"], said["reply"]["text"]) == ("reply", "您好")
    assert [d["outcome"] for d in said["deliveries"]] == ["answered"]
    assert 0 < said["seconds"] < 5


async def test_saying_without_waiting_returns_before_the_answer(platform, gateway):
    gateway.holds_seconds = [0.1]
    gateway.replies("您好")

    said = {"openid": OPENID, "text": "你好", "wait": False}
    answer = await platform.http.post("/control/say", json=said)

    assert (answer.status_code, answer.json()["outcome"]) == (202, "pending")
    reply = await platform.wechat.transcripts.wait_for(
        OPENID, lambda entry: entry.is_answer, after_seq=0, timeout_seconds=5
    )
    assert reply is not None
    assert reply.push_id == answer.json()["push_id"]


async def test_an_unknown_openid_becomes_a_follower_by_speaking(platform, gateway):
    await platform.control("say", openid="oNewcomer", text="你好")

    assert gateway.last.fields["FromUserName"] == "oNewcomer"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"kind": "image"}, "image"),
        ({"kind": "voice", "recognition": "路灯坏了"}, "voice"),
        ({"kind": "video"}, "video"),
        ({"kind": "location"}, "location"),
        ({"kind": "link", "title": "通知", "url": "https://example.gov.cn"}, "link"),
        ({"kind": "unsupported"}, "text"),
        ({"kind": "scan", "scene": "3"}, "event"),
        ({"kind": "report_location"}, "event"),
    ],
)
async def test_every_kind_of_message_can_be_said(platform, gateway, said, kind):
    await platform.control("say", openid=OPENID, **said)

    assert gateway.last.fields["MsgType"] == kind


async def test_asking_returns_the_passive_reply(platform, gateway):
    gateway.replies("八点半开门")

    answer = await platform.control("ask", text="几点开门")

    assert (answer["reply"], answer["via"]) == ("八点半开门", "passive")
    assert gateway.last.fields["FromUserName"] == answer["openid"]


async def test_asking_waits_for_an_answer_through_the_api(platform, gateway):
    asking = asyncio.create_task(platform.control("ask", text="几点开门", openid=OPENID))
    while not gateway.received:
        await asyncio.sleep(0.01)
    await platform.send_text(OPENID, "八点半开门")

    answer = await asking

    assert (answer["reply"], answer["via"]) == ("八点半开门", "api")


async def test_asking_a_broken_gateway_tells_of_the_malfunction(platform, gateway):
    gateway.answer = lambda _received: b"Traceback"

    answer = await platform.control("ask", text="几点开门")

    assert (answer["reply"], answer["via"]) == (None, "malfunction")


async def test_asking_gives_up_when_nobody_answers(platform):
    answer = await platform.control("ask", text="几点开门", timeout_seconds=0.1)

    assert (answer["reply"], answer["via"]) == (None, "none")


async def test_the_transcript_tells_everything_seen_in_order(platform, gateway):
    gateway.replies("第一句")
    said = await platform.control("say", openid=OPENID, text="你好")
    await platform.send_text(OPENID, "第二句")
    gateway.answer = lambda _received: b"oops"
    await platform.control("say", openid=OPENID, text="再说一遍")

    entries = await platform.transcript(OPENID)

    assert [(e["via"], e["text"]) for e in entries] == [
        ("push", "你好"),
        ("passive", "第一句"),
        ("api", "第二句"),
        ("push", "再说一遍"),
        ("notice", "该公众号提供的服务出现故障，请稍后再试"),
    ]
    assert [e["seq"] for e in entries] == sorted(e["seq"] for e in entries)
    assert entries[1]["push_id"] == said["push_id"]


async def test_the_transcript_can_be_read_from_a_place_on(platform):
    await platform.control("say", openid=OPENID, text="一")
    seq = (await platform.transcript(OPENID))[-1]["seq"]
    await platform.control("say", openid=OPENID, text="二")

    query = {"openid": OPENID, "after": str(seq)}
    later = (await platform.http.get("/control/transcript", params=query)).json()["entries"]

    assert [entry["text"] for entry in later] == ["二"]


@pytest.mark.parametrize("choice", [0, "查询", "查询进度"])
async def test_a_link_in_a_text_is_tapped_by_place_words_or_content(platform, gateway, choice):
    gateway.replies(f"您可以{LINK}。")
    await platform.control("say", openid=OPENID, text="我的诉求")

    await platform.control("tap", openid=OPENID, choice=choice)

    fields = gateway.last.fields
    assert (fields["MsgType"], fields["Content"]) == ("text", "查询进度")
    assert fields["bizmsgmenuid"] == "7"


async def test_a_test_account_is_not_told_which_link_was_tapped(platform, gateway):
    platform.account.is_test_account = True
    gateway.replies(LINK)
    await platform.control("say", openid=OPENID, text="我的诉求")

    await platform.control("tap", openid=OPENID)

    assert "bizmsgmenuid" not in gateway.last.fields


async def test_where_nothing_is_tappable_tapping_fails(platform, gateway):
    gateway.replies("没有链接")
    await platform.control("say", openid=OPENID, text="你好")

    answer = await platform.http.post("/control/tap", json={"openid": OPENID})

    assert (answer.status_code, answer.json()) == (404, {"error": "nothing_to_tap"})


async def test_following_leaving_and_clicking_push_their_events(platform, gateway):
    await platform.control("unfollow", openid=OPENID)
    await platform.control("follow", openid=OPENID)
    await platform.control("click", openid=OPENID, key="HUMAN")

    assert [received.fields["Event"] for received in gateway.received] == [
        "unsubscribe",
        "subscribe",
        "CLICK",
    ]


async def test_who_left_can_do_nothing_but_follow_again(platform):
    await platform.control("unfollow", openid=OPENID)

    answer = await platform.http.post("/control/say", json={"openid": OPENID, "text": "在吗"})

    assert (answer.status_code, answer.json()) == (409, {"error": "not_following"})


async def test_a_burst_keeps_the_order_of_each_citizen(platform, gateway):
    gateway.replies("收到")
    lines = [f"第{n}句" for n in range(1, 6)]

    report = await platform.control(
        "burst", citizens=4, lines=lines, gap_ms=2, wait_for_answers=True
    )

    assert report["messages"] == report["answers"] == 20
    assert report["outcomes"]["reply"] == 20
    assert 0 < report["push_seconds"]["p50"] <= report["push_seconds"]["max"]
    for openid in report["openids"]:
        entries = await platform.transcript(openid)
        assert [e["text"] for e in entries if e["via"] == "push"] == lines


async def test_a_burst_is_bounded(platform, gateway):
    answer = await platform.http.post(
        "/control/burst", json={"citizens": 1000, "lines": ["你好"] * 6}
    )

    assert answer.status_code == 422
    assert gateway.received == []
