import json
from datetime import timedelta

import pytest

from bot.channels.base import (
    Channel,
    InvalidSignature,
    StalePush,
    UnreadablePush,
)
from config.accounts import PushMode
from tests.bot.channels.wechat.platform import (
    KEY,
    NOW,
    a_channel,
    an_account,
    payload,
    sealed,
    signed,
    text_xml,
    vectors,
)


def test_the_channel_is_what_the_gateway_asks_for():
    channel: Channel = a_channel()

    assert (channel.name, channel.account_name) == ("wechat", "town")


def test_the_platforms_own_verification_call_is_answered_with_its_echo():
    call = vectors("signatures")[0]
    account = an_account(token=call["token"])
    channel = a_channel(account=account, clock=lambda: NOW, freshness=timedelta(days=9999))

    assert channel.verify_endpoint(call) == "4375120948345356249"


def test_a_verification_call_must_be_signed_and_fresh():
    with pytest.raises(InvalidSignature):
        a_channel().verify_endpoint(signed(token="other") | {"echostr": "1"})
    with pytest.raises(StalePush):
        a_channel().verify_endpoint(signed(at=NOW - timedelta(hours=1)) | {"echostr": "1"})


@pytest.mark.parametrize("echo", ["", "<script>alert(1)</script>", "1" * 129])
def test_nothing_is_echoed_that_the_platform_would_not_send(echo):
    with pytest.raises(UnreadablePush):
        a_channel().verify_endpoint(signed() | {"echostr": echo})


@pytest.mark.parametrize("name", ["wechat_text.xml", "wechat_text.json"])
@pytest.mark.parametrize("mode", list(PushMode))
def test_an_encrypted_push_is_read_in_every_mode_that_has_a_key(mode, name):
    query, body = sealed(payload(name))
    account = an_account(mode, encoding_aes_key=KEY)

    message = a_channel(account=account).read_push(query, {}, body).message

    assert message is not None
    assert message.text == "城乡居民医保怎么缴费？"


@pytest.mark.parametrize("mode", [PushMode.PLAIN, PushMode.COMPATIBLE])
def test_a_plain_push_is_read_outside_safe_mode(mode):
    message = a_channel(mode).read_push(signed(), {}, payload("wechat_text.xml")).message

    assert message is not None


def test_in_compatible_mode_only_the_encrypted_part_is_believed():
    query, body = sealed(text_xml("真话"))
    mixed = text_xml("假话").replace(b"</xml>", body.partition(b"</ToUserName>")[2])

    message = a_channel(PushMode.COMPATIBLE).read_push(query, {}, mixed).message

    assert message is not None
    assert message.text == "真话"


def test_the_official_safe_mode_push_is_understood():
    call = vectors("decrypt")[0]
    account = an_account(
        token=call["token"],
        encoding_aes_key=call["encoding_aes_key"],
        app_id=call["appid"],
        original_id="gh_97417a04a28d",
    )
    channel = a_channel(account=account, freshness=timedelta(days=9999))
    body = json.dumps({"ToUserName": "gh_97417a04a28d", "Encrypt": call["encrypt"]})

    push = channel.read_push(call | {"encrypt_type": "aes"}, {}, body.encode())

    assert "debug_demo" in push.ignored


@pytest.mark.parametrize("slash", ["/", "\\/"])
def test_json_may_escape_its_slashes(slash):
    query, body = sealed(payload("wechat_text.json"))

    push = a_channel(PushMode.SAFE).read_push(query, {}, body.replace(b"/", slash.encode()))

    assert push.message is not None


def test_a_text_of_ten_thousand_emoji_is_read_in_safe_mode():
    query, body = sealed(text_xml("👍" * 10_000))

    message = a_channel(PushMode.SAFE).read_push(query, {}, body).message

    assert message is not None
    assert message.text == "👍" * 10_000


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("响了\x08一声", "响了一声"),
        ('<b>粗</b> & "引号"', '<b>粗</b> & "引号"'),
        ("切]]]]><![CDATA[>开", "切]]>开"),
        ("", ""),
    ],
)
def test_odd_texts_are_read_as_text(content, text):
    message = a_channel().read_push(signed(), {}, text_xml(content)).message

    assert message is not None
    assert message.text == text


def test_a_byte_order_mark_does_no_harm():
    body = b"\xef\xbb\xbf" + payload("wechat_text.xml")

    assert a_channel().read_push(signed(), {}, body).message is not None
