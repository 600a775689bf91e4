"""Judging what the account's server answered to a push."""

import json
from typing import Any

from bot.simulator.accounts import Account
from bot.simulator.bodies import Fields, read_xml
from bot.simulator.envelopes import Envelope, EnvelopeError, sign
from bot.simulator.options import Options
from bot.simulator.verdicts import Malformed, Outcome, PassiveReply, Verdict, malfunction
from config.accounts import PushFormat, PushMode

KNOWN_TYPES = frozenset(
    {"text", "image", "voice", "video", "music", "news", "transfer_customer_service"}
)
SILENT_BODIES = frozenset({b"", b"success"})


def judge(account: Account, openid: str, *, status: int, body: bytes, options: Options) -> Verdict:
    if status != 200:
        return malfunction(f"status_{status}")
    if body in SILENT_BODIES:
        return Verdict(Outcome.SILENT)
    try:
        fields = _open(account, _parse(account, body))
        return Verdict(Outcome.REPLY, _read(account, openid, fields, options))
    except (Malformed, EnvelopeError) as error:
        return malfunction(str(error))


def _parse(account: Account, body: bytes) -> Fields:
    if account.push_format is PushFormat.JSON and body.lstrip().startswith(b"{"):
        try:
            fields = json.loads(body)
        except ValueError:
            raise Malformed("not_json") from None
        return _without_nulls(fields)
    return read_xml(body)


def _without_nulls(fields: Any) -> Fields:
    if not isinstance(fields, dict):
        raise Malformed("not_json")
    return {name: value for name, value in fields.items() if value is not None}


def _open(account: Account, fields: Fields) -> Fields:
    """Return the plain fields, opening the envelope where the mode has one."""
    is_sealed = "Encrypt" in fields
    if not is_sealed and account.mode is PushMode.SAFE:
        raise Malformed("plain_in_safe_mode")
    if not is_sealed:
        return fields
    if account.mode is PushMode.PLAIN:
        raise Malformed("sealed_in_plain_mode")
    missing = {"MsgSignature", "TimeStamp", "Nonce"} - fields.keys()
    if missing or not str(fields["TimeStamp"]).isdigit():
        raise Malformed("incomplete_envelope")
    sealed = str(fields["Encrypt"])
    expected = sign(account.token, str(fields["TimeStamp"]), str(fields["Nonce"]), sealed)
    if fields["MsgSignature"] != expected:
        raise Malformed("wrong_msg_signature")
    opened = Envelope(account.encoding_aes_key, account.app_id).open(sealed)
    return _parse(account, opened)


def _read(account: Account, openid: str, fields: Fields, options: Options) -> PassiveReply:
    if fields.get("ToUserName") != openid or fields.get("FromUserName") != account.original_id:
        raise Malformed("not_swapped")
    if not str(fields.get("CreateTime", "")).isdigit():
        raise Malformed("no_create_time")
    kind = fields.get("MsgType")
    if kind not in KNOWN_TYPES:
        raise Malformed("unknown_msg_type")
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
        raise Malformed("empty_content")
    if len(content.encode()) > options.max_text_bytes:
        raise Malformed("text_too_long")
    return content


def _news(fields: Fields, options: Options) -> PassiveReply:
    holder = fields.get("Articles")
    items = holder.get("item", []) if isinstance(holder, dict) else holder
    if not isinstance(items, list) or str(fields.get("ArticleCount")) != str(len(items)):
        raise Malformed("wrong_article_count")
    if not 1 <= len(items) <= options.max_passive_articles:
        raise Malformed("wrong_article_count")
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
        raise Malformed("no_media")
    if kind == "music":
        return PassiveReply(kind, str(holder.get("Title", "")), {"url": holder.get("MusicUrl", "")})
    if not holder.get("MediaId"):
        raise Malformed("no_media")
    names = {"image": "[图片]", "voice": "[语音]", "video": "[视频]"}
    return PassiveReply(kind, names[kind], {"media_id": str(holder["MediaId"])})
