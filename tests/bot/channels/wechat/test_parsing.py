from datetime import UTC, datetime

import pytest

from bot.channels.base import UnreadablePush
from bot.channels.bodies import DEDUPE_KEY_LIMIT
from bot.channels.wechat.parsing import read_fields
from core.messaging import InboundKind, InboundMessage
from tests.bot.channels.wechat.platform import (
    CITIZEN,
    OPENID,
    ORIGINAL_ID,
    a_channel,
    payload,
    read,
    signed,
)

SENT = 1772413200
MESSAGE_ID = 24567890123456789


def fields(**changes):
    text = {
        "ToUserName": ORIGINAL_ID,
        "FromUserName": OPENID,
        "CreateTime": str(SENT),
        "MsgType": "text",
        "Content": "你好",
        "MsgId": "1",
    }
    return text | changes


def key_of(**changes):
    message = read_fields(fields(**changes), "town").message
    assert message is not None
    return message.dedupe_key


@pytest.mark.parametrize("name", ["wechat_text.xml", "wechat_text.json"])
def test_a_text_message_is_read_in_both_formats(name):
    assert read(name) == InboundMessage(
        address=CITIZEN,
        dedupe_key=f"{MESSAGE_ID}-{SENT}-{OPENID}",
        kind=InboundKind.TEXT,
        sent_at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
        text="城乡居民医保怎么缴费？",
    )


@pytest.mark.parametrize(
    ("name", "kind", "text", "kept"),
    [
        ("wechat_choice_tapped.xml", InboundKind.TEXT, "满意", {"choice_id": "101"}),
        (
            "wechat_image.xml",
            InboundKind.IMAGE,
            "",
            {"media_id": "media-1", "picture_url": "http://mmbiz.qpic.cn/example/0"},
        ),
        ("wechat_voice.xml", InboundKind.VOICE, "", {"media_id": "media-2", "format": "amr"}),
        (
            "wechat_voice_recognised.xml",
            InboundKind.VOICE,
            "我要投诉噪声",
            {"media_id": "media-2", "format": "amr"},
        ),
        (
            "wechat_video.xml",
            InboundKind.VIDEO,
            "",
            {"media_id": "media-3", "thumbnail_media_id": "media-4"},
        ),
        (
            "wechat_short_video.xml",
            InboundKind.VIDEO,
            "",
            {"media_id": "media-3", "thumbnail_media_id": "media-4"},
        ),
        (
            "wechat_location.xml",
            InboundKind.LOCATION,
            "清河县人民政府",
            {"latitude": "37.059821", "longitude": "115.675118", "scale": "16"},
        ),
        (
            "wechat_link.xml",
            InboundKind.LINK,
            "关于缴费标准的通知",
            {"url": "https://www.example.gov.cn/a?b=1&c=2", "description": "全文见链接"},
        ),
        (
            "wechat_sticker.xml",
            InboundKind.OTHER,
            "【收到不支持的消息类型，暂无法显示】",
            {"type": "text"},
        ),
        (
            "wechat_mini_program_card.xml",
            InboundKind.MINI_PROGRAM,
            "办事大厅",
            {"app_id": "wx0000000000000001", "page": "pages/index"},
        ),
        ("wechat_follow.xml", InboundKind.FOLLOW, "", {"event": "subscribe"}),
        (
            "wechat_follow_by_code.xml",
            InboundKind.FOLLOW,
            "",
            {"event": "subscribe", "scene": "hall-3", "ticket": "TICKET"},
        ),
        (
            "wechat_scan.xml",
            InboundKind.SCAN,
            "",
            {"event": "scan", "scene": "hall-3", "ticket": "TICKET"},
        ),
        ("wechat_unfollow.xml", InboundKind.UNFOLLOW, "", {"event": "unsubscribe"}),
        ("wechat_unfollow.json", InboundKind.UNFOLLOW, "", {"event": "unsubscribe"}),
        (
            "wechat_menu_click.xml",
            InboundKind.MENU_CLICK,
            "",
            {"event": "click", "key": "my_cases"},
        ),
        (
            "wechat_menu_scan_code.xml",
            InboundKind.MENU_CLICK,
            "",
            {"event": "scancode_waitmsg", "key": "scan_receipt"},
        ),
    ],
)
def test_everything_a_citizen_can_do_becomes_a_message(name, kind, text, kept):
    message = read(name)

    assert (message.kind, message.text, dict(message.payload)) == (kind, text, kept)
    assert message.address == CITIZEN


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("wechat_menu_page_opened.xml", "view"),
        ("wechat_location_reported.xml", "location"),
        ("wechat_template_sent.xml", "templatesendjobfinish"),
        ("wechat_subscription_answered.xml", "subscribe_msg_popup_event"),
        ("wechat_authorization_revoked.xml", "user_authorization_revoke"),
        ("wechat_debug.json", "debug_demo"),
    ],
)
def test_a_notice_of_the_platform_is_no_message(name, event):
    push = a_channel().read_push(signed(), {}, payload(name))

    assert push.message is None
    assert event in push.ignored


def test_a_repeated_push_has_the_same_dedupe_key():
    assert read("wechat_text.xml").dedupe_key == read("wechat_text.json").dedupe_key
    assert read("wechat_menu_click.xml").dedupe_key == read("wechat_menu_click.xml").dedupe_key


def test_messages_of_two_citizens_with_one_message_id_are_different():
    assert key_of(FromUserName="o-1") != key_of(FromUserName="o-2")


def test_two_events_of_one_citizen_in_one_second_are_different():
    event = {"MsgType": "event", "MsgId": None}

    keys = {
        key_of(**event, Event="CLICK", EventKey="a"),
        key_of(**event, Event="CLICK", EventKey="b"),
        key_of(**event, Event="subscribe", EventKey=None),
        key_of(**event, Event="unsubscribe", EventKey=None),
    }

    assert len(keys) == 4


def test_messages_without_an_id_are_told_apart_by_their_content():
    assert key_of(MsgId=None, Content="一") == key_of(MsgId=None, Content="一")
    assert key_of(MsgId=None, Content="一") != key_of(MsgId=None, Content="二")


def test_an_endless_event_key_still_gives_a_short_dedupe_key():
    event = {"MsgType": "event", "Event": "CLICK"}

    first, second = (key_of(**event, EventKey="k" * 5000 + end) for end in "ab")

    assert first != second
    assert len(first) <= DEDUPE_KEY_LIMIT


def test_text_is_cleaned_of_what_no_store_can_hold():
    message = read_fields(fields(Content="你\u0000好\ud83d\x08 "), "town").message

    assert message is not None
    assert message.text == "你好"


@pytest.mark.parametrize(
    "broken",
    [
        {"FromUserName": None},
        {"FromUserName": "]]></x>"},
        {"FromUserName": ["o-1", "o-2"]},
        {"MsgType": None},
        {"MsgType": ["text", "event"]},
        {"MsgType": {"#text": "text"}},
        {"CreateTime": None},
        {"CreateTime": "yesterday"},
        {"CreateTime": "9" * 30},
        {"CreateTime": True},
    ],
)
def test_a_push_without_what_every_push_has_is_unreadable(broken):
    with pytest.raises(UnreadablePush):
        read_fields(fields(**broken), "town")


@pytest.mark.parametrize("odd", [None, ["a", "b"], {"#text": "a"}, True])
def test_an_odd_content_is_read_as_empty(odd):
    message = read_fields(fields(Content=odd), "town").message

    assert message is not None
    assert message.text == ""
