"""What arrives at the account's server, in every mode and of every kind."""

import json

import pytest
import xmltodict
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from bot.simulator import gestures, payloads
from bot.simulator.platform import NotFollowing
from config.accounts import PushFormat, PushMode
from tests.bot.simulator.conftest import OPENID

pytestmark = pytest.mark.anyio


def opened(account, received):
    """Open a sealed push with the library everybody uses."""
    crypto = WeChatCrypto(account.token, account.encoding_aes_key, account.app_id)
    query = received.query
    return crypto.decrypt_message(
        received.body, query["msg_signature"], query["timestamp"], query["nonce"]
    )


async def test_a_plain_push_is_signed_and_addressed(wechat, gateway, account):
    await wechat.say(OPENID, "你好")

    query, fields = gateway.last.query, gateway.last.fields
    check_signature(account.token, query["signature"], query["timestamp"], query["nonce"])
    assert query.keys() == {"signature", "timestamp", "nonce", "openid"}
    assert query["openid"] == fields["FromUserName"] == OPENID
    assert fields["ToUserName"] == account.original_id
    assert (fields["MsgType"], fields["Content"]) == ("text", "你好")


async def test_a_safe_push_holds_nothing_but_the_addressee_and_the_envelope(
    wechat, gateway, account
):
    wechat.account().mode = PushMode.SAFE

    await wechat.say(OPENID, "你好")

    assert gateway.last.fields.keys() == {"ToUserName", "Encrypt"}
    assert gateway.last.query["encrypt_type"] == "aes"
    said = parse_message(opened(account, gateway.last))
    assert (said.type, said.content, said.source) == ("text", "你好", OPENID)


async def test_the_plain_signature_of_a_safe_push_is_valid_too(wechat, gateway, account):
    wechat.account().mode = PushMode.SAFE

    await wechat.say(OPENID, "你好")

    query = gateway.last.query
    check_signature(account.token, query["signature"], query["timestamp"], query["nonce"])
    assert query["signature"] != query["msg_signature"]


async def test_a_compatible_push_holds_both_the_fields_and_the_envelope(wechat, gateway, account):
    wechat.account().mode = PushMode.COMPATIBLE

    await wechat.say(OPENID, "你好")

    plain = gateway.last.fields
    sealed = xmltodict.parse(opened(account, gateway.last))["xml"]
    assert {name: plain[name] for name in sealed} == sealed
    assert plain["Content"] == "你好"


@pytest.mark.parametrize("mode", list(PushMode))
async def test_json_pushes_hold_the_same_fields(wechat, gateway, account, mode):
    wechat.account().mode, wechat.account().push_format = mode, PushFormat.JSON

    await wechat.say(OPENID, "你好")

    body = json.loads(gateway.last.body)
    if mode is not PushMode.PLAIN:
        query = gateway.last.query
        crypto = WeChatCrypto(account.token, account.encoding_aes_key, account.app_id)
        signed = (query["msg_signature"], query["timestamp"], query["nonce"])
        body = json.loads(crypto.decrypt_message(body, *signed))
    assert (body["Content"], body["FromUserName"]) == ("你好", OPENID)
    assert isinstance(body["MsgId"], int)
    assert isinstance(body["CreateTime"], int)


async def test_message_ids_are_64_bit_numbers_that_never_repeat(wechat, gateway):
    for line in ("一", "二", "三"):
        await wechat.say(OPENID, line)

    ids = [int(received.fields["MsgId"]) for received in gateway.received]
    assert len(set(ids)) == 3
    assert all(2**60 < msg_id < 2**63 for msg_id in ids)


@pytest.mark.parametrize(
    "text",
    ["a]]>b", "]]>]]></Content>", "<b>&amp;</b>", "😀👨‍👩‍👧", "x" * 10_000, "  两边有空格  "],
)
async def test_awkward_texts_arrive_unharmed(wechat, gateway, text):
    await wechat.say(OPENID, text)

    arrived = xmltodict.parse(gateway.last.body, strip_whitespace=False)["xml"]["Content"]
    assert arrived == text


async def test_characters_xml_cannot_hold_are_left_out(wechat, gateway):
    await wechat.say(OPENID, "路\x00灯\x08坏\ud800了\ufffe")

    assert gateway.last.fields["Content"] == "路灯坏了"


async def test_a_picture_brings_its_address_and_media_id(wechat, gateway):
    await wechat.send(OPENID, gestures.photograph(wechat))

    said = parse_message(gateway.last.body)
    assert said.type == "image"
    assert said.image == wechat.picture_address(said.media_id)
    assert wechat.media.get(said.media_id, wechat.now()).content_type == "image/png"


@pytest.mark.parametrize(
    ("recognition", "arrives"), [("我要投诉", "我要投诉"), ("", None), (None, "absent")]
)
async def test_a_voice_comes_with_an_empty_or_no_recognition(wechat, gateway, recognition, arrives):
    await wechat.send(OPENID, gestures.speak(wechat, recognition=recognition))

    fields = gateway.last.fields
    assert fields["MsgType"] == "voice"
    assert fields["Format"] == "amr"
    assert fields.get("Recognition", "absent") == arrives


async def test_a_location_has_bare_numbers_and_a_label(wechat, gateway):
    await wechat.send(OPENID, payloads.location(37.544, 115.663, label="政务服务中心"))

    said = parse_message(gateway.last.body)
    assert (said.location_x, said.location_y, said.label) == ("37.544", "115.663", "政务服务中心")
    assert b"<Location_X>37.544</Location_X>" in gateway.last.body


async def test_a_link_has_title_description_and_address(wechat, gateway):
    await wechat.send(OPENID, payloads.link("通知", "关于停水", "https://example.gov.cn/1"))

    said = parse_message(gateway.last.body)
    assert (said.title, said.description, said.url) == (
        "通知",
        "关于停水",
        "https://example.gov.cn/1",
    )


async def test_what_the_platform_cannot_show_arrives_as_its_own_words(wechat, gateway):
    await wechat.send(OPENID, payloads.unsupported())

    assert gateway.last.fields["MsgType"] == "text"
    assert gateway.last.fields["Content"] == "【收到不支持的消息类型，暂无法显示】"


@pytest.mark.parametrize(
    ("payload", "event", "key"),
    [
        (payloads.subscribe(), "subscribe", None),
        (payloads.subscribe(scene="7", ticket="T"), "subscribe", "qrscene_7"),
        (payloads.unsubscribe(), "unsubscribe", None),
        (payloads.click("ASK", "我要提问"), "CLICK", "ASK"),
        (payloads.view("https://www.gov.cn/", "官网"), "VIEW", "https://www.gov.cn/"),
        (payloads.scan("7", "T"), "SCAN", "7"),
        (payloads.report_location(37.5, 115.6), "LOCATION", None),
    ],
)
async def test_events_have_a_key_and_no_message_id(wechat, gateway, payload, event, key):
    await wechat.send(OPENID, payload)

    fields = gateway.last.fields
    assert (fields["MsgType"], fields["Event"], fields["EventKey"]) == ("event", event, key)
    assert "MsgId" not in fields


async def test_scanning_makes_a_newcomer_a_follower_by_qr_code(wechat, gateway):
    newcomer = wechat.add_citizen(is_following=False).openid

    await wechat.send(newcomer, gestures.scan(wechat, newcomer, "42"))
    await wechat.send(newcomer, gestures.scan(wechat, newcomer, "42"))

    first, second = (received.fields for received in gateway.received)
    assert (first["Event"], first["EventKey"]) == ("subscribe", "qrscene_42")
    assert (second["Event"], second["EventKey"]) == ("SCAN", "42")


async def test_who_does_not_follow_cannot_write(wechat, gateway):
    await wechat.send(OPENID, payloads.unsubscribe())

    with pytest.raises(NotFollowing):
        await wechat.say(OPENID, "还在吗")

    assert len(gateway.received) == 1


async def test_the_address_is_verified_by_echo(wechat, gateway, account):
    assert await wechat.pushes.verify_address(account)

    query = gateway.last.query
    check_signature(account.token, query["signature"], query["timestamp"], query["nonce"])
    assert query["echostr"].isdigit()
