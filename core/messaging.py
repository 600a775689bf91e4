"""Messages as every program sees them, whatever channel carries them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ChannelName(StrEnum):
    WECHAT = "wechat"
    WEIBO = "weibo"


class InboundKind(StrEnum):
    """What a citizen sent or did; a platform's word for it stays in its adapter."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    MENU_CLICK = "menu_click"
    OTHER = "other"


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
    everything else from the same account.
    """

    address: ChannelAddress
    dedupe_key: str
    kind: InboundKind
    sent_at: datetime
    text: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """Something to tap: shows `title`, sends `says` in the citizen's name."""

    title: str
    says: str


@dataclass(frozen=True)
class OutboundMessage:
    """What the desk says to a citizen, before a channel renders it."""

    text: str
    choices: tuple[Choice, ...] = ()
