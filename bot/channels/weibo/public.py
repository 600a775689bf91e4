"""What citizens say in public and no push tells of: lists of the API, read page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.channels.base import UnreadablePush
from bot.channels.bodies import string_in
from bot.channels.weibo.calls import Answer
from bot.channels.weibo.parsing import POST_ID, UID, mention_key, moment
from core.messaging import (
    ChannelAddress,
    ChannelName,
    InboundKind,
    InboundMessage,
    PublicPlace,
    PublicPost,
    Trigger,
)

# The most the platform gives at once without being asked for fewer.
PAGE_SIZE = 50


class PublicList(StrEnum):
    """The address of a list below `/2/`."""

    STATUSES_NAMING = "statuses/mentions"
    COMMENTS_NAMING = "comments/mentions"
    COMMENTS_BELOW = "comments/to_me"  # below the account's own posts

    @property
    def holds(self) -> str:
        return self.value.partition("/")[0]

    @property
    def place(self) -> PublicPlace:
        is_status = self is PublicList.STATUSES_NAMING
        return PublicPlace.STATUS if is_status else PublicPlace.COMMENT


@dataclass(frozen=True)
class PublicPage:
    """One page of a list, newest first; `newest_id` is 0 when it is empty."""

    messages: Sequence[InboundMessage]
    newest_id: int
    is_last: bool


def is_list(which: PublicList, answer: Answer) -> bool:
    return isinstance(answer.get(which.holds), list)


def read_page(which: PublicList, answer: Answer, *, account_name: str, own_uid: str) -> PublicPage:
    """Understand a page; what cannot be understood, or the account said itself, is left out."""
    listed = answer[which.holds]
    posts = [post for post in listed if isinstance(post, dict)]
    found = [_message(which, post, account_name, own_uid) for post in posts]
    ids = [int(post_id) for post in posts if (post_id := _id_in(post)).isdecimal()]
    return PublicPage(
        [message for message in found if message is not None],
        max(ids, default=0),
        is_last=len(listed) < PAGE_SIZE,
    )


def _message(
    which: PublicList, post: Mapping[str, Any], account_name: str, own_uid: str
) -> InboundMessage | None:
    author = post.get("user")
    uid = _id_in(author) if isinstance(author, dict) else ""
    post_id = _id_in(post)
    if not UID.fullmatch(uid) or uid == own_uid or not POST_ID.fullmatch(post_id):
        return None
    try:
        sent_at = moment(string_in(post, "created_at"))
    except UnreadablePush:
        return None
    above = post.get("status")
    below = _id_in(above) if isinstance(above, dict) else ""
    place = which.place
    return InboundMessage(
        address=ChannelAddress(ChannelName.WEIBO, account_name, uid),
        dedupe_key=mention_key(place, post_id),
        kind=InboundKind.MENTION,
        sent_at=sent_at,
        text=string_in(post, "text"),
        # A comment that names nobody grants no message.
        counts_as=Trigger.NOTHING if which is PublicList.COMMENTS_BELOW else None,
        payload=PublicPost(place, post_id, below if POST_ID.fullmatch(below) else "").payload,
    )


def _id_in(fields: Mapping[str, Any]) -> str:
    return string_in(fields, "idstr") or string_in(fields, "id")
