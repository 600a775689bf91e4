"""What a citizen sent or did, read from a push in Weibo's own form or in WeChat's XML."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.channels.base import UnreadablePush
from bot.channels.bodies import Fields, Shape, dedupe_key_of, digest_of, string_in
from bot.channels.pushes import Parsed
from config.accounts import PushFormat
from core.messaging import (
    ChannelAddress,
    ChannelName,
    InboundKind,
    InboundMessage,
    PublicPlace,
    PublicPost,
)

UID = re.compile(r"[1-9][0-9]{0,19}")
POST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

# The texts that come with pictures, voices and taps are the platform's, not the citizen's.
_MESSAGES = {
    "text": Shape(InboundKind.TEXT, "text"),
    "image": Shape(InboundKind.IMAGE, "", {"media_id": "tovfid"}),
    "voice": Shape(InboundKind.VOICE, "", {"media_id": "tovfid"}),
    "position": Shape(
        InboundKind.LOCATION, "text", {"latitude": "latitude", "longitude": "longitude"}
    ),
}

_FOLLOW = Shape(InboundKind.FOLLOW, "", {"event": "subtype", "scene": "key", "ticket": "ticket"})

# Who subscribes opens the account's messages and is greeted like a follower. Who unsubscribes
# from its circulars still follows; a page opened from the menu says nothing to the account.
_EVENTS = {
    "follow": _FOLLOW,
    "scan_follow": _FOLLOW,
    "subscribe": _FOLLOW,
    "scan": Shape(InboundKind.SCAN, "", {"event": "subtype", "scene": "key", "ticket": "ticket"}),
    "unfollow": Shape(InboundKind.UNFOLLOW, "", {"event": "subtype"}),
    "click": Shape(InboundKind.MENU_CLICK, "", {"event": "subtype", "key": "key"}),
}

# What lies beside `data` in Weibo's own form.
_OUTER = ("type", "receiver_id", "sender_id", "created_at", "text")

# In WeChat's form these words mean to follow and to leave; a code's scene has a prefix.
_EVENTS_FROM_XML = {"subscribe": "follow", "unsubscribe": "unfollow"}
_SCENE_PREFIX = "qrscene_"

# What the fields of WeChat's XML are called in Weibo's own form.
_FROM_XML = {
    "ToUserName": "receiver_id",
    "FromUserName": "sender_id",
    "CreateTime": "created_at",
    "MsgType": "type",
    "Content": "text",
    "Label": "text",
    "Event": "subtype",
    "EventKey": "key",
    "Ticket": "ticket",
    "MediaId": "tovfid",
    "Location_X": "latitude",
    "Location_Y": "longitude",
}


def read_fields(fields: Fields, push_format: PushFormat, account_name: str) -> Parsed:
    """Understand the fields of a push, or raise UnreadablePush."""
    flat = _flat_from_xml(fields) if push_format is PushFormat.XML else _flat_from_json(fields)
    receiver_id, sender_id = flat.get("receiver_id", ""), flat.get("sender_id", "")
    if not UID.fullmatch(sender_id):
        raise UnreadablePush("the sender is missing or malformed")
    if not flat.get("type"):
        raise UnreadablePush("the type is missing or repeated")
    sent_at = moment(flat.get("created_at", ""))
    if sender_id == receiver_id:
        return Parsed(receiver_id, sender_id, None, "said by the account itself")
    shape = _shape(flat)
    if shape is None:
        # The platform asks to pass over what is not known, as more kinds may come.
        what = " ".join((flat["type"], flat.get("subtype", "")))
        return Parsed(receiver_id, sender_id, None, f"{what[:64]!r} needs no answer")
    message = InboundMessage(
        address=ChannelAddress(ChannelName.WEIBO, account_name, sender_id),
        dedupe_key=_dedupe_key(flat, sent_at),
        kind=shape.kind,
        sent_at=sent_at,
        text=flat.get(shape.text, "") if shape.text else "",
        payload=_payload(flat, shape),
    )
    return Parsed(receiver_id, sender_id, message)


def _flat_from_json(fields: Fields) -> dict[str, str]:
    """Put what lies in `data` beside the rest; its names are none of theirs."""
    data = fields.get("data")
    if isinstance(data, str):
        # The platform's tables call it a string, its samples show an object.
        data = _object_in(data)
    inner = data if isinstance(data, dict) else {}
    flat = {name: string_in(inner, name) for name in inner}
    flat |= {name: string_in(fields, name) for name in _OUTER}
    return _in_lower_case(flat)


def _flat_from_xml(fields: Fields) -> dict[str, str]:
    flat = {
        name: string_in(fields, xml_name)
        for xml_name, name in _FROM_XML.items()
        if string_in(fields, xml_name)
    }
    flat = _in_lower_case(flat)
    if flat.get("type") == "location":
        flat["type"] = "position"
    if flat.get("type") == "event":
        subtype = flat.get("subtype", "")
        flat["subtype"] = _EVENTS_FROM_XML.get(subtype, subtype)
        flat["key"] = flat.get("key", "").removeprefix(_SCENE_PREFIX)
    return flat


def _in_lower_case(flat: dict[str, str]) -> dict[str, str]:
    words = ("type", "subtype")
    return flat | {name: flat[name].lower() for name in words if name in flat}


def _object_in(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _shape(flat: Mapping[str, str]) -> Shape | None:
    if flat["type"] == "event":
        return _EVENTS.get(flat.get("subtype", ""))
    if flat["type"] == "mention":
        return Shape(InboundKind.MENTION, "text") if _post_in(flat) else None
    return _MESSAGES.get(flat["type"])


def _payload(flat: Mapping[str, str], shape: Shape) -> Mapping[str, str]:
    post = _post_in(flat)
    if shape.kind is InboundKind.MENTION and post is not None:
        return post.payload
    kept = {name: flat.get(field, "") for name, field in shape.payload.items()}
    return {name: value for name, value in kept.items() if value}


def _post_in(flat: Mapping[str, str]) -> PublicPost | None:
    place, post_id = flat.get("subtype", ""), flat.get("key", "")
    if place not in set(PublicPlace) or not POST_ID.fullmatch(post_id):
        return None
    return PublicPost(PublicPlace(place), post_id)


def _dedupe_key(flat: Mapping[str, str], sent_at: datetime) -> str:
    """Tell repeated pushes from different ones, without an id to go by.

    Times are in whole seconds, in which a citizen can do several things, so that the
    content counts as well. Only who says the same twice within a second is heard once.
    What was said in public has an id: it is known by it whichever way it came.
    """
    post = _post_in(flat) if flat["type"] == "mention" else None
    if post is not None:
        return mention_key(post.place, post.id)
    seconds = str(int(sent_at.timestamp()))
    subtype = flat.get("subtype", "")
    return dedupe_key_of(seconds, flat["sender_id"], flat["type"], subtype, digest_of(flat))


def mention_key(place: PublicPlace, post_id: str) -> str:
    return dedupe_key_of("mention", place, post_id)


def moment(text: str) -> datetime:
    """Read `Mon Jul 16 18:09:20 +0800 2012`, or the seconds that WeChat's XML gives."""
    try:
        if text.isdecimal():
            return datetime.fromtimestamp(int(text), UTC)
        return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnreadablePush("the time is missing or malformed") from error
