import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import (
    BodyTooLarge,
    Channel,
    InvalidSignature,
    PushRefused,
    StalePush,
    UnreadablePush,
    WrongAccount,
)
from config.accounts import PushFormat
from tests.bot.channels.wechat.platform import payload
from tests.bot.channels.weibo.platform import (
    NOW,
    PUBLISHED,
    UID,
    a_channel,
    an_account,
    signed,
    text_json,
)


def test_the_channel_is_what_the_gateway_asks_for():
    channel: Channel = a_channel()

    assert (channel.name, channel.account_name) == ("weibo", "town")
    assert channel.max_body_bytes == 64 * 1024


def test_the_platforms_own_verification_call_is_answered_with_its_echo():
    call = PUBLISHED["verification"]
    at = datetime.fromtimestamp(int(call["timestamp"]) / 1000, UTC)
    account = an_account(app_secret=call["app_secret"])

    assert a_channel(account=account, clock=lambda: at).verify_endpoint(call) == "dnPdpTZz85"


def test_a_verification_call_must_be_signed_fresh_and_harmless():
    with pytest.raises(InvalidSignature):
        a_channel().verify_endpoint(signed(secret="other") | {"echostr": "1"})
    with pytest.raises(StalePush):
        a_channel().verify_endpoint(signed(at=NOW - timedelta(hours=1)) | {"echostr": "1"})
    with pytest.raises(UnreadablePush):
        a_channel().verify_endpoint(signed() | {"echostr": "<script>"})


def test_a_push_with_a_wrong_signature_is_refused():
    with pytest.raises(InvalidSignature):
        a_channel().read_push(signed(secret="other"), {}, text_json())


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_push_signed_at_another_time_is_refused(minutes):
    with pytest.raises(StalePush):
        a_channel().read_push(signed(at=NOW + timedelta(minutes=minutes)), {}, text_json())


def test_a_time_in_seconds_is_another_time():
    wrong = signed(at=datetime.fromtimestamp(NOW.timestamp() / 1000, UTC))

    with pytest.raises(StalePush):
        a_channel().read_push(wrong, {}, text_json())


def test_a_body_is_measured_before_anything_else():
    with pytest.raises(BodyTooLarge):
        a_channel().read_push({}, {}, b"x" * (64 * 1024 + 1))


@pytest.mark.parametrize("receiver", [int(UID) + 1, "", None])
def test_a_push_to_another_account_is_refused(receiver):
    with pytest.raises(WrongAccount):
        a_channel().read_push(signed(), {}, text_json(receiver_id=receiver))


def test_an_xml_push_to_another_account_is_refused():
    body = payload("weibo_text.xml").replace(UID.encode(), b"5577009999")

    with pytest.raises(WrongAccount):
        a_channel().read_push(signed(), {}, body)


class TestOneSignatureForOneMessage:
    """The signature says nothing about the body: it could be sent under any other."""

    def test_a_repeated_push_is_read_again(self):
        channel = a_channel()

        first, second = (channel.read_push(signed(), {}, text_json()) for _ in range(2))

        assert first.message == second.message

    def test_another_message_under_a_signature_that_was_seen_is_refused(self):
        channel = a_channel()
        channel.read_push(signed(), {}, text_json("真话"))

        with pytest.raises(StalePush):
            channel.read_push(signed(), {}, text_json("假话"))

    def test_under_signatures_of_their_own_messages_pass(self):
        channel = a_channel()

        texts = [
            channel.read_push(signed(nonce=str(number)), {}, text_json(str(number))).message.text
            for number in range(3)
        ]

        assert texts == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("ordered", "name"), [(PushFormat.JSON, "weibo_text.xml"), (PushFormat.XML, "weibo_text.json")]
)
def test_a_push_in_the_form_that_was_not_ordered_is_read_and_the_office_warned_once(
    ordered, name, caplog
):
    caplog.set_level(logging.WARNING)
    channel = a_channel(account=an_account(push_format=ordered))

    for _ in range(2):
        assert channel.read_push(signed(), {}, payload(name)).message is not None

    assert caplog.messages == ["push format differs from the setting"]


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
        b'{"type":' * 8_000,
        b"<a>" * 20_000,
        b'{"created_at":' + b"9" * 5000 + b"}",
        text_json().decode().encode("gbk"),
        b'<!DOCTYPE x [<!ENTITY a "ha">]><xml><Content>&a;</Content></xml>',
    ],
    ids=range(14),
)
def test_a_body_that_is_no_push_is_unreadable(body):
    with pytest.raises(UnreadablePush):
        a_channel().read_push(signed(), {}, body)


@given(st.binary(max_size=400), st.sampled_from(list(PushFormat)))
def test_no_body_whatever_brings_more_than_a_refusal(body, push_format):
    channel = a_channel(account=an_account(push_format=push_format))

    with pytest.raises(PushRefused):
        channel.read_push(signed(), {}, body)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
)


@given(
    VALUES,
    st.sampled_from(["type", "receiver_id", "sender_id", "created_at", "text", "data"]),
    st.sampled_from(["weibo_text.json", "weibo_mention_status.json", "weibo_click.json"]),
)
def test_no_value_in_any_field_brings_more_than_a_refusal(value, name, push_name):
    fields = json.loads(payload(push_name)) | {name: value}

    try:
        push = a_channel().read_push(signed(), {}, json.dumps(fields).encode())
    except PushRefused:
        return

    assert push.ignored or push.message.address.platform_id


@given(VALUES, st.sampled_from(["subtype", "key", "ticket", "tovfid", "longitude"]))
def test_no_value_in_the_data_brings_more_than_a_refusal(value, name):
    for push_name in ("weibo_image.json", "weibo_scan_follow.json", "weibo_mention_comment.json"):
        fields = json.loads(payload(push_name))
        fields["data"][name] = value

        push = a_channel().read_push(signed(), {}, json.dumps(fields).encode())

        assert push.ignored or push.message.address.platform_id


@given(st.data(), st.sampled_from(["weibo_text.json", "weibo_position.xml"]))
def test_no_damage_to_a_push_brings_more_than_a_refusal(data, name):
    body = payload(name)
    at = data.draw(st.integers(0, len(body) - 1))
    damaged = body[:at] + data.draw(st.binary(max_size=3)) + body[at + 1 :]

    try:
        push = a_channel().read_push(signed(), {}, damaged)
    except PushRefused:
        return

    assert push.ignored or push.message.address.platform_id


@given(st.dictionaries(st.sampled_from(["signature", "timestamp", "nonce", "echostr"]), st.text()))
def test_no_query_whatever_brings_more_than_a_refusal(query):
    with pytest.raises(PushRefused):
        a_channel().read_push(query, {}, text_json())
    with pytest.raises(PushRefused):
        a_channel().verify_endpoint(query)
