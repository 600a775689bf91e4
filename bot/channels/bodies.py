"""The bodies of pushes and answers, in the two forms of the platforms: XML and JSON."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.replies import TextReply

from bot.channels.base import UnreadablePush
from config.accounts import PushFormat
from core.messaging import InboundKind
from core.texts.cleaning import clean_text

Fields = Mapping[str, Any]

CONTENT_TYPES = {
    PushFormat.XML: "application/xml; charset=utf-8",
    PushFormat.JSON: "application/json; charset=utf-8",
}

DEDUPE_KEY_LIMIT = 200


@dataclass(frozen=True)
class Shape:
    """Which kind a push is, which field is its text, and what else of it is worth keeping."""

    kind: InboundKind
    text: str = ""
    payload: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class TextAnswer:
    """A passive reply before it takes a form. Its text is rendered and clean."""

    from_id: str
    to_id: str
    sent_at_seconds: int
    text: str


def format_of(body: bytes) -> PushFormat:
    return PushFormat.JSON if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else PushFormat.XML


def parse(body: bytes) -> Fields:
    """Return the fields of a plain or decrypted body, or raise UnreadablePush.

    xmltodict is what wechatpy parses with; asked directly it gives the same fields
    for XML as JSON does, and those that wechatpy's message classes do not know.
    """
    try:
        text = clean_text(body.decode("utf-8-sig"))
        if format_of(body) is PushFormat.JSON:
            fields = json.loads(text)
        else:
            fields = xmltodict.parse(text).get("xml")
    # ValueError is broken UTF-8, broken JSON, or an XML entity, which xmltodict refuses.
    except (ExpatError, ValueError, RecursionError) as error:
        raise UnreadablePush(f"cannot be parsed: {type(error).__name__}") from error
    if not isinstance(fields, dict):
        raise UnreadablePush("has no fields")
    return fields


def string_in(fields: Fields, name: str) -> str:
    """Return a field as clean text; empty when it is missing, nested or repeated.

    JSON escapes can hold what the body as a whole could not: lone surrogates.
    """
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean_text(str(value)).strip()


def name_in(fields: Fields, name: str) -> str:
    """Return a field that names somebody; one that had to be cleaned would name another."""
    text = string_in(fields, name)
    return text if text == str(fields.get(name)).strip() else ""


def digest_of(fields: Fields) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def dedupe_key_of(*parts: str) -> str:
    """Join what tells one push from others, within what the store takes."""
    key = "-".join(parts)
    if len(key) <= DEDUPE_KEY_LIMIT:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: DEDUPE_KEY_LIMIT - len(digest) - 1]}-{digest}"


def render_xml(answer: TextAnswer) -> str:
    reply = TextReply(
        source=answer.from_id,
        target=answer.to_id,
        time=answer.sent_at_seconds,
        # wechatpy does not escape; an end mark within would let the text add elements.
        content=answer.text.replace("]]>", "]]]]><![CDATA[>"),
    )
    rendered: str = reply.render()
    return rendered
