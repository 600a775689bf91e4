"""Judging the XML, or the envelope, that came as the answer to a push."""

import json

import pytest
from wechatpy.crypto import WeChatCrypto

from bot.simulator.verdicts import Outcome
from config.accounts import PushFormat, PushMode
from tests.bot.simulator.conftest import OPENID
from tests.bot.simulator.gateway import as_xml, text_reply

pytestmark = pytest.mark.anyio


def sealing(account, *, app_id=None, token=None, change=lambda sealed: sealed):
    """Answer in an envelope made by the library everybody uses."""
    crypto = WeChatCrypto(
        token or account.token, account.encoding_aes_key, app_id or account.app_id
    )

    def answer(received):
        fields = {
            "ToUserName": OPENID,
            "FromUserName": account.original_id,
            "CreateTime": "1700000000",
            "MsgType": "text",
            "Content": "加密的答复",
        }
        sealed = crypto.encrypt_message(as_xml(fields).decode(), received.query["nonce"])
        return change(sealed).encode()

    return answer


async def test_a_well_formed_text_reply_is_shown(wechat, gateway):
    gateway.replies("您好，这里是政务服务。")

    push = await wechat.say(OPENID, "你好")

    assert push.verdict.outcome is Outcome.REPLY
    assert wechat.transcripts.of(OPENID)[-1].text == "您好，这里是政务服务。"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ToUserName": "gh_0123456789ab"}, "not_swapped"),
        ({"FromUserName": OPENID}, "not_swapped"),
        ({"CreateTime": "now"}, "no_create_time"),
        ({"CreateTime": None}, "no_create_time"),
        ({"MsgType": "markdown"}, "unknown_msg_type"),
        ({"MsgType": None}, "unknown_msg_type"),
        ({"Content": ""}, "empty_content"),
        ({"Content": "长" * 683}, "text_too_long"),
        ({"Content": "a]]></Content><MsgType>news</MsgType><Content><![CDATA["}, "duplicate_field"),
        ({"Content": "a]]>b"}, "not_xml"),
        ({"Content": "a\x08b"}, "not_xml"),
    ],
)
async def test_a_reply_with_a_flaw_is_a_malfunction(wechat, gateway, changed, reason):
    gateway.replies("您好", **changed)

    push = await wechat.say(OPENID, "你好")

    assert push.verdict.reason == reason


async def test_a_text_of_exactly_2048_bytes_is_shown(wechat, gateway):
    gateway.replies("长" * 682 + "ab")

    push = await wechat.say(OPENID, "你好")

    assert push.verdict.outcome is Outcome.REPLY


async def test_a_sealed_reply_is_shown_in_safe_mode(wechat, gateway, account):
    wechat.account().mode = PushMode.SAFE
    gateway.answer = sealing(account)

    push = await wechat.say(OPENID, "你好")

    assert push.verdict.reply.text == "加密的答复"


async def test_silence_is_not_sealed_even_in_safe_mode(wechat, gateway):
    wechat.account().mode = PushMode.SAFE
    gateway.answer = lambda _received: b"success"

    push = await wechat.say(OPENID, "你好")

    assert push.verdict.outcome is Outcome.SILENT


async def test_a_plain_reply_in_safe_mode_is_a_malfunction(wechat, gateway, account):
    wechat.account().mode = PushMode.SAFE
    fields = {"ToUserName": OPENID, "FromUserName": account.original_id}
    gateway.answer = lambda _received: as_xml(fields)

    push = await wechat.say(OPENID, "你好")

    assert push.verdict.reason == "plain_in_safe_mode"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"app_id": "wx0000000000000000"}, "wrong_app_id"),
        ({"token": "another"}, "wrong_msg_signature"),
        ({"change": lambda sealed: sealed.replace("TimeStamp", "Time")}, "incomplete_envelope"),
        (
            {"change": lambda sealed: sealed.replace("[CDATA[", "[CDATA[x", 1)},
            "wrong_msg_signature",
        ),
    ],
)
async def test_a_wrong_envelope_is_a_malfunction(wechat, gateway, account, wrong, reason):
    wechat.account().mode = PushMode.SAFE
    gateway.answer = sealing(account, **wrong)

    push = await wechat.say(OPENID, "你好")

    assert push.verdict.reason == reason


async def test_compatible_mode_takes_plain_and_sealed_replies(wechat, gateway, account):
    wechat.account().mode = PushMode.COMPATIBLE

    gateway.replies("明文也行")
    plain = await wechat.say(OPENID, "你好")
    gateway.answer = sealing(account)
    sealed = await wechat.say(OPENID, "你好")

    assert plain.verdict.reply.text == "明文也行"
    assert sealed.verdict.reply.text == "加密的答复"


async def test_plain_mode_takes_no_envelope(wechat, gateway, account):
    gateway.answer = sealing(account)

    push = await wechat.say(OPENID, "你好")

    assert push.verdict.reason == "sealed_in_plain_mode"


async def test_a_json_account_may_answer_in_json(wechat, gateway, account):
    wechat.account().push_format = PushFormat.JSON
    reply = {
        "ToUserName": OPENID,
        "FromUserName": account.original_id,
        "CreateTime": 1700000000,
        "MsgType": "text",
        "Content": "好的",
    }
    gateway.answer = lambda _received: json.dumps(reply).encode()

    push = await wechat.say(OPENID, "你好")

    assert push.verdict.reply.text == "好的"


async def test_a_picture_reply_needs_a_picture_the_platform_has(wechat, gateway):
    def answer_with(media_id):
        def answer(received):
            text = text_reply(received, "x", MsgType="image", Content=None).decode()
            image = f"<Image><MediaId>{media_id}</MediaId></Image></xml>"
            return text.replace("</xml>", image).encode()

        return answer

    gateway.answer = answer_with("unknown")
    unknown = await wechat.say(OPENID, "看看")
    stored = wechat.media.add_image(b"\xff\xd8\xff\xe0", wechat.now()).media_id
    gateway.answer = answer_with(stored)
    known = await wechat.say(OPENID, "看看")

    assert unknown.verdict.reason == "unknown_media"
    assert known.verdict.outcome is Outcome.REPLY
    shown = wechat.transcripts.of(OPENID)[-1]
    assert shown.details["pic_url"] == wechat.picture_address(stored)


@pytest.mark.parametrize(("count", "outcome"), [("1", Outcome.REPLY), ("2", Outcome.MALFUNCTION)])
async def test_an_article_reply_says_how_many_it_has(wechat, gateway, count, outcome):
    def answer(received):
        text = text_reply(received, "x", MsgType="news", Content=None).decode()
        item = "<item><Title>办事指南</Title><Url>https://example.gov.cn</Url></item>"
        articles = f"<ArticleCount>{count}</ArticleCount><Articles>{item}</Articles></xml>"
        return text.replace("</xml>", articles).encode()

    gateway.answer = answer

    push = await wechat.say(OPENID, "指南")

    assert push.verdict.outcome is outcome
