"""How much time a case has left, and how its days are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from core.cases import queries
from core.cases.states import CLOCK_RUNS
from core.clock import office_date
from core.working_days import CountedDay, DayKind, WorkingCalendar

SOON_WORKING_DAYS = 3


class Urgency(StrEnum):
    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    CALM = "calm"
    KEPT = "kept"  # the answer came in time
    MISSED = "missed"  # it came, but late
    STOPPED = "stopped"  # none is owed


@dataclass(frozen=True)
class Clock:
    """`days` are the working days that are left, or by which the date was missed."""

    urgency: Urgency
    days: int


def answer_clock(case: Any, today: date, calendar: WorkingCalendar) -> Clock:
    """Tell how the answer to the citizen stands against its date."""
    if case.state in CLOCK_RUNS:
        return clock_until(case.due_on, today, calendar)
    if case.replied_at is None:
        return Clock(Urgency.STOPPED, 0)
    replied_on = office_date(case.replied_at)
    if replied_on <= case.due_on:
        return Clock(Urgency.KEPT, 0)
    return Clock(Urgency.MISSED, calendar.working_days_between(case.due_on, replied_on))


def clock_until(due_on: date, today: date, calendar: WorkingCalendar) -> Clock:
    days = calendar.working_days_between(today, due_on)
    if due_on < today:
        return Clock(Urgency.LATE, -days)
    if due_on == today:
        return Clock(Urgency.TODAY, 0)
    return Clock(Urgency.SOON if days <= SOON_WORKING_DAYS else Urgency.CALM, days)


@dataclass(frozen=True)
class Acknowledgement:
    """The clock of the first response, in natural hours."""

    at: datetime | None
    by: datetime
    within_hours: int
    seconds_left: int

    @property
    def is_late(self) -> bool:
        return self.seconds_left < 0


def acknowledgement(case: Any, now: datetime) -> Acknowledgement:
    until = case.acknowledged_at or now
    left = int((case.acknowledge_by - until).total_seconds())
    within_hours = (case.acknowledge_by - case.submitted_at) // timedelta(hours=1)
    return Acknowledgement(case.acknowledged_at, case.acknowledge_by, within_hours, left)


@dataclass(frozen=True)
class Day:
    """One field of the calendar; `counted` is None outside the deadline and on day zero."""

    on: date
    counted: CountedDay | None
    is_start: bool
    is_due: bool
    is_today: bool

    @property
    def tone(self) -> str:
        if self.is_start:
            return "start"
        if self.counted is None:
            return "outside"
        return "due" if self.is_due else DayKind(self.counted.kind).value.replace("_", "-")


@dataclass(frozen=True)
class Explanation:
    """A deadline day by day. `matches` is False when the calendar changed since it was set."""

    start: date
    counted: Sequence[CountedDay]
    weeks: list[list[Day]]
    matches: bool

    @property
    def working_days(self) -> int:
        return self.counted[-1].number or 0

    @property
    def skipped(self) -> list[CountedDay]:
        return [day for day in self.counted if day.kind is DayKind.HOLIDAY]

    @property
    def made_up(self) -> list[CountedDay]:
        return [day for day in self.counted if day.kind is DayKind.MAKE_UP_DAY]

    @property
    def has_provisional(self) -> bool:
        return any(day.is_provisional for day in self.counted)


def explain(case: Any, today: date, calendar: WorkingCalendar) -> Explanation:
    counted = queries.explain_due_date(case, calendar)
    start, due_on = office_date(case.submitted_at), counted[-1].day
    by_day = {day.day: day for day in counted}
    monday = start - timedelta(days=start.weekday())
    days = [
        Day(
            on,
            by_day.get(on),
            is_start=on == start,
            is_due=on == due_on,
            is_today=on == today,
        )
        for on in (monday + timedelta(days=n) for n in range((due_on - monday).days + 1))
    ]
    while len(days) % 7:
        on = days[-1].on + timedelta(days=1)
        days.append(Day(on, None, is_start=False, is_due=False, is_today=on == today))
    weeks = [days[n : n + 7] for n in range(0, len(days), 7)]
    return Explanation(start, counted, weeks, matches=due_on == case.due_on)
