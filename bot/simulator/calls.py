"""How often each API was called today, and the calls made lately."""

from collections import Counter, deque
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.simulator.errors import ApiError
from core.clock import OFFICE_TIMEZONE

CLEARINGS_A_MONTH = 10


@dataclass(frozen=True, kw_only=True)
class Call:
    at: datetime
    account_key: str
    path: str
    openid: str
    errcode: int | None
    status: int
    seconds: float
    fault: str

    def as_json(self) -> dict[str, Any]:
        return self.__dict__ | {"at": self.at.isoformat()}


class CallBook:
    """Counts calls per account, API and day; the platform's day starts at midnight in Beijing."""

    def __init__(self, *, remembered: int) -> None:
        self.recent: deque[Call] = deque(maxlen=remembered)
        self._counts: Counter[tuple[str, str, date]] = Counter()
        self._clearings: Counter[tuple[str, int, int]] = Counter()

    def count(self, account_key: str, path: str, now: datetime, *, limit: int | None) -> None:
        """Count one call, or refuse it when the day's quota is used up."""
        key = (account_key, path, _beijing_date(now))
        if limit is not None and self._counts[key] >= limit:
            raise ApiError(45009)
        self._counts[key] += 1

    def made_today(self, account_key: str, path: str, now: datetime) -> int:
        return self._counts[account_key, path, _beijing_date(now)]

    def forget_today(self, account_key: str, path: str, now: datetime) -> None:
        self._counts.pop((account_key, path, _beijing_date(now)), None)

    def clear(self, account_key: str, now: datetime) -> None:
        """Forget today's counts, as /cgi-bin/clear_quota does ten times a month."""
        day = _beijing_date(now)
        month = (account_key, day.year, day.month)
        if self._clearings[month] >= CLEARINGS_A_MONTH:
            raise ApiError(48006)
        self._clearings[month] += 1
        for key in [key for key in self._counts if key[0] == account_key]:
            del self._counts[key]


def _beijing_date(now: datetime) -> date:
    return now.astimezone(OFFICE_TIMEZONE).date()
