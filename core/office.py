"""What a change needs to know about the office it happens in: hours, calendar, wording."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.clock import OFFICE_TIMEZONE, office_time
from core.working_days import WorkingCalendar

HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


@dataclass(frozen=True)
class OfficeHours:
    """When people sit at the desk on a working day, e.g. `08:30-12:00,14:30-18:00`."""

    periods: tuple[tuple[time, time], ...]

    @classmethod
    def parse(cls, text: str) -> "OfficeHours":
        periods = []
        for part in text.split(","):
            match = HOURS.fullmatch(part.strip())
            if match is None:
                raise ValueError(f"not office hours: {part!r}")
            begin_hour, begin_minute, end_hour, end_minute = map(int, match.groups())
            periods.append((time(begin_hour, begin_minute), time(end_hour, end_minute)))
        turns = [turn for period in periods for turn in period]
        if turns != sorted(set(turns)):
            raise ValueError(f"each period must begin after the one before it ends: {text!r}")
        return cls(tuple(periods))

    def __str__(self) -> str:
        return "、".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in self.periods)


@dataclass(frozen=True)
class Office:
    name: str
    calendar: WorkingCalendar
    hours: OfficeHours
    notices: Mapping[str, str]
    public_url: str = ""  # where citizens reach the pages for them

    def notice(self, name: str, **facts: object) -> str:
        """Word what the desk itself tells a citizen; the texts are in `config/notices.yml`."""
        if "number" in facts:
            facts["case_page"] = self.case_page(str(facts["number"]))
        return self.notices[name].format(office=self.name, hours=self.hours, **facts)

    def page(self, path: str) -> str:
        """Return the address of one of the citizens' pages."""
        return f"{self.public_url}/c/{path}"

    def case_page(self, number: str) -> str:
        """Return where a citizen looks the case up; the code is entered there, never sent along."""
        return f"{self.public_url}/c/case?number={number}"

    def is_open(self, moment: datetime) -> bool:
        wall = office_time(moment)
        return self.calendar.is_working_day(wall.date()) and any(
            begin <= wall.time() < end for begin, end in self.hours.periods
        )

    def open_between(self, begin: datetime, end: datetime) -> timedelta:
        """Return for how long people are at the desk between two moments."""
        first, last = office_time(begin), office_time(end)
        total = timedelta()
        day = first.date()
        while day <= last.date():
            if self.calendar.is_working_day(day):
                for opening, closing in self.hours.periods:
                    from_ = max(datetime.combine(day, opening, tzinfo=OFFICE_TIMEZONE), first)
                    until = min(datetime.combine(day, closing, tzinfo=OFFICE_TIMEZONE), last)
                    total += max(until - from_, timedelta())
            day += timedelta(days=1)
        return total

    def opens_at(self, moment: datetime) -> datetime:
        """Return when people are next at the desk: `moment` itself when they are there now."""
        if self.is_open(moment):
            return moment
        wall = office_time(moment)
        day = wall.date()
        while True:
            if self.calendar.is_working_day(day):
                for begin, _ in self.hours.periods:
                    opening = datetime.combine(day, begin, tzinfo=OFFICE_TIMEZONE)
                    if opening > wall:
                        return opening
            day += timedelta(days=1)
