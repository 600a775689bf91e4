"""WeChat's bodies: finding the encrypted part of a push, putting answers into their envelope."""

import json
import re

from bot.channels import signatures
from bot.channels.bodies import TextAnswer, format_of, render_xml
from bot.channels.wechat.encryption import MessageCipher
from config.accounts import PushFormat

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


def find_encrypted(body: bytes) -> str | None:
    """Return the encrypted part of a body, or None if there is none."""
    is_json = format_of(body) is PushFormat.JSON
    found = (_ENCRYPTED_JSON if is_json else _ENCRYPTED_XML).search(body)
    return found[1].replace(b"\\/", b"/").decode("ascii") if found else None


def render(answer: TextAnswer, push_format: PushFormat) -> str:
    if push_format is PushFormat.XML:
        return render_xml(answer)
    fields = {
        "ToUserName": answer.to_id,
        "FromUserName": answer.from_id,
        "CreateTime": answer.sent_at_seconds,
        "MsgType": "text",
        "Content": answer.text,
    }
    return json.dumps(fields, ensure_ascii=False)


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
