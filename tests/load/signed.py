"""Pushes as the platforms send them, made and signed beforehand so that making costs no time."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from wechatpy.crypto import WeChatCrypto

from config.accounts import PushMode
from core.clock import utc_now

TOKEN = "bench-token"
APP_ID = "wxbench0123456789"
APP_SECRET = "bench-secret"
ORIGINAL_ID = "gh_bench"
AES_KEY = "b" * 43
WEIBO_UID = 3656973697
QUESTION = "身份证丢了怎么补办"

_MESSAGE = (
    "<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{citizen}]]>"
    "</FromUserName><CreateTime>{at}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[{text}]]></Content><MsgId>{id}</MsgId>{sealed}</xml>"
)
_SEALED = (
    "<xml><ToUserName><![CDATA[{to}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
)


@dataclass(frozen=True)
class Request:
    """What goes over the wire, headers and all."""

    raw: bytes


def wechat_account(mode: PushMode) -> dict[str, str]:
    """Return the settings of an account in this mode."""
    account = {
        "APP_ID": APP_ID,
        "APP_SECRET": APP_SECRET,
        "ORIGINAL_ID": ORIGINAL_ID,
        "TOKEN": TOKEN,
        "MODE": mode.value,
    }
    return account if mode is PushMode.PLAIN else account | {"ENCODING_AES_KEY": AES_KEY}


def wechat_push(
    path: str, mode: PushMode, *, number: int, citizens: int, text: str = QUESTION
) -> Request:
    at = int(utc_now().timestamp())
    facts = {
        "to": ORIGINAL_ID,
        "citizen": f"oBench{number % citizens:022d}",
        "at": at,
        "id": (at << 32) + number,
        "text": text,
    }
    nonce = str(secrets.randbelow(10**9))
    query = {"timestamp": str(at), "nonce": nonce, "signature": _sign(TOKEN, str(at), nonce)}
    plain = _MESSAGE.format(**facts, sealed="")
    if mode is PushMode.PLAIN:
        return _post(path, query, plain, "text/xml")
    sealed = _seal(plain, nonce, at)
    query |= {"encrypt_type": "aes", "msg_signature": _sign(TOKEN, str(at), nonce, sealed)}
    if mode is PushMode.SAFE:
        return _post(path, query, _SEALED.format(to=ORIGINAL_ID, sealed=sealed), "text/xml")
    both = _MESSAGE.format(**facts, sealed=f"<Encrypt><![CDATA[{sealed}]]></Encrypt>")
    return _post(path, query, both, "text/xml")


def weibo_push(path: str, *, number: int, citizens: int) -> Request:
    at, nonce = str(int(utc_now().timestamp() * 1000)), str(secrets.randbelow(10**9))
    body = {
        "type": "text",
        "receiver_id": WEIBO_UID,
        "sender_id": 2_000_000_000 + number % citizens,
        "created_at": "Mon Jul 16 18:09:20 +0800 2012",
        "text": f"{QUESTION} {number}",
        "data": {},
    }
    query = {"timestamp": at, "nonce": nonce, "signature": _sign(APP_SECRET, at, nonce)}
    return _post(path, query, json.dumps(body, ensure_ascii=False), "application/json")


def _seal(plain: str, nonce: str, at: int) -> str:
    crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    envelope: str = crypto.encrypt_message(plain, nonce, at)
    return envelope.split("<Encrypt><![CDATA[")[1].split("]]>", maxsplit=1)[0]


def _sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - the platform's


def _post(path: str, query: dict[str, str], body: str, content_type: str) -> Request:
    content = body.encode()
    head = (
        f"POST {path}?{urlencode(query)} HTTP/1.1\r\nHost: bench\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return Request(head.encode() + content)
