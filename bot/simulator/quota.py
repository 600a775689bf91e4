"""How many customer-service messages may go to a citizen now, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.simulator.errors import ApiError


class Trigger(StrEnum):
    MESSAGE = "message"
    MENU_CLICK = "menu_click"
    FOLLOW = "follow"
    SCAN = "scan"


@dataclass(frozen=True)
class Allowance:
    messages: int
    lasts: timedelta


# The rule of 2023-06-12: developers.weixin.qq.com/doc/service/api/customer/message/
ALLOWANCES = {
    Trigger.MESSAGE: Allowance(5, timedelta(hours=48)),
    Trigger.MENU_CLICK: Allowance(3, timedelta(minutes=1)),
    Trigger.FOLLOW: Allowance(3, timedelta(minutes=1)),
    Trigger.SCAN: Allowance(3, timedelta(minutes=1)),
}


@dataclass
class Window:
    trigger: Trigger
    left: int
    closes_at: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "trigger": self.trigger.value,
            "left": self.left,
            "closes_at": self.closes_at.isoformat(),
        }


class SendWindows:
    def __init__(self) -> None:
        self._windows: dict[str, dict[Trigger, Window]] = {}

    def open(self, openid: str, trigger: Trigger, now: datetime) -> None:
        """Open the window of `trigger`, or start it anew with its full count."""
        allowance = ALLOWANCES[trigger]
        window = Window(trigger, allowance.messages, now + allowance.lasts)
        self._windows.setdefault(openid, {})[trigger] = window

    def open_windows(self, openid: str, now: datetime) -> list[Window]:
        """Return the windows still open, used up or not, the one that closes first leading."""
        windows = self._windows.get(openid, {}).values()
        return sorted((w for w in windows if w.closes_at > now), key=lambda w: w.closes_at)

    def spend(self, openid: str, now: datetime) -> None:
        windows = self.open_windows(openid, now)
        if not windows:
            raise ApiError(45015)
        for window in windows:
            if window.left > 0:
                window.left -= 1
                return
        raise ApiError(45047)

    def close(self, openid: str) -> None:
        self._windows.pop(openid, None)
