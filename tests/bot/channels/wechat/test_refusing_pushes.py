import base64
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.channels.base import (
    BodyTooLarge,
    InvalidSignature,
    PlaintextRefused,
    PushRefused,
    StalePush,
    UndecryptablePush,
    UnreadablePush,
    WrongAccount,
)
from bot.channels.wechat.channel import WeChatChannel
from config.accounts import PushMode
from tests.bot.channels.wechat.platform import (
    NOW,
    PREVIOUS_KEY,
    TOKEN,
    FakeApi,
    a_channel,
    an_account,
    payload,
    sealed,
    signature,
    signed,
    text_xml,
)


def test_a_push_with_a_wrong_signature_is_refused():
    with pytest.raises(InvalidSignature):
        a_channel().read_push(signed(token="other"), {}, payload("wechat_text.xml"))


def test_an_encrypted_push_is_judged_by_its_own_signature_not_by_the_plain_one():
    query, body = sealed(payload("wechat_text.xml"))

    with pytest.raises(InvalidSignature):
        a_channel(PushMode.SAFE).read_push(query | {"msg_signature": query["signature"]}, {}, body)


def test_an_encrypted_body_cannot_be_exchanged_under_a_valid_signature():
    query, _body = sealed(text_xml("真话"))
    _query, other = sealed(text_xml("假话"))

    with pytest.raises(InvalidSignature):
        a_channel(PushMode.SAFE).read_push(query, {}, other)


@pytest.mark.parametrize(
    "body",
    [
        b"<Encrypt>" + b" " * 60_000,
        b"<Encrypt>" * 7_000,
        b"<Encrypt><![CDATA[" + b"A" * 60_000,
        b'{"Encrypt":' + b" " * 60_000,
        b'{"Encrypt":"' + b"/" * 60_000,
    ],
    ids=range(5),
)
def test_a_body_made_to_be_searched_slowly_is_refused_like_any_other(body):
    with pytest.raises(PlaintextRefused):
        a_channel(PushMode.SAFE).read_push(signed() | {"encrypt_type": "aes"}, {}, body)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_push_signed_at_another_time_is_refused(minutes):
    at = NOW + timedelta(minutes=minutes)
    query, body = sealed(payload("wechat_text.xml"), at=at)

    with pytest.raises(StalePush):
        a_channel().read_push(signed(at=at), {}, payload("wechat_text.xml"))
    with pytest.raises(StalePush):
        a_channel(PushMode.SAFE).read_push(query, {}, body)


def test_how_old_a_push_may_be_is_a_setting():
    channel = a_channel(freshness=timedelta(seconds=10))

    with pytest.raises(StalePush):
        channel.read_push(signed(at=NOW - timedelta(seconds=11)), {}, text_xml())


def test_a_body_is_measured_before_anything_else():
    with pytest.raises(BodyTooLarge):
        a_channel().read_push({}, {}, b"x" * (64 * 1024 + 1))


def test_compatible_mode_may_be_three_times_as_long():
    assert a_channel(PushMode.SAFE).max_body_bytes == 64 * 1024
    assert a_channel(PushMode.COMPATIBLE).max_body_bytes == 3 * 64 * 1024


@pytest.mark.parametrize(
    "extra", [{}, {"encrypt_type": ""}, {"encrypt_type": "raw"}, {"encrypt_type": "aes"}]
)
def test_safe_mode_refuses_a_plain_body_whatever_it_claims_to_be(extra):
    with pytest.raises(PlaintextRefused):
        a_channel(PushMode.SAFE).read_push(signed() | extra, {}, payload("wechat_text.xml"))


def test_a_plain_body_that_claims_to_be_encrypted_is_unreadable():
    query = signed() | {"encrypt_type": "aes"}

    with pytest.raises(UnreadablePush):
        a_channel(PushMode.COMPATIBLE).read_push(query, {}, payload("wechat_text.xml"))


def test_a_push_under_an_unknown_key_is_refused():
    query, body = sealed(payload("wechat_text.xml"), key=PREVIOUS_KEY)

    with pytest.raises(UndecryptablePush):
        a_channel(PushMode.SAFE).read_push(query, {}, body)


def test_a_push_encrypted_for_another_app_is_refused():
    query, body = sealed(payload("wechat_text.xml"), app_id="wx-other")

    with pytest.raises(WrongAccount):
        a_channel(PushMode.SAFE).read_push(query, {}, body)


def test_a_push_to_another_account_is_refused():
    with pytest.raises(WrongAccount):
        a_channel().read_push(signed(), {}, text_xml(to="gh_other"))


BILLION_LAUGHS = b"""<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<xml><ToUserName>gh</ToUserName><Content>&b;</Content></xml>"""
OUTSIDE_FILE = b"""<!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/hostname">]>
<xml><Content>&f;</Content></xml>"""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"success",
        b"<xml",
        b"<xml/>",
        b"<xml>text</xml>",
        b"<html><body>502</body></html>",
        b"{}",
        b"{",
        b"[1]",
        b'{"a":' * 12_000,
        b"<a>" * 20_000,
        b'{"CreateTime":' + b"9" * 5000 + b"}",
        "<xml><Content>你好</Content></xml>".encode("gbk"),
        BILLION_LAUGHS,
        OUTSIDE_FILE,
        text_xml("&#8;").replace(b"<![CDATA[", b"").replace(b"]]>", b""),
    ],
    ids=range(16),
)
def test_a_body_that_is_no_push_is_unreadable_in_every_mode(body):
    with pytest.raises(UnreadablePush):
        a_channel().read_push(signed(), {}, body)


@pytest.mark.parametrize("body", [b"<xml/>", b"<xml><Content>x</Content></xml>", b"no xml"])
def test_an_encrypted_body_that_is_no_push_is_unreadable(body):
    query, posted = sealed(body)

    with pytest.raises(UnreadablePush):
        a_channel(PushMode.SAFE).read_push(query, {}, posted)


@given(st.binary(max_size=400), st.sampled_from(list(PushMode)), st.booleans())
def test_no_body_whatever_brings_more_than_a_refusal(body, mode, is_claimed_encrypted):
    query = signed() | ({"encrypt_type": "aes"} if is_claimed_encrypted else {})

    with pytest.raises(PushRefused):
        a_channel(mode).read_push(query, {}, body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    ),
    st.sampled_from(["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "Event"]),
)
def test_no_value_in_any_field_brings_more_than_a_refusal(value, name):
    fields = json.loads(payload("wechat_text.json")) | {name: value}

    try:
        push = a_channel().read_push(signed(), {}, json.dumps(fields).encode())
    except PushRefused:
        return

    assert push.message is None or push.message.address.platform_id


@given(st.data())
def test_no_damage_to_an_encrypted_push_brings_more_than_a_refusal(data):
    query, body = sealed(payload("wechat_text.xml"))
    at = data.draw(st.integers(0, len(body) - 1))
    damaged = body[:at] + data.draw(st.binary(max_size=3)) + body[at + 1 :]
    channel = a_channel(PushMode.SAFE)

    try:
        push = channel.read_push(query, {}, damaged)
    except PushRefused:
        return

    assert push.message == channel.read_push(query, {}, body).message


@given(st.binary(min_size=16, max_size=160))
def test_no_signed_ciphertext_brings_more_than_a_refusal(ciphertext):
    encrypted = base64.b64encode(ciphertext).decode()
    query = signed()
    parts = (TOKEN, query["timestamp"], query["nonce"], encrypted)
    query |= {"encrypt_type": "aes", "msg_signature": signature(*parts)}
    body = f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()

    with pytest.raises((UndecryptablePush, WrongAccount, UnreadablePush)):
        a_channel(PushMode.SAFE).read_push(query, {}, body)


def test_every_refusal_has_a_code_of_its_own():
    codes = [refusal.code for refusal in PushRefused.__subclasses__()]

    assert len(set(codes)) == len(codes) == 8


def test_safe_mode_without_a_key_does_not_start():
    account = an_account().model_copy(update={"encoding_aes_key": SecretStr("")})

    with pytest.raises(ValueError, match="encoding_aes_key"):
        WeChatChannel("town", account, FakeApi())
