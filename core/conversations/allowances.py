"""How many messages a platform lets an account send, by what the citizen did before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.conversations.states import HeldFor
from core.messaging import ChannelName, Trigger


@dataclass(frozen=True)
class Allowance:
    messages: int | None  # None: without limit
    lasts: timedelta


_TWO_DAYS = timedelta(hours=48)
_BRIEF = Allowance(3, timedelta(minutes=1))
_FREE = Allowance(None, _TWO_DAYS)

ALLOWANCES: dict[ChannelName, dict[Trigger, Allowance]] = {
    # 客服消息 (发送客服消息, rule since 2023-06-12). A tap on an entry of a menu message counts
    # as a menu click, says the same page.
    ChannelName.WECHAT: {
        Trigger.MESSAGE: Allowance(5, _TWO_DAYS),
        Trigger.MENU_CLICK: _BRIEF,
        Trigger.FOLLOW: _BRIEF,
        Trigger.SCAN: _BRIEF,
    },
    # 发送客服消息 of 粉丝服务: without limit for 48 hours, one answer to each mention.
    ChannelName.WEIBO: {
        Trigger.MESSAGE: _FREE,
        Trigger.MENU_CLICK: _FREE,
        Trigger.FOLLOW: _FREE,
        Trigger.SCAN: _FREE,
        Trigger.MENTION: Allowance(1, _TWO_DAYS),
    },
}


@dataclass(frozen=True)
class Room:
    """What may be sent now: `left` messages (None: any number) until `until`, else why not."""

    left: int | None = None
    until: datetime | None = None
    closed_for: HeldFor | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_for is None


def allowance(channel: ChannelName, trigger: Trigger) -> Allowance | None:
    return ALLOWANCES.get(channel, {}).get(trigger)


def is_limited(channel: ChannelName) -> bool:
    return channel in ALLOWANCES
