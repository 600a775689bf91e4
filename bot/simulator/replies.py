"""Judging what the account's server answered to a push."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree as ET

from bot.simulator.accounts import Account, PushFormat
from bot.simulator.envelopes import Envelope, EnvelopeError, sign
from bot.simulator.options import Options
from config.accounts import PushMode

KNOWN_TYPES = frozenset(
    {"text", "image", "voice", "video", "music", "news", "transfer_customer_service"}
)
SILENT_BODIES = frozenset({b"", b"success"})

Fields = dict[str, Any]


class Outcome(StrEnum):
    PENDING = "pending"
    REPLY = "reply"
    SILENT = "silent"
    MALFUNCTION = "malfunction"


@dataclass(frozen=True)
class PassiveReply:
    kind: str
    text: str
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "text": self.text, "details": self.details}


@dataclass(frozen=True)
class Verdict:
    """`reason` is a stable word for why the answer counts as a malfunction."""

    outcome: Outcome
    reply: PassiveReply | None = None
    reason: str = ""


class _Malformed(Exception):
    pass


def malfunction(reason: str) -> Verdict:
    return Verdict(Outcome.MALFUNCTION, reason=reason)


def judge(account: Account, openid: str, *, status: int, body: bytes, options: Options) -> Verdict:
    if status != 200:
        return malfunction(f"status_{status}")
    if body in SILENT_BODIES:
        return Verdict(Outcome.SILENT)
    try:
        fields = _open(account, _parse(account, body))
        return Verdict(Outcome.REPLY, _read(account, openid, fields, options))
    except (_Malformed, EnvelopeError) as error:
        return malfunction(str(error))


def _parse(account: Account, body: bytes) -> Fields:
    if account.push_format is PushFormat.JSON and body.lstrip().startswith(b"{"):
        try:
            fields = json.loads(body)
        except ValueError:
            raise _Malformed("not_json") from None
        return _without_nulls(fields)
    if b"<!DOCTYPE" in body:
        raise _Malformed("not_xml")
    try:
        root = ET.fromstring(body)  # noqa: S314 - no DOCTYPE, so no entities
    except (ET.ParseError, ValueError):
        raise _Malformed("not_xml") from None
    if root.tag != "xml":
        raise _Malformed("not_xml")
    return _children(root)


def _children(element: ET.Element) -> Fields:
    fields: Fields = {}
    for child in element:
        if child.tag == "item":
            fields.setdefault("item", []).append(_children(child))
        elif child.tag in fields:
            raise _Malformed("duplicate_field")
        else:
            fields[child.tag] = _children(child) if len(child) else (child.text or "")
    return fields


def _without_nulls(fields: Any) -> Fields:
    if not isinstance(fields, dict):
        raise _Malformed("not_json")
    return {name: value for name, value in fields.items() if value is not None}


def _open(account: Account, fields: Fields) -> Fields:
    """Return the plain fields, opening the envelope where the mode has one."""
    is_sealed = "Encrypt" in fields
    if not is_sealed and account.mode is PushMode.SAFE:
        raise _Malformed("plain_in_safe_mode")
    if not is_sealed:
        return fields
    if account.mode is PushMode.PLAIN:
        raise _Malformed("sealed_in_plain_mode")
    missing = {"MsgSignature", "TimeStamp", "Nonce"} - fields.keys()
    if missing or not str(fields["TimeStamp"]).isdigit():
        raise _Malformed("incomplete_envelope")
    sealed = str(fields["Encrypt"])
    expected = sign(account.token, str(fields["TimeStamp"]), str(fields["Nonce"]), sealed)
    if fields["MsgSignature"] != expected:
        raise _Malformed("wrong_msg_signature")
    opened = Envelope(account.encoding_aes_key, account.app_id).open(sealed)
    return _parse(account, opened)


def _read(account: Account, openid: str, fields: Fields, options: Options) -> PassiveReply:
    if fields.get("ToUserName") != openid or fields.get("FromUserName") != account.original_id:
        raise _Malformed("not_swapped")
    if not str(fields.get("CreateTime", "")).isdigit():
        raise _Malformed("no_create_time")
    kind = fields.get("MsgType")
    if kind not in KNOWN_TYPES:
        raise _Malformed("unknown_msg_type")
    if kind == "text":
        return PassiveReply(kind, _text(fields, options))
    if kind == "news":
        return _news(fields, options)
    if kind == "transfer_customer_service":
        return PassiveReply(kind, "")
    return _media(kind, fields)


def _text(fields: Fields, options: Options) -> str:
    content = fields.get("Content")
    if not isinstance(content, str) or not content:
        raise _Malformed("empty_content")
    if len(content.encode()) > options.max_text_bytes:
        raise _Malformed("text_too_long")
    return content


def _news(fields: Fields, options: Options) -> PassiveReply:
    holder = fields.get("Articles")
    items = holder.get("item", []) if isinstance(holder, dict) else holder
    if not isinstance(items, list) or str(fields.get("ArticleCount")) != str(len(items)):
        raise _Malformed("wrong_article_count")
    if not 1 <= len(items) <= options.max_passive_articles:
        raise _Malformed("wrong_article_count")
    articles = [
        {
            name.lower(): str(item.get(name, ""))
            for name in ("Title", "Description", "PicUrl", "Url")
        }
        for item in items
    ]
    return PassiveReply("news", articles[0]["title"], {"articles": articles})


def _media(kind: str, fields: Fields) -> PassiveReply:
    holder = fields.get(kind.capitalize())
    if not isinstance(holder, dict):
        raise _Malformed("no_media")
    if kind == "music":
        return PassiveReply(kind, str(holder.get("Title", "")), {"url": holder.get("MusicUrl", "")})
    if not holder.get("MediaId"):
        raise _Malformed("no_media")
    names = {"image": "[图片]", "voice": "[语音]", "video": "[视频]"}
    return PassiveReply(kind, names[kind], {"media_id": str(holder["MediaId"])})
