"""How much time is left, against the calendar of 2026."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from console.cases.clocks import Urgency, answer_clock, clock_until
from core.cases.states import CLOCK_RUNS, CaseState
from core.office import Office

WEDNESDAY = date(2026, 3, 11)


@dataclass
class Matter:
    state: CaseState
    due_on: date = WEDNESDAY
    replied_at: datetime | None = None


@pytest.mark.parametrize(
    ("today", "urgency", "days"),
    [
        (date(2026, 3, 2), Urgency.CALM, 7),
        (date(2026, 3, 5), Urgency.CALM, 4),
        (date(2026, 3, 6), Urgency.SOON, 3),
        (date(2026, 3, 7), Urgency.SOON, 3),  # Saturday: as many as on Friday evening
        (date(2026, 3, 10), Urgency.SOON, 1),
        (date(2026, 3, 11), Urgency.TODAY, 0),
        (date(2026, 3, 12), Urgency.LATE, 1),
        (date(2026, 3, 16), Urgency.LATE, 3),
    ],
)
def test_working_days_are_counted_to_the_date(office: Office, today, urgency, days):
    clock = clock_until(WEDNESDAY, today, office.calendar)

    assert (clock.urgency, clock.days) == (urgency, days)


def test_a_date_missed_over_the_weekend_is_late_by_no_working_day(office: Office):
    clock = clock_until(date(2026, 3, 13), date(2026, 3, 14), office.calendar)

    assert (clock.urgency, clock.days) == (Urgency.LATE, 0)


@pytest.mark.parametrize("state", CaseState)
def test_the_clock_runs_exactly_while_an_answer_is_owed(office: Office, state: CaseState):
    clock = answer_clock(Matter(state), date(2026, 3, 12), office.calendar)

    assert (clock.urgency is Urgency.LATE) == (state in CLOCK_RUNS)


@pytest.mark.parametrize(
    ("replied_at", "urgency", "days"),
    [
        # 23:30 in Shanghai is still the day itself, though not in UTC at 16:00 and later.
        (datetime(2026, 3, 11, 15, 30, tzinfo=UTC), Urgency.KEPT, 0),
        (datetime(2026, 3, 11, 16, 0, tzinfo=UTC), Urgency.MISSED, 1),
        (datetime(2026, 3, 13, 2, 0, tzinfo=UTC), Urgency.MISSED, 2),
    ],
)
def test_an_answer_is_held_against_its_date(office: Office, replied_at, urgency, days):
    matter = Matter(CaseState.REPLIED, replied_at=replied_at)

    clock = answer_clock(matter, date(2026, 4, 1), office.calendar)

    assert (clock.urgency, clock.days) == (urgency, days)


def test_a_rejected_case_has_no_clock(office: Office):
    clock = answer_clock(Matter(CaseState.REJECTED), date(2026, 4, 1), office.calendar)

    assert clock.urgency is Urgency.STOPPED
