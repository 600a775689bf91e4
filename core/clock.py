"""The only module that reads the wall clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

OFFICE_TIMEZONE = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this is the clock


def office_time(moment: datetime) -> datetime:
    """Return the same moment as the clock on the office wall shows it."""
    return moment.astimezone(OFFICE_TIMEZONE)


def next_midnight(moment: datetime) -> datetime:
    """Return when the next day begins on the office wall, as platforms count their days too."""
    return datetime.combine(
        office_date(moment) + timedelta(days=1), time.min, tzinfo=OFFICE_TIMEZONE
    )


def office_date(moment: datetime) -> date:
    """Return the date on the office wall: 23:30 in Shanghai is still that day, not the UTC one."""
    return office_time(moment).date()


def written_date(day: date) -> str:
    """Write a date as official documents do: no zero before a month or day (GB/T 9704-2012)."""
    return f"{day.year}年{day.month}月{day.day}日"


def written_moment(moment: datetime) -> str:
    """Write a moment of these days as the office's clock shows it, e.g. 3月2日 08:30."""
    wall = office_time(moment)
    return f"{wall.month}月{wall.day}日 {wall:%H:%M}"
