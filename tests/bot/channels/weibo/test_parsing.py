import json
from datetime import UTC, datetime

import pytest

from bot.channels.base import UnreadablePush
from bot.channels.weibo.parsing import read_fields
from config.accounts import PushFormat
from core.messaging import InboundKind
from tests.bot.channels.wechat.platform import payload
from tests.bot.channels.weibo.platform import CITIZEN, CITIZEN_ID, UID, a_channel, read, signed


def fields(name="weibo_text.json", **changes):
    return json.loads(payload(name)) | changes


def understand(**changes):
    message = read_fields(fields(**changes), PushFormat.JSON, "town").message
    assert message is not None
    return message


@pytest.mark.parametrize(
    ("name", "kind", "text", "kept"),
    [
        ("weibo_text.json", InboundKind.TEXT, "居住证怎么办理？", {}),
        ("weibo_text.xml", InboundKind.TEXT, "居住证怎么办理？", {}),
        ("weibo_image.json", InboundKind.IMAGE, "", {"media_id": "821804469"}),
        ("weibo_image.xml", InboundKind.IMAGE, "", {"media_id": "821804469"}),
        ("weibo_voice.json", InboundKind.VOICE, "", {"media_id": "821804471"}),
        ("weibo_voice.xml", InboundKind.VOICE, "", {"media_id": "821804471"}),
        (
            "weibo_position.json",
            InboundKind.LOCATION,
            "我在这里: http://t.cn/zExample",
            {"latitude": "37.059821", "longitude": "115.675118"},
        ),
        (
            "weibo_position.xml",
            InboundKind.LOCATION,
            "我在这里: http://t.cn/zExample",
            {"latitude": "37.059821", "longitude": "115.675118"},
        ),
        ("weibo_follow.json", InboundKind.FOLLOW, "", {"event": "follow"}),
        ("weibo_follow.xml", InboundKind.FOLLOW, "", {"event": "follow"}),
        ("weibo_subscribe.json", InboundKind.FOLLOW, "", {"event": "subscribe"}),
        (
            "weibo_scan_follow.json",
            InboundKind.FOLLOW,
            "",
            {"event": "scan_follow", "scene": "hall-3", "ticket": "TICKET"},
        ),
        (
            "weibo_scan.json",
            InboundKind.SCAN,
            "",
            {"event": "scan", "scene": "hall-3", "ticket": "TICKET"},
        ),
        ("weibo_unfollow.json", InboundKind.UNFOLLOW, "", {"event": "unfollow"}),
        ("weibo_unfollow.xml", InboundKind.UNFOLLOW, "", {"event": "unfollow"}),
        ("weibo_click.json", InboundKind.MENU_CLICK, "", {"event": "click", "key": "HUMAN"}),
        ("weibo_click.xml", InboundKind.MENU_CLICK, "", {"event": "click", "key": "HUMAN"}),
        (
            "weibo_mention_status.json",
            InboundKind.MENTION,
            "@清河发布 人民路的路灯坏了三天",
            {"public": "status", "post_id": "4890000000000001"},
        ),
        (
            "weibo_mention_status.xml",
            InboundKind.MENTION,
            "@清河发布 人民路的路灯坏了三天",
            {"public": "status", "post_id": "4890000000000001"},
        ),
        (
            "weibo_mention_comment.json",
            InboundKind.MENTION,
            "@清河发布 我家这边也是",
            {"public": "comment", "post_id": "4890000000000002"},
        ),
    ],
)
def test_everything_a_citizen_can_do_becomes_a_message(name, kind, text, kept):
    message = read(name)

    assert (message.kind, message.text, dict(message.payload)) == (kind, text, kept)
    assert message.address == CITIZEN
    assert message.sent_at == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("weibo_unsubscribe.json", "event unsubscribe"),
        ("weibo_view.json", "event view"),
        ("weibo_unknown_type.json", "sticker"),
        ("weibo_unknown_event.json", "event tip_received"),
    ],
)
def test_what_wants_no_answer_or_is_not_known_is_passed_over(name, what):
    push = a_channel().read_push(signed(), {}, payload(name))

    assert push.message is None
    assert what in push.ignored


@pytest.mark.parametrize(
    "data",
    [
        {"subtype": "status"},
        {"subtype": "status", "key": ""},
        {"subtype": "status", "key": "../../x"},
        {"subtype": "story", "key": "4890000000000001"},
        {"key": "4890000000000001"},
        {},
    ],
)
def test_a_mention_that_names_no_post_is_passed_over(data):
    parsed = read_fields(fields("weibo_mention_status.json", data=data), PushFormat.JSON, "town")

    assert parsed.message is None
    assert "mention" in parsed.ignored


def test_what_the_account_said_itself_is_passed_over():
    parsed = read_fields(fields(sender_id=int(UID)), PushFormat.JSON, "town")

    assert parsed.message is None


def test_the_data_may_come_as_text():
    as_text = json.dumps({"longitude": "115.6", "latitude": "37.0"})

    message = understand(type="position", data=as_text)

    assert message.payload == {"latitude": "37.0", "longitude": "115.6"}


@pytest.mark.parametrize("data", [None, "", "{", "[" * 100_000, [], 7, "[1]"])
def test_data_that_is_none_is_read_as_empty(data):
    assert understand(data=data).text == "居住证怎么办理？"


def test_a_repeated_push_has_the_same_dedupe_key_in_each_form():
    for name in ("weibo_text.json", "weibo_text.xml", "weibo_click.json", "weibo_image.xml"):
        assert read(name).dedupe_key == read(name).dedupe_key


def test_two_messages_of_one_second_are_different():
    keys = {
        understand().dedupe_key,
        understand(text="第二句").dedupe_key,
        understand(sender_id=6688002346).dedupe_key,
        understand(created_at="Mon Mar 02 09:00:01 +0800 2026").dedupe_key,
        read("weibo_image.json").dedupe_key,
        understand(type="image", data={"tovfid": 1}).dedupe_key,
        understand(type="image", data={"tovfid": 2}).dedupe_key,
        read("weibo_follow.json").dedupe_key,
        read("weibo_unfollow.json").dedupe_key,
        read("weibo_click.json").dedupe_key,
        understand(type="event", data={"subtype": "click", "key": "CASE"}).dedupe_key,
    }

    assert len(keys) == 11
    assert all(len(key) <= 200 for key in keys)


def test_the_order_of_fields_does_not_make_another_message():
    turned = dict(reversed(fields("weibo_position.json").items()))
    turned["data"] = dict(reversed(turned["data"].items()))

    message = read_fields(turned, PushFormat.JSON, "town").message

    assert message is not None
    assert message.dedupe_key == read("weibo_position.json").dedupe_key


def test_the_time_may_be_in_seconds_as_in_wechats_form():
    assert understand(created_at=1772413200).sent_at == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_text_is_cleaned_of_what_no_store_can_hold():
    assert understand(text="你\u0000好\ud83d\x08 ").text == "你好"


@pytest.mark.parametrize(
    "broken",
    [
        {"sender_id": None},
        {"sender_id": ""},
        {"sender_id": 0},
        {"sender_id": -6688002345},
        {"sender_id": 6688002345.5},
        {"sender_id": True},
        {"sender_id": "]]></x>"},
        {"sender_id": [CITIZEN_ID, "1"]},
        {"sender_id": "9" * 21},
        {"type": None},
        {"type": ["text", "event"]},
        {"created_at": None},
        {"created_at": "yesterday"},
        {"created_at": "Mon Mar 32 09:00:00 +0800 2026"},
        {"created_at": "Mon Jan 01 00:00:00 +2359 0001"},
        {"created_at": "9" * 30},
        {"created_at": True},
    ],
)
def test_a_push_without_what_every_push_has_is_unreadable(broken):
    with pytest.raises(UnreadablePush):
        read_fields(fields(**broken), PushFormat.JSON, "town")


@pytest.mark.parametrize(
    ("event", "kind", "key", "scene"),
    [
        ("subscribe", InboundKind.FOLLOW, "", None),
        ("subscribe", InboundKind.FOLLOW, "qrscene_hall-3", "hall-3"),
        ("unsubscribe", InboundKind.UNFOLLOW, "", None),
        ("SCAN", InboundKind.SCAN, "hall-3", "hall-3"),
        ("CLICK", InboundKind.MENU_CLICK, "HUMAN", None),
    ],
)
def test_in_wechats_form_the_words_for_events_are_wechats(event, kind, key, scene):
    said = {
        "ToUserName": UID,
        "FromUserName": "6688002345",
        "CreateTime": "1772413200",
        "MsgType": "event",
        "Event": event,
        "EventKey": key,
    }

    message = read_fields(said, PushFormat.XML, "town").message

    assert message is not None
    assert (message.kind, message.payload.get("scene")) == (kind, scene)


def test_a_post_is_known_by_its_id_whenever_and_however_it_is_told():
    first = read("weibo_mention_status.json")
    again = read_fields(
        fields("weibo_mention_status.json", text="改过的文字", created_at="1"),
        PushFormat.JSON,
        "town",
    ).message

    assert again is not None
    assert first.dedupe_key == again.dedupe_key == "mention-status-4890000000000001"
    assert read("weibo_mention_comment.json").dedupe_key != first.dedupe_key
