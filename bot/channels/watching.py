"""Who watches the calls of a platform's API: how many, with what end, with which token."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.channels.api_errors import ApiError
from bot.channels.base import Remedy
from core.channels.states import AlarmCode


class ApiWatch(Protocol):
    """Told by an account's client of every call. It is quick, and it never fails."""

    def called(self, kind: str) -> None:
        """Hear that a call of this kind is about to be made."""

    def taken(self, kind: str) -> None:
        """Hear that the platform did what it was asked."""

    def refused(self, error: ApiError) -> None:
        """Hear that it did not."""

    def token_issued(self, obtained_at: datetime, expires_at: datetime) -> None:
        """Hear that the platform gave a new access token."""


class _Unwatched:
    def called(self, kind: str) -> None:
        """Nobody counts."""

    def taken(self, kind: str) -> None:
        """Nobody counts."""

    def refused(self, error: ApiError) -> None:
        """Nobody counts."""

    def token_issued(self, obtained_at: datetime, expires_at: datetime) -> None:
        """Nobody counts."""


UNWATCHED: ApiWatch = _Unwatched()

# One message of the desk that the platform took: a citizen can read it.
KINDS_THAT_DELIVER = frozenset({
    "message/custom/send", "message/template/send", "message/template/subscribe",
    "message/subscribe/bizsend", "messages/reply", "comments/create", "comments/reply",
})  # fmt: skip

# These tell of the one citizen, not of the account.
ABOUT_THE_CITIZEN = frozenset({Remedy.UNREACHABLE, Remedy.WINDOW_CLOSED, Remedy.QUOTA_USED})

# What people must see to. WeChat's codes have five digits from 40000 on, Weibo's from 10000.
ALARMS = {
    40002: AlarmCode.CREDENTIALS_REFUSED,
    40013: AlarmCode.CREDENTIALS_REFUSED,
    40125: AlarmCode.CREDENTIALS_REFUSED,
    40037: AlarmCode.TEMPLATE_REFUSED,
    40164: AlarmCode.ADDRESS_NOT_ALLOWED,
    45009: AlarmCode.CALLS_USED,
    48001: AlarmCode.PASSIVE_ONLY,
    48004: AlarmCode.ACCOUNT_LIMITED,
    50002: AlarmCode.ACCOUNT_LIMITED,
    89501: AlarmCode.ADMIN_MUST_CONFIRM,
    89503: AlarmCode.ADMIN_MUST_CONFIRM,
    89506: AlarmCode.ADMIN_MUST_CONFIRM,
    89507: AlarmCode.ADMIN_MUST_CONFIRM,
    10004: AlarmCode.ADDRESS_NOT_ALLOWED,
    10005: AlarmCode.PASSIVE_ONLY,
    10006: AlarmCode.TOKEN_REFUSED,
    10014: AlarmCode.PASSIVE_ONLY,
    10023: AlarmCode.CALLS_USED,
    10024: AlarmCode.CALLS_USED,
    20015: AlarmCode.ACCOUNT_LIMITED,
    20022: AlarmCode.ADDRESS_NOT_ALLOWED,
    20031: AlarmCode.ACCOUNT_LIMITED,
    21301: AlarmCode.TOKEN_REFUSED,
    21314: AlarmCode.TOKEN_REFUSED,
    21315: AlarmCode.TOKEN_REFUSED,
    21316: AlarmCode.TOKEN_REFUSED,
    21317: AlarmCode.TOKEN_REFUSED,
    21319: AlarmCode.TOKEN_REFUSED,
    21321: AlarmCode.ACCOUNT_LIMITED,
    21327: AlarmCode.TOKEN_REFUSED,
    21332: AlarmCode.TOKEN_REFUSED,
    21335: AlarmCode.CREDENTIALS_REFUSED,
}

# A token that was given, or a call that was taken, shows that these are mended.
MENDED_BY_SUCCESS = frozenset({
    AlarmCode.CREDENTIALS_REFUSED, AlarmCode.ADDRESS_NOT_ALLOWED, AlarmCode.ADMIN_MUST_CONFIRM,
    AlarmCode.TOKEN_REFUSED,
})  # fmt: skip

_ADDRESS = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])")


@dataclass(frozen=True)
class RaisedAlarm:
    code: AlarmCode
    reason: str


def alarm_for(error: ApiError) -> RaisedAlarm | None:
    """Return what people must be told of this refusal; None when the desk copes with it."""
    known = ALARMS.get(error.platform_code or 0)
    if known is None:
        if error.remedy is not Remedy.ALARM:
            return None
        known = AlarmCode.UNKNOWN_REFUSAL
    reason = error.reason
    address = _ADDRESS.search(reason)
    if known is AlarmCode.ADDRESS_NOT_ALLOWED and address is not None:
        reason = f"被拒绝的服务器 IP：{address[1]}。平台的说明：{reason}"
    return RaisedAlarm(known, reason)
