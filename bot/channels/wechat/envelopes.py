"""The two formats an account may choose, XML and JSON: taking bodies apart, putting answers up."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.replies import TextReply

from bot.channels import signatures
from bot.channels.base import UnreadablePush
from bot.channels.cleaning import clean_text
from bot.channels.wechat.encryption import MessageCipher

Fields = Mapping[str, Any]

# Found without parsing, so that nothing is parsed before its signature is checked. The
# possessive quantifiers (++) keep a stranger's body from costing more than one pass.
_ENCRYPTED_XML = re.compile(
    rb"<Encrypt>\s*+(?:<!\[CDATA\[)?+\s*+([A-Za-z0-9+/=]++)\s*+(?:\]\]>)?+\s*+</Encrypt>"
)
_ENCRYPTED_JSON = re.compile(rb'"Encrypt"\s*+:\s*+"((?:[A-Za-z0-9+=]|\\?/)++)"')

_ENCRYPTED_ANSWER = """<xml>
<Encrypt><![CDATA[{Encrypt}]]></Encrypt>
<MsgSignature><![CDATA[{MsgSignature}]]></MsgSignature>
<TimeStamp>{TimeStamp}</TimeStamp>
<Nonce><![CDATA[{Nonce}]]></Nonce>
</xml>"""


class PushFormat(Enum):
    XML = "application/xml; charset=utf-8"
    JSON = "application/json; charset=utf-8"

    @property
    def content_type(self) -> str:
        return self.value


@dataclass(frozen=True, kw_only=True)
class TextAnswer:
    """A passive reply before it takes a form. Its text is rendered and clean."""

    from_original_id: str
    to_openid: str
    sent_at_seconds: int
    text: str


def format_of(body: bytes) -> PushFormat:
    return PushFormat.JSON if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else PushFormat.XML


def find_encrypted(body: bytes) -> str | None:
    """Return the encrypted part of a body, or None if there is none."""
    is_json = format_of(body) is PushFormat.JSON
    found = (_ENCRYPTED_JSON if is_json else _ENCRYPTED_XML).search(body)
    return found[1].replace(b"\\/", b"/").decode("ascii") if found else None


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


def render(answer: TextAnswer, push_format: PushFormat) -> str:
    if push_format is PushFormat.JSON:
        fields = {
            "ToUserName": answer.to_openid,
            "FromUserName": answer.from_original_id,
            "CreateTime": answer.sent_at_seconds,
            "MsgType": "text",
            "Content": answer.text,
        }
        return json.dumps(fields, ensure_ascii=False)
    reply = TextReply(
        source=answer.from_original_id,
        target=answer.to_openid,
        time=answer.sent_at_seconds,
        # wechatpy does not escape; an end mark within would let the text add elements.
        content=answer.text.replace("]]>", "]]]]><![CDATA[>"),
    )
    rendered: str = reply.render()
    return rendered


def seal(
    text: str,
    push_format: PushFormat,
    *,
    cipher: MessageCipher,
    token: str,
    nonce: str,
    sealed_at_seconds: int,
) -> str:
    """Encrypt an answer. An empty one and `success` must stay plain: the platform says so."""
    encrypted = cipher.encrypt(text)
    sealed = {
        "Encrypt": encrypted,
        "MsgSignature": signatures.sign(token, str(sealed_at_seconds), nonce, encrypted),
        "TimeStamp": sealed_at_seconds,
        "Nonce": nonce,
    }
    if push_format is PushFormat.JSON:
        return json.dumps(sealed)
    return _ENCRYPTED_ANSWER.format(**sealed)
