"""Messages as every program sees them, whatever channel carries them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar


class ChannelName(StrEnum):
    WECHAT = "wechat"
    WEIBO = "weibo"
    WEB = "web"  # the chat on the office's own site


# The one account of the web channel: the office's own site.
SITE = "site"

# How a citizen asks for the menu of a group, or for the common one; these words are offered.
MENU_WISH = re.compile(r"使用.{1,20}菜单")


class InboundKind(StrEnum):
    """What a citizen sent or did; a platform's word for it stays in its adapter."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    MINI_PROGRAM = "mini_program"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    SCAN = "scan"  # of a code with a scene, by somebody who follows already
    MENU_CLICK = "menu_click"
    MENTION = "mention"  # said in public, naming the account
    OTHER = "other"


class Trigger(StrEnum):
    """What a platform counts a push as: it opens a window in which messages may be sent."""

    MESSAGE = "message"
    MENU_CLICK = "menu_click"
    FOLLOW = "follow"
    SCAN = "scan"
    MENTION = "mention"
    NOTHING = "nothing"


_TRIGGERS = {
    InboundKind.FOLLOW: Trigger.FOLLOW,
    InboundKind.UNFOLLOW: Trigger.NOTHING,
    InboundKind.SCAN: Trigger.SCAN,
    InboundKind.MENU_CLICK: Trigger.MENU_CLICK,
    InboundKind.MENTION: Trigger.MENTION,
}


class PublicPlace(StrEnum):
    STATUS = "status"  # a post of the citizen's own
    COMMENT = "comment"  # below somebody's post


@dataclass(frozen=True)
class PublicPost:
    """Where a citizen named the account in public: everybody may read it, and the answer to it.

    `below_id` is the post above a comment, where the platform told it.
    """

    place: PublicPlace
    id: str
    below_id: str = ""

    @property
    def payload(self) -> Mapping[str, str]:
        """How messages carry it."""
        payload = {"public": self.place.value, "post_id": self.id}
        return payload | ({"below_id": self.below_id} if self.below_id else {})

    @classmethod
    def in_payload(cls, payload: Mapping[str, Any]) -> "PublicPost | None":
        place = payload.get("public")
        if not place:
            return None
        below_id = str(payload.get("below_id", ""))
        return cls(PublicPlace(place), str(payload["post_id"]), below_id)


@dataclass(frozen=True)
class ChannelAddress:
    """Where one citizen is reached: a platform identity within one official account.

    `account` is the account's short name in the settings, not its platform id.
    """

    channel: ChannelName
    account: str
    platform_id: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.account}:{self.platform_id}"


@dataclass(frozen=True, kw_only=True)
class InboundMessage:
    """Something a citizen sent or did, as one platform push told it.

    `dedupe_key` is equal for repeated pushes of the same thing and differs for
    everything else from the same account. `counts_as` is given where the platform
    counts a push otherwise than its kind says.
    """

    address: ChannelAddress
    dedupe_key: str
    kind: InboundKind
    sent_at: datetime
    text: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)
    counts_as: Trigger | None = None

    @property
    def trigger(self) -> Trigger:
        return self.counts_as or _TRIGGERS.get(self.kind, Trigger.MESSAGE)


class ReportKind(StrEnum):
    """What platforms report without anybody having to answer."""

    PAGE_OPENED = "page_opened"
    PLACE = "place"
    NOTICE_ENDED = "notice_ended"
    CONSENT_CHANGED = "consent_changed"
    AUTHORIZATION_REVOKED = "authorization_revoked"


@dataclass(frozen=True, kw_only=True)
class PlatformReport:
    """Something a platform tells about a citizen; `dedupe_key` is that of messages.

    `items` are the notices or consents it is about, where one report tells of several.
    """

    address: ChannelAddress
    dedupe_key: str
    kind: ReportKind
    sent_at: datetime
    payload: Mapping[str, str] = field(default_factory=dict)
    items: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class CaseNotice:
    """A message in the form of a platform's notice: what happened to which case, and where to look.

    Platforms take such notices when they take no message any more. Each fact is at most
    20 characters in one line.
    """

    kind: str
    facts: Mapping[str, str]
    url: str

    LONGEST_FACT: ClassVar[int] = 20

    @classmethod
    def of(cls, kind: str, url: str, **facts: str) -> "CaseNotice":
        return cls(kind, {name: cls._short(fact) for name, fact in facts.items()}, url)

    @classmethod
    def _short(cls, fact: str) -> str:
        line = " ".join(fact.split())
        return line if len(line) <= cls.LONGEST_FACT else line[: cls.LONGEST_FACT - 1] + "…"

    @property
    def payload(self) -> Mapping[str, Any]:
        """How messages carry it."""
        return {"notice": {"kind": self.kind, "facts": dict(self.facts), "url": self.url}}

    @classmethod
    def in_payload(cls, payload: Mapping[str, Any]) -> "CaseNotice | None":
        notice = payload.get("notice")
        return cls(notice["kind"], notice["facts"], notice["url"]) if notice else None


@dataclass(frozen=True)
class Choice:
    """Something to tap: shows `title`, sends `says` in the citizen's name."""

    title: str
    says: str


@dataclass(frozen=True)
class OutboundMessage:
    """What the desk says to a citizen, before a channel renders it.

    `answers` is the public post that this answers; only a platform that has such
    posts heeds it. `has_plain_choices`: the account takes no messages with a menu, so what
    is offered stands in the text.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    answers: PublicPost | None = None
    has_plain_choices: bool = False


def together(messages: Sequence[OutboundMessage]) -> OutboundMessage:
    """Say several things in one message; each choice is offered once."""
    if len(messages) == 1:
        return messages[0]
    choices = dict.fromkeys(choice for message in messages for choice in message.choices)
    return OutboundMessage("\n\n".join(message.text for message in messages), tuple(choices))
