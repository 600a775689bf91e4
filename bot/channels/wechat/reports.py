"""Events that tell of something and want no answer, in the XML and the JSON form."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.channels.bodies import Fields, dedupe_key_of, digest_of, string_in
from core.messaging import ChannelAddress, ChannelName, PlatformReport, ReportKind

KINDS = {
    "view": ReportKind.PAGE_OPENED,
    "view_miniprogram": ReportKind.PAGE_OPENED,
    "location": ReportKind.PLACE,
    "templatesendjobfinish": ReportKind.NOTICE_ENDED,
    "subscribe_msg_sent_event": ReportKind.NOTICE_ENDED,
    "subscribe_msg_popup_event": ReportKind.CONSENT_CHANGED,
    "subscribe_msg_change_event": ReportKind.CONSENT_CHANGED,
    "user_authorization_revoke": ReportKind.AUTHORIZATION_REVOKED,
}

_PLACE = {"latitude": "Latitude", "longitude": "Longitude", "precision": "Precision"}
_ITEM = {
    "template_id": "TemplateId", "answer": "SubscribeStatusString", "scene": "PopupScene",
    "notice_id": "MsgID", "code": "ErrorCode", "status": "ErrorStatus",
}  # fmt: skip


def read(
    fields: Fields, event: str, account_name: str, openid: str, sent_at: datetime
) -> PlatformReport:
    kind = KINDS[event]
    if kind is ReportKind.AUTHORIZATION_REVOKED:
        # The sender is somebody of the platform's; this is who has revoked.
        openid = string_in(fields, "OpenID") or openid
    # Somebody's place is told every few seconds: only the newest is of use.
    tells_apart = "place" if kind is ReportKind.PLACE else digest_of(fields)
    return PlatformReport(
        address=ChannelAddress(ChannelName.WECHAT, account_name, openid),
        dedupe_key=dedupe_key_of(openid, event, tells_apart),
        kind=kind,
        sent_at=sent_at,
        payload=_payload(fields, kind, event),
        items=tuple(_items(fields, event)),
    )


def _payload(fields: Fields, kind: ReportKind, event: str) -> dict[str, str]:
    kept = {"event": event}
    if kind is ReportKind.PAGE_OPENED:
        kept["page"] = string_in(fields, "EventKey")
    elif kind is ReportKind.PLACE:
        kept |= {name: string_in(fields, field) for name, field in _PLACE.items()}
    elif kind is ReportKind.AUTHORIZATION_REVOKED:
        kept["scopes"] = string_in(fields, "RevokeInfo")
    return {name: value for name, value in kept.items() if value}


def _items(fields: Fields, event: str) -> Iterator[dict[str, str]]:
    if event == "templatesendjobfinish":
        yield {"notice_id": string_in(fields, "MsgID"), "status": string_in(fields, "Status")}
        return
    for listed in _list_in(fields):
        item = {name: string_in(listed, field) for name, field in _ITEM.items()}
        yield {name: value for name, value in item.items() if value}


def _list_in(fields: Fields) -> list[Mapping[str, Any]]:
    """Find the list: at the top in JSON, one element deeper in XML; alone it is no list."""
    nested = (value.get("List") for value in fields.values() if isinstance(value, dict))
    found: Any = fields.get("List") or next((each for each in nested if each), [])
    entries = found if isinstance(found, list) else [found]
    return [entry for entry in entries if isinstance(entry, dict)]
