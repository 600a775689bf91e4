"""The desk's own channel at the simulated platform: every way of speaking, every refusal."""

import asyncio
import json

import pytest

from bot.channels.base import DeliveryFailed, Remedy
from bot.channels.weibo.channel import WeiboChannel
from bot.channels.weibo.client import WeiboApi
from bot.channels.weibo.public import PublicList
from bot.simulator.faults import Fault, FaultName
from bot.worker.polling import Polling
from config.accounts import MentionAnswer, WeiboAccount
from core.conversations import queries
from core.messaging import ChannelAddress, ChannelName, OutboundMessage, PublicPlace, PublicPost
from tests.bot.simulator.weibo.platform import ACCOUNT_UID, TOKEN, UID

pytestmark = pytest.mark.anyio

CITIZEN = ChannelAddress(ChannelName.WEIBO, "town", UID)
MENU = {"button": [{"type": "click", "name": "提问", "key": "ASK"}]}


@pytest.fixture(autouse=True)
def silent_gateway(gateway):
    gateway.answer = lambda _received: b""


@pytest.fixture
def api(by_http):
    address = str(by_http.http.base_url)
    api = WeiboApi(
        TOKEN,
        api_url=address,
        open_api_url=address,
        upload_url=address,
        timeout_seconds=2,
        pause=lambda _seconds: None,
    )
    yield api
    api.close()


def a_channel(api, **changes):
    fields = {
        "uid": ACCOUNT_UID,
        "app_secret": "a-secret-for-tests",
        "access_token": TOKEN,
        "mention_answer": MentionAnswer.COMMENT,
        "real_ip": "192.0.2.7",
    }
    account = WeiboAccount(**(fields | changes))
    return WeiboChannel("town", account, api, pause=lambda _seconds: None)


async def says(channel, text, *, answers=None):
    message = OutboundMessage(text, answers=answers)
    return await asyncio.to_thread(channel.deliver, CITIZEN, message)


def answers_in(by_http):
    return [entry for entry in by_http.weibo.transcripts.of(UID) if entry.is_answer]


async def test_a_message_arrives_with_every_sign_in_it(by_http, api):
    await by_http.control("say", openid=UID, text="你好")
    text = "100%&+=好 “引号” 👍\n第二行"

    await says(a_channel(api), text)

    assert answers_in(by_http)[-1].text == text


async def test_a_long_message_arrives_in_parts_in_order(by_http, api):
    await by_http.control("say", openid=UID, text="你好")
    text = "。".join(f"第{number}句话说到这里" for number in range(80))

    taken = await says(a_channel(api), text)

    parts = [entry.text for entry in answers_in(by_http)]
    assert taken == len(parts) > 1
    assert "".join("".join(parts).split()).count("句话") == 80


async def test_a_post_and_a_comment_are_answered_in_public(by_http, api):
    post = await by_http.control("mention", openid=UID, text="路灯坏了")
    below = await by_http.control("mention", openid=UID, text="还没修", place="comment")

    await says(
        a_channel(api), "请私信我们。", answers=PublicPost(PublicPlace.STATUS, post["post_id"])
    )
    await says(
        a_channel(api),
        "欢迎到私信里说。",
        answers=PublicPost(PublicPlace.COMMENT, below["post_id"], below["status_id"]),
    )

    assert [(entry.kind, entry.text) for entry in answers_in(by_http)] == [
        ("comment", "请私信我们。"),
        ("comment", "回复@王建国:欢迎到私信里说。"),
    ]


async def test_the_same_public_words_again_are_to_be_said_in_others(by_http, api):
    post = await by_http.control("mention", openid=UID, text="路灯坏了")
    place = PublicPost(PublicPlace.STATUS, post["post_id"])
    await says(a_channel(api), "请私信我们。", answers=place)

    for text in ("请私信我们。", "请私信我们！"):
        with pytest.raises(DeliveryFailed) as failed:
            await says(a_channel(api), text, answers=place)
        assert failed.value.remedy is Remedy.REPHRASE


@pytest.mark.parametrize(
    ("before", "remedy"),
    [
        ([], Remedy.WINDOW_CLOSED),
        ([("mention", {"text": "一"}), ("ours", {})], Remedy.QUOTA_USED),
        ([("say", {"text": "好"}), ("unfollow", {})], Remedy.UNREACHABLE),
        ([("say", {"text": "好"}), ("accounts", {"token_is_expired": True})], Remedy.ALARM),
    ],
    ids=["never wrote", "mention answered", "has left", "token expired"],
)
async def test_every_rule_of_private_messages_is_understood(by_http, api, before, remedy):
    channel = a_channel(api)
    for gesture, facts in before:
        if gesture == "ours":
            await says(channel, "请私信我们。")
        elif gesture == "accounts":
            await by_http.control(gesture, **facts)
        else:
            await by_http.control(gesture, openid=UID, **facts)

    with pytest.raises(DeliveryFailed) as failed:
        await says(channel, "您好")

    assert failed.value.remedy is remedy
    assert not failed.value.is_outcome_unknown


@pytest.mark.parametrize(
    ("fault", "remedy", "is_unclear"),
    [
        (FaultName.SERVER_ERROR, Remedy.RETRY_LATER, True),
        (FaultName.HTML, Remedy.RETRY_LATER, True),
        (FaultName.DROP, Remedy.RETRY_LATER, True),
        (FaultName.LOST_ANSWER, Remedy.RETRY_LATER, True),
        (FaultName.BUSY, Remedy.RETRY_LATER, False),
        (FaultName.DAILY_QUOTA, Remedy.RETRY_TOMORROW, False),
        (FaultName.TOKEN_REVOKED, Remedy.ALARM, False),
    ],
)
async def test_every_misfortune_has_its_remedy(by_http, api, fault, remedy, is_unclear):
    await by_http.control("say", openid=UID, text="你好")
    by_http.weibo.faults.switch_on(Fault(fault))

    with pytest.raises(DeliveryFailed) as failed:
        await says(a_channel(api), "您好")

    assert (failed.value.remedy, failed.value.is_outcome_unknown) == (remedy, is_unclear)


async def test_a_day_of_calls_ends(by_http, api):
    await by_http.control("say", openid=UID, text="你好")
    for _ in range(100):
        await by_http.get("/2/comments/to_me.json")

    with pytest.raises(DeliveryFailed) as failed:
        await says(a_channel(api), "您好")

    assert failed.value.remedy is Remedy.RETRY_TOMORROW


async def test_menus_and_pictures_come_and_go(by_http, api):
    push = await by_http.control("say", openid=UID, kind="image")
    body = json.loads((await by_http.told(f"pushes/{push['push_id']}"))["body"])

    await asyncio.to_thread(api.create_menu, MENU)
    shown = await asyncio.to_thread(api.show_menu)
    await asyncio.to_thread(api.delete_menu)
    picture = await asyncio.to_thread(api.fetch_media, str(body["data"]["tovfid"]))

    assert shown == {"menu": MENU}
    assert (picture.content_type, picture.content[:4]) == ("image/png", b"\x89PNG")


async def test_what_no_push_tells_is_read_from_the_lists_once(by_http, api, core, clock):
    await by_http.control("accounts", pushes_mentions=False)
    clock.now = by_http.weibo.now()
    await by_http.control("mention", openid=UID, text="路灯坏了")
    await by_http.control("mention", openid=UID, text="井盖坏了", place="comment")
    await by_http.control("comment", openid=UID, text="请问周六可以办理吗？")
    polling = Polling(core, [a_channel(api)], reads_a_day=40)

    await asyncio.to_thread(polling.look)
    await asyncio.to_thread(polling.look)

    with core.unit_of_work() as uow:
        conversation = queries.find_by_address(uow.session, CITIZEN)
        assert conversation is not None
        heard = [message.text for message in queries.thread(uow.session, conversation.id)]
    assert heard == ["@清河发布 路灯坏了", "@清河发布 井盖坏了", "请问周六可以办理吗？"]
    assert by_http.weibo.tally["api_calls"] == len(PublicList)
