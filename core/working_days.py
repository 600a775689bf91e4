"""Working-day arithmetic. Plain dates in, plain dates out.

Public holidays are repaid by working on a weekend (调休), so a calendar knows
for each day of a year with an official notice whether it is worked. Years
without a notice yet are provisional: weekends and statutory holidays only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

SATURDAY = 5


class DayKind(StrEnum):
    WORKING_DAY = "working_day"
    MAKE_UP_DAY = "make_up_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    @property
    def counts(self) -> bool:
        return self in {DayKind.WORKING_DAY, DayKind.MAKE_UP_DAY}


class HolidaySource(Protocol):
    """Where the years come from: `exceptions` maps the days that differ from a plain week."""

    version: str

    def exceptions(self, year: int) -> Mapping[date, DayKind]: ...

    def is_official(self, year: int) -> bool: ...


@dataclass(frozen=True)
class CountedDay:
    """One line of an explained deadline: `number` is None on days that do not count."""

    day: date
    kind: DayKind
    number: int | None
    is_provisional: bool


@dataclass(frozen=True)
class DueDate:
    on: date
    is_provisional: bool


class WorkingCalendar:
    """Which days count, and how far ahead that is certain."""

    def __init__(self, source: HolidaySource) -> None:
        self._source = source

    @property
    def version(self) -> str:
        return self._source.version

    def kind(self, day: date) -> DayKind:
        exceptional = self._source.exceptions(day.year).get(day)
        if exceptional is not None:
            return exceptional
        return DayKind.WORKING_DAY if day.weekday() < SATURDAY else DayKind.WEEKEND

    def is_working_day(self, day: date) -> bool:
        return self.kind(day).counts

    def is_official(self, day: date) -> bool:
        return self._source.is_official(day.year)

    def explain(self, start: date, days: int) -> list[CountedDay]:
        """Count `days` working days after `start`, which itself is day zero (民法典 201)."""
        counted: list[CountedDay] = []
        day, number = start, 0
        while number < days:
            day += timedelta(days=1)
            kind = self.kind(day)
            number += kind.counts
            counted.append(
                CountedDay(day, kind, number if kind.counts else None, not self.is_official(day))
            )
        return counted

    def due_date(self, start: date, days: int) -> DueDate:
        counted = self.explain(start, days)
        return DueDate(counted[-1].day, any(day.is_provisional for day in counted))

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; negative when past."""
        if end < start:
            return -self.working_days_between(end, start)
        span = (end - start).days
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, span + 1))
