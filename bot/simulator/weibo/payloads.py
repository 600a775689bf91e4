"""What Weibo pushes: every kind in its own form, and in the one that is WeChat's."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.simulator.bodies import Fields, write_xml
from config.accounts import PushFormat
from core.clock import OFFICE_TIMEZONE


@dataclass(frozen=True, kw_only=True)
class Payload:
    """What a citizen does, and how it looks to the citizen.

    `opens_window` says whether it lets the account write for 48 hours.
    """

    kind: str
    type: str
    text: str
    data: Fields = field(default_factory=dict)
    shown: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    opens_window: bool = True
    is_answered: bool = True


def text(content: str) -> Payload:
    return Payload(kind="text", type="text", text=content, shown=content)


def image(fid: str, tovfid: str, pic_url: str) -> Payload:
    return Payload(
        kind="image",
        type="image",
        text="发了一张图片",
        data={"vfid": int(fid), "tovfid": int(tovfid)},
        shown="[图片]",
        details={"pic_url": pic_url, "media_id": tovfid},
    )


def voice(fid: str, tovfid: str, *, seconds: int) -> Payload:
    return Payload(
        kind="voice",
        type="voice",
        text="发了一个语音消息",
        data={"vfid": int(fid), "tovfid": int(tovfid)},
        shown="[语音]",
        details={"media_id": tovfid, "seconds": seconds, "recognition": ""},
    )


def position(latitude: float, longitude: float, *, label: str = "") -> Payload:
    return Payload(
        kind="location",
        type="position",
        text=label or "发送了一个位置",
        data={"longitude": f"{longitude:.6f}", "latitude": f"{latitude:.6f}"},
        shown=label or "[位置]",
        details={"latitude": latitude, "longitude": longitude, "label": label},
    )


def follow() -> Payload:
    return _event("follow", "关注事件消息", "关注了微博")


def unfollow() -> Payload:
    words, shown = "取消关注事件消息", "取消了关注"
    return _event("unfollow", words, shown, opens_window=False, is_answered=False)


def subscribe(keyword: str = "") -> Payload:
    """Subscribe to the account's circulars; by private message with a keyword such as DY."""
    return _event("subscribe", keyword or "订阅事件消息", "订阅了消息")


def unsubscribe(keyword: str = "") -> Payload:
    return _event(
        "unsubscribe",
        keyword or "取消订阅事件消息",
        "取消了订阅",
        opens_window=False,
        is_answered=False,
    )


def scan(key: str, *, is_new: bool) -> Payload:
    words, ticket = "扫描二维码", f"ticket_{key}"
    if is_new:
        return _event("scan_follow", words, "扫码关注了微博", key=key, ticket=ticket)
    return _event("scan", words, "扫描了二维码", is_answered=False, key=key, ticket=ticket)


def click(key: str, name: str) -> Payload:
    return _event("click", "自定义菜单事件消息", name, key=key)


def view(url: str, name: str) -> Payload:
    return _event("view", "自定义菜单跳转链接事件消息", name, is_answered=False, key=url)


def mention(place: str, post_id: str, content: str) -> Payload:
    """Name the account in a post (`status`) or below one (`comment`)."""
    return Payload(
        kind="mention",
        type="mention",
        text=content,
        data={"subtype": place, "key": post_id},
        shown=content,
        details={"place": place, "post_id": post_id},
        opens_window=False,
    )


def anything(kind: str, content: str, data: Fields) -> Payload:
    """Push what the platform's pages may add one day."""
    return Payload(
        kind="other", type=kind, text=content, data=data, shown=content, is_answered=False
    )


def render(
    payload: Payload, push_format: PushFormat, *, sender: str, receiver: str, at: datetime
) -> bytes:
    """Write the push; it has no message id in either form."""
    if push_format is PushFormat.XML:
        return write_xml(_as_wechat(payload, sender, receiver, at))
    said = {
        "type": payload.type,
        "receiver_id": int(receiver),
        "sender_id": int(sender),
        "created_at": written_time(at),
        "text": payload.text,
        "data": payload.data,
    }
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def written_time(moment: datetime) -> str:
    return moment.astimezone(OFFICE_TIMEZONE).strftime("%a %b %d %H:%M:%S %z %Y")


# In WeChat's form a subscription is what following is called.
_WECHAT_EVENTS = {
    "follow": "subscribe",
    "scan_follow": "subscribe",
    "unfollow": "unsubscribe",
    "click": "CLICK",
    "view": "VIEW",
    "scan": "SCAN",
}


def _as_wechat(payload: Payload, sender: str, receiver: str, at: datetime) -> Fields:
    fields: Fields = {
        "ToUserName": receiver,
        "FromUserName": sender,
        "CreateTime": int(at.timestamp()),
    }
    data = payload.data
    if payload.type == "text":
        return fields | {"MsgType": "text", "Content": payload.text}
    if payload.type in {"image", "voice"}:
        return fields | {"MsgType": payload.type, "MediaId": str(data["tovfid"])}
    if payload.type == "position":
        place = {"Location_X": data["latitude"], "Location_Y": data["longitude"]}
        return fields | {"MsgType": "location", **place, "Scale": 16, "Label": payload.text}
    if payload.type == "event":
        subtype = str(data["subtype"])
        key = str(data.get("key", ""))
        if subtype == "scan_follow":
            key = f"qrscene_{key}"
        named = {"Event": _WECHAT_EVENTS.get(subtype, subtype), "EventKey": key}
        ticket = {"Ticket": data["ticket"]} if "ticket" in data else {}
        return fields | {"MsgType": "event", **named, **ticket}
    # WeChat has no word for the rest: it keeps Weibo's.
    named = {"Event": str(data.get("subtype", "")), "EventKey": str(data.get("key", ""))}
    return fields | {"MsgType": payload.type, "Content": payload.text, **named}


def _event(
    subtype: str,
    words: str,
    shown: str,
    *,
    opens_window: bool = True,
    is_answered: bool = True,
    **facts: str,
) -> Payload:
    return Payload(
        kind=subtype,
        type="event",
        text=words,
        data={"subtype": subtype, **facts},
        shown=shown,
        opens_window=opens_window,
        is_answered=is_answered,
    )
