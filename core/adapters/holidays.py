"""China's working calendar: official notices as packaged, statutory days for years without one."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version

import chinese_calendar
import holidays

from core.working_days import SATURDAY, DayKind, WorkingCalendar


class PackagedHolidays:
    """Each year the State Council announces holidays and make-up days for the next one."""

    def __init__(self) -> None:
        self.version = f"chinesecalendar {version('chinesecalendar')}"

    def is_official(self, year: int) -> bool:
        return year in _announced_years()

    def exceptions(self, year: int) -> Mapping[date, DayKind]:
        return _announced(year) if self.is_official(year) else _statutory(year)


@cache
def _announced_years() -> frozenset[int]:
    known = {*chinese_calendar.constants.holidays, *chinese_calendar.constants.workdays}
    return frozenset(day.year for day in known)


@cache
def _announced(year: int) -> Mapping[date, DayKind]:
    exceptional: dict[date, DayKind] = {}
    day = date(year, 1, 1)
    while day.year == year:
        is_weekday = day.weekday() < SATURDAY
        is_worked = chinese_calendar.is_workday(day)
        if is_worked and not is_weekday:
            exceptional[day] = DayKind.MAKE_UP_DAY
        elif not is_worked and (is_weekday or day in chinese_calendar.constants.holidays):
            exceptional[day] = DayKind.HOLIDAY
        day += timedelta(days=1)
    return exceptional


@cache
def _statutory(year: int) -> Mapping[date, DayKind]:
    """Days off by 全国年节及纪念日放假办法; without the notice there are no make-up days."""
    statutory = holidays.country_holidays("CN", years=year)
    return dict.fromkeys((day for day in statutory if day.year == year), DayKind.HOLIDAY)


def packaged_calendar() -> WorkingCalendar:
    return WorkingCalendar(PackagedHolidays())
