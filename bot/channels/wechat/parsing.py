"""What a citizen sent or did, read from the fields of a push."""

import re
from datetime import UTC, datetime

from bot.channels.base import UnreadablePush
from bot.channels.bodies import Fields, Shape, dedupe_key_of, digest_of, name_in, string_in
from bot.channels.pushes import Parsed
from bot.channels.wechat import reports
from core.messaging import ChannelAddress, ChannelName, InboundKind, InboundMessage, Trigger

# What stickers and the like arrive as, in the place of a text.
UNSUPPORTED_TEXT = "【收到不支持的消息类型，暂无法显示】"

# 点击自定义菜单 in the table of 客服消息 means these.
CLICKS_THAT_COUNT = frozenset({"click", "scancode_push", "scancode_waitmsg"})

_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")


_MESSAGES = {
    "text": Shape(InboundKind.TEXT, "Content", {"choice_id": "bizmsgmenuid"}),
    "image": Shape(InboundKind.IMAGE, "", {"media_id": "MediaId", "picture_url": "PicUrl"}),
    # Recognition is often empty: the platform is giving it up.
    "voice": Shape(InboundKind.VOICE, "Recognition", {"media_id": "MediaId", "format": "Format"}),
    "video": Shape(
        InboundKind.VIDEO, "", {"media_id": "MediaId", "thumbnail_media_id": "ThumbMediaId"}
    ),
    "shortvideo": Shape(
        InboundKind.VIDEO, "", {"media_id": "MediaId", "thumbnail_media_id": "ThumbMediaId"}
    ),
    "location": Shape(
        InboundKind.LOCATION,
        "Label",
        {"latitude": "Location_X", "longitude": "Location_Y", "scale": "Scale"},
    ),
    "link": Shape(InboundKind.LINK, "Title", {"url": "Url", "description": "Description"}),
    "miniprogrampage": Shape(
        InboundKind.MINI_PROGRAM, "Title", {"app_id": "AppId", "page": "PagePath"}
    ),
}

_FOLLOW = Shape(InboundKind.FOLLOW, "", {"scene": "EventKey", "ticket": "Ticket"})
_MENU_CLICK = Shape(InboundKind.MENU_CLICK, "", {"key": "EventKey"})

# Other events say nothing that wants an answer; some of them are reports.
_EVENTS = {
    "scan": Shape(InboundKind.SCAN, "", {"scene": "EventKey", "ticket": "Ticket"}),
    "subscribe": _FOLLOW,
    "unsubscribe": Shape(InboundKind.UNFOLLOW),
    "click": _MENU_CLICK,
    "scancode_push": _MENU_CLICK,
    "scancode_waitmsg": _MENU_CLICK,
    "pic_sysphoto": _MENU_CLICK,
    "pic_photo_or_album": _MENU_CLICK,
    "pic_weixin": _MENU_CLICK,
    "location_select": _MENU_CLICK,
}


def read_fields(fields: Fields, account_name: str) -> Parsed:
    """Understand the fields of a push, or raise UnreadablePush."""
    openid = name_in(fields, "FromUserName")
    if not _OPENID.fullmatch(openid):
        raise UnreadablePush("FromUserName is missing or malformed")
    kind = string_in(fields, "MsgType").lower()
    if not kind:
        raise UnreadablePush("MsgType is missing or repeated")
    original_id = string_in(fields, "ToUserName")
    sent_at = _sent_at(fields)
    event = string_in(fields, "Event").lower() if kind == "event" else ""
    shape = _shape(fields, kind, event)
    if event in reports.KINDS:
        told = reports.read(fields, event, account_name, openid, sent_at)
        return Parsed(original_id, openid, None, f"event {event!r} needs no answer", told)
    if shape is None:
        return Parsed(original_id, openid, None, f"event {event[:64]!r} needs no answer")
    message = InboundMessage(
        address=ChannelAddress(ChannelName.WECHAT, account_name, openid),
        dedupe_key=_dedupe_key(fields, openid, event),
        kind=shape.kind,
        sent_at=sent_at,
        text=string_in(fields, shape.text),
        payload=_payload(fields, shape, kind, event),
        counts_as=_counts_as(fields, shape, event),
    )
    return Parsed(original_id, openid, message)


def _shape(fields: Fields, kind: str, event: str) -> Shape | None:
    if kind == "event":
        return _EVENTS.get(event)
    if kind == "text" and string_in(fields, "Content") == UNSUPPORTED_TEXT:
        return Shape(InboundKind.OTHER, "Content")
    return _MESSAGES.get(kind, Shape(InboundKind.OTHER))


def _counts_as(fields: Fields, shape: Shape, event: str) -> Trigger | None:
    """Say where the platform counts a push otherwise than its kind says.

    Whether a tap on a link of ours counts as a menu click is not documented; it is the
    stricter reading. Who sends a picture from the menu sends it in a message of its own.
    """
    if shape.kind is InboundKind.TEXT and string_in(fields, "bizmsgmenuid"):
        return Trigger.MENU_CLICK
    if shape.kind is InboundKind.FOLLOW and string_in(fields, "EventKey"):
        return Trigger.SCAN
    if shape.kind is InboundKind.MENU_CLICK and event not in CLICKS_THAT_COUNT:
        return Trigger.NOTHING
    return None


def _payload(fields: Fields, shape: Shape, kind: str, event: str) -> dict[str, str]:
    """Keep what is there; `event` or `type` is the platform's word for what this is."""
    kept = {name: string_in(fields, field) for name, field in shape.payload.items()}
    if event:
        kept["event"] = event
        kept["scene"] = kept.get("scene", "").removeprefix("qrscene_")
    elif shape.kind is InboundKind.OTHER:
        kept["type"] = kind[:64]
    return {name: value for name, value in kept.items() if value}


def _dedupe_key(fields: Fields, openid: str, event: str) -> str:
    """Tell repeated pushes from different ones.

    A MsgId alone has been seen shared by several senders, and events have none; two
    events of one sender can fall into one second.
    """
    created = string_in(fields, "CreateTime")
    if event:
        return dedupe_key_of(created, openid, string_in(fields, "EventKey"), event)
    # Every kind we know has a MsgId; without one the content must tell.
    return dedupe_key_of(string_in(fields, "MsgId") or digest_of(fields), created, openid)


def _sent_at(fields: Fields) -> datetime:
    try:
        return datetime.fromtimestamp(int(string_in(fields, "CreateTime")), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnreadablePush("CreateTime is not a time") from error
