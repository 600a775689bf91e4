"""What the platform pushes: the fields of every kind of message and event, as XML or JSON."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.bodies import Fields, write_xml
from bot.simulator.quota import Trigger
from config.accounts import PushFormat

UNSUPPORTED_TEXT = "【收到不支持的消息类型，暂无法显示】"


@dataclass(frozen=True, kw_only=True)
class Payload:
    """One message or event before it has an addressee, and how it looks to the citizen."""

    kind: str
    fields: Fields
    shown: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    trigger: Trigger | None = None
    is_answered: bool = True

    @property
    def is_event(self) -> bool:
        return bool(self.fields["MsgType"] == "event")


def text(content: str, *, menu_id: str = "", trigger: Trigger = Trigger.MESSAGE) -> Payload:
    fields = {"MsgType": "text", "Content": content}
    if menu_id:
        fields["bizmsgmenuid"] = menu_id
    return Payload(kind="text", fields=fields, shown=content, trigger=trigger)


def image(pic_url: str, media_id: str) -> Payload:
    fields = {"MsgType": "image", "PicUrl": pic_url, "MediaId": media_id}
    details = {"pic_url": pic_url, "media_id": media_id}
    return _message("image", fields, "[图片]", details)


def voice(media_id: str, *, recognition: str | None, seconds: int) -> Payload:
    """Build a voice message; None leaves the Recognition field out, '' leaves it empty."""
    fields: Fields = {"MsgType": "voice", "MediaId": media_id, "Format": "amr"}
    if recognition is not None:
        fields["Recognition"] = recognition
    details = {"media_id": media_id, "recognition": recognition or "", "seconds": seconds}
    return _message("voice", fields, "[语音]", details)


def video(media_id: str, thumb_media_id: str) -> Payload:
    fields = {"MsgType": "video", "MediaId": media_id, "ThumbMediaId": thumb_media_id}
    return _message("video", fields, "[视频]", {"media_id": media_id})


def location(latitude: float, longitude: float, *, label: str, scale: int = 16) -> Payload:
    fields = {
        "MsgType": "location",
        "Location_X": round(latitude, 6),
        "Location_Y": round(longitude, 6),
        "Scale": scale,
        "Label": label,
    }
    details = {"latitude": latitude, "longitude": longitude, "label": label}
    return _message("location", fields, label, details)


def link(title: str, description: str, url: str) -> Payload:
    fields = {"MsgType": "link", "Title": title, "Description": description, "Url": url}
    details = {"title": title, "description": description, "url": url}
    return _message("link", fields, title, details)


def unsupported() -> Payload:
    """Build a sticker or the like, which arrives as a text of the platform's own."""
    fields = {"MsgType": "text", "Content": UNSUPPORTED_TEXT}
    return _message("unsupported", fields, "[动画表情]", {})


def subscribe(*, scene: str = "", ticket: str = "") -> Payload:
    fields = _event("subscribe", f"qrscene_{scene}" if scene else "", ticket)
    trigger = Trigger.SCAN if scene else Trigger.FOLLOW
    return Payload(kind="follow", fields=fields, shown="关注了公众号", trigger=trigger)


def unsubscribe() -> Payload:
    fields = _event("unsubscribe")
    return Payload(kind="unfollow", fields=fields, shown="取消了关注", is_answered=False)


def click(key: str, name: str) -> Payload:
    return Payload(
        kind="click", fields=_event("CLICK", key), shown=name, trigger=Trigger.MENU_CLICK
    )


def view(url: str, name: str) -> Payload:
    return Payload(kind="view", fields=_event("VIEW", url), shown=name, is_answered=False)


def scan(scene: str, ticket: str) -> Payload:
    fields = _event("SCAN", scene, ticket)
    return Payload(kind="scan", fields=fields, shown="扫描了二维码", trigger=Trigger.SCAN)


def report_location(latitude: float, longitude: float) -> Payload:
    fields = _event("LOCATION") | {
        "Latitude": round(latitude, 6),
        "Longitude": round(longitude, 6),
        "Precision": 65.0,
    }
    return Payload(kind="report_location", fields=fields, shown="上报了地理位置", is_answered=False)


def template_ended(msgid: int, status: str) -> Payload:
    """Build the news that a template message has come to its end."""
    fields = _event("TEMPLATESENDJOBFINISH") | {"MsgID": msgid, "Status": status}
    return Payload(kind="template_ended", fields=fields, is_answered=False)


def consent_given(template_id: str, *, accepts: bool) -> Payload:
    """Build the news of a citizen's answer to the question whether they want notices."""
    answer = "accept" if accepts else "reject"
    entry = {"TemplateId": template_id, "SubscribeStatusString": answer, "PopupScene": 2}
    return _listing("subscribe_msg_popup_event", "SubscribeMsgPopupEvent", entry, "订阅通知")


def subscription_ended(template_id: str, msgid: int, status: str) -> Payload:
    code = 0 if status == "success" else 1
    entry = {
        "TemplateId": template_id, "MsgID": msgid, "ErrorCode": code, "ErrorStatus": status,
    }  # fmt: skip
    return _listing("subscribe_msg_sent_event", "SubscribeMsgSentEvent", entry)


def revoke(openid: str, scopes: str) -> Payload:
    """Build the news that a citizen has taken back what they allowed."""
    fields = _event("user_authorization_revoke") | {"OpenID": openid, "RevokeInfo": scopes}
    return Payload(kind="revoke", fields=fields, shown="撤回了授权", is_answered=False)


def _listing(event: str, holder: str, entry: Fields, shown: str = "") -> Payload:
    fields = _event(event) | {holder: {"List": [entry]}}
    return Payload(kind=event, fields=fields, shown=shown, is_answered=False)


def render(fields: Fields, push_format: PushFormat) -> bytes:
    if push_format is PushFormat.JSON:
        # In this form a list stands at the top.
        nested = [name for name, value in fields.items() if isinstance(value, dict)]
        fields = {name: value for name, value in fields.items() if name not in nested} | {
            inner: value for name in nested for inner, value in fields[name].items()
        }
        return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
    return write_xml(fields)


def _message(kind: str, fields: Fields, shown: str, details: dict[str, Any]) -> Payload:
    return Payload(kind=kind, fields=fields, shown=shown, details=details, trigger=Trigger.MESSAGE)


def _event(name: str, key: str = "", ticket: str = "") -> Fields:
    fields: Fields = {"MsgType": "event", "Event": name, "EventKey": key}
    return fields | ({"Ticket": ticket} if ticket else {})
