"""Weibo's end of the wire: signed pushes as the platform makes them, answers as it reads them."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from bot.channels.weibo.calls import Answer
from bot.channels.weibo.channel import WeiboChannel
from bot.channels.weibo.public import PAGE_SIZE, PublicList
from config.accounts import MentionAnswer, WeiboAccount
from core.messaging import (
    ChannelAddress,
    ChannelName,
    InboundMessage,
    OutboundMessage,
    PublicPlace,
    PublicPost,
)
from tests.bot.channels.wechat.platform import payload, signature

NOW = datetime(2026, 3, 2, 1, 0, 5, tzinfo=UTC)
UID = "5577001234"
CITIZEN_ID = "6688002345"
APP_SECRET = "the-app-secret"
ACCESS_TOKEN = "2.00the-access-token"
REAL_IP = "211.156.0.1"
NONCE = "57155157"
CITIZEN = ChannelAddress(ChannelName.WEIBO, "town", CITIZEN_ID)
STATUS = PublicPost(PublicPlace.STATUS, "4890000000000001")
COMMENT = PublicPost(PublicPlace.COMMENT, "4890000000000002")
BY_COMMENT = {"mention_answer": MentionAnswer.COMMENT, "real_ip": REAL_IP}

PUBLISHED: dict[str, Any] = json.loads(payload("weibo_published.json"))


class FakeApi:
    """Takes what is said, or refuses it with the next of `refusals` (None: takes it)."""

    def __init__(self, *refusals: Exception | None) -> None:
        self.refusals = list(refusals)
        self.sent: list[tuple[str, str]] = []
        self.comments: list[tuple[str, str, str]] = []
        self.posts: dict[PublicList, list[dict[str, Any]]] = {}
        self.read: list[tuple[PublicList, int, int]] = []

    def send_text(self, receiver_id: str, text: str) -> None:
        self._refuse()
        self.sent.append((receiver_id, text))

    def comment(self, status_id: str, text: str, *, real_ip: str) -> None:
        self._refuse()
        self.comments.append((status_id, text, real_ip))

    def reply_to_comment(self, comment_id: str, status_id: str, text: str, *, real_ip: str) -> None:
        self._refuse()
        self.comments.append((f"{status_id}/{comment_id}", text, real_ip))

    def read_list(self, which: PublicList, *, since_id: int = 0, page: int = 1) -> Answer:
        self._refuse()
        self.read.append((which, since_id, page))
        posts = [post for post in self.posts.get(which, []) if post["id"] > since_id]
        return {which.holds: posts[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]}

    def _refuse(self) -> None:
        if self.refusals and (refusal := self.refusals.pop(0)) is not None:
            raise refusal


def an_account(**changes: Any) -> WeiboAccount:
    fields: dict[str, Any] = {
        "uid": UID,
        "app_key": "3474291478",
        "app_secret": APP_SECRET,
        "access_token": ACCESS_TOKEN,
    }
    return WeiboAccount(**(fields | changes))


def a_channel(*, account=None, api=None, **options: Any) -> WeiboChannel:
    options = {"clock": lambda: NOW, "pause": lambda _seconds: None} | options
    return WeiboChannel("town", account or an_account(), api or FakeApi(), **options)


def signed(*, secret: str = APP_SECRET, at: datetime = NOW, nonce: str = NONCE) -> dict[str, str]:
    timestamp = str(int(at.timestamp() * 1000))
    return {
        "signature": signature(secret, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
    }


def text_json(text: str = "你好", **changes: Any) -> bytes:
    fields = json.loads(payload("weibo_text.json")) | {"text": text} | changes
    return json.dumps(fields, ensure_ascii=False).encode()


def read(name: str, channel: WeiboChannel | None = None) -> InboundMessage:
    """Read the message in a stored payload."""
    message = (channel or a_channel()).read_push(signed(), {}, payload(name)).message
    assert message is not None
    return message


def answered(body: bytes) -> str:
    """Return the text of a passive answer as the platform takes it apart."""
    answer = json.loads(body)
    assert set(answer) == {"result", "sender_id", "receiver_id", "type", "data"}
    assert (answer["result"], answer["type"]) == (True, "text")
    assert (answer["sender_id"], answer["receiver_id"]) == (UID, CITIZEN_ID)
    text: str = json.loads(unquote(answer["data"], errors="strict"))["text"]
    return text


def in_public(text: str, post: PublicPost = STATUS) -> OutboundMessage:
    return OutboundMessage(text, answers=post)
