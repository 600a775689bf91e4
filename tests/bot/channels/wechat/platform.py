"""WeChat's end of the wire: signed pushes as the platform makes them, answers as it reads them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from wechatpy.crypto import WeChatCrypto

from bot.channels.wechat.channel import WeChatChannel
from config.accounts import PushMode, WeChatAccount
from core.messaging import ChannelAddress, ChannelName, InboundMessage, OutboundMessage

PAYLOADS = Path(__file__).parents[2] / "payloads"

NOW = datetime(2026, 3, 2, 1, 0, 5, tzinfo=UTC)
TOKEN = "qinghe-webhook"
APP_ID = "wx0123456789abcdef"
SECRET = "the-app-secret"
ORIGINAL_ID = "gh_0a1b2c3d4e5f"
OPENID = "oQinghe0000000000000000zhang"
NONCE = "1514711492"
KEY = "c" * 43
PREVIOUS_KEY = "p" * 42 + "0"
CITIZEN = ChannelAddress(ChannelName.WECHAT, "town", OPENID)


class FakeApi:
    """Takes what is sent, or refuses it with the next of `refusals` (None: takes it)."""

    def __init__(self, *refusals: Exception | None) -> None:
        self.refusals = list(refusals)
        self.sent: list[tuple[str, str]] = []
        self.typing: list[str] = []
        self.menus: list[tuple[str, str, list[str]]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def send_text(self, openid: str, text: str) -> None:
        self._refuse()
        self.sent.append((openid, text))

    def send_menu(self, openid: str, head: str, entries: Sequence[str]) -> None:
        self._refuse()
        self.menus.append((openid, head, list(entries)))

    def show_typing(self, openid: str) -> None:
        self._refuse()
        self.typing.append(openid)

    def call(self, ask: Callable[[Any], Any]) -> dict[str, Any]:
        """Answer calls that have no method of their own; `calls` keeps path and body."""
        self._refuse()
        answer: dict[str, Any] = ask(self)
        return answer

    def post(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((path, data))
        return {"errcode": 0, "msgid": 200163836} if "template/send" in path else {"errcode": 0}

    def _refuse(self) -> None:
        if self.refusals and (refusal := self.refusals.pop(0)) is not None:
            raise refusal


def an_account(mode=PushMode.SAFE, **changes: Any) -> WeChatAccount:
    fields: dict[str, Any] = {
        "app_id": APP_ID,
        "app_secret": SECRET,
        "original_id": ORIGINAL_ID,
        "token": TOKEN,
        "encoding_aes_key": "" if mode is PushMode.PLAIN else KEY,
        "mode": mode,
    }
    return WeChatAccount(**(fields | changes))


def a_channel(mode=PushMode.PLAIN, *, account=None, api=None, **options: Any) -> WeChatChannel:
    options = {"clock": lambda: NOW, "pause": lambda _seconds: None} | options
    return WeChatChannel("town", account or an_account(mode), api or FakeApi(), **options)


def payload(name: str) -> bytes:
    return (PAYLOADS / name).read_bytes()


def vectors(kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(payload("wechat_crypto_vectors.json"))[kind]
    return found


def text_xml(content: str = "你好", *, to: str = ORIGINAL_ID) -> bytes:
    return (
        f"<xml><ToUserName>{to}</ToUserName><FromUserName>{OPENID}</FromUserName>"
        "<CreateTime>1772413200</CreateTime><MsgType>text</MsgType>"
        f"<Content><![CDATA[{content}]]></Content><MsgId>1</MsgId></xml>"
    ).encode()


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324


def signed(*, token: str = TOKEN, at: datetime = NOW, nonce: str = NONCE) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    return {
        "signature": signature(token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": OPENID,
    }


def sealed(
    body: bytes, *, key: str = KEY, app_id: str = APP_ID, token: str = TOKEN, at: datetime = NOW
) -> tuple[dict[str, str], bytes]:
    """Encrypt a body as safe mode does; return the query and the body that is posted."""
    query = signed(token=token, at=at)
    envelope = WeChatCrypto(token, key, app_id).encrypt_message(
        body.decode(), NONCE, query["timestamp"]
    )
    encrypted = element(envelope, "Encrypt")
    query |= {"encrypt_type": "aes", "msg_signature": element(envelope, "MsgSignature")}
    if body.startswith(b"{"):
        posted = json.dumps({"ToUserName": ORIGINAL_ID, "Encrypt": encrypted})
    else:
        posted = (
            f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>"
            f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        )
    return query, posted.encode()


def opened(answer: bytes, *, key: str = KEY) -> str:
    """Decrypt an answer as the platform does, checking its signature."""
    crypto = WeChatCrypto(TOKEN, key, APP_ID)
    fields = [element(answer, name) for name in ("MsgSignature", "TimeStamp", "Nonce")]
    plain: str = crypto.decrypt_message(answer.decode(), *fields)
    return plain


def element(xml: str | bytes, name: str) -> str:
    return ElementTree.fromstring(xml).findtext(name) or ""  # noqa: S314 - our own


def read(name: str, channel: WeChatChannel | None = None) -> InboundMessage:
    """Read the message in a stored payload."""
    message = (channel or a_channel()).read_push(signed(), {}, payload(name)).message
    assert message is not None
    return message


def said(*texts: str) -> list[OutboundMessage]:
    return [OutboundMessage(text) for text in texts]
