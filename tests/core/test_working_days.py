"""Counting working days, with rules of the test's own and with the office's real calendar."""

from datetime import date

import pytest

from core.adapters.holidays import packaged_calendar
from core.working_days import DayKind, WorkingCalendar

MONDAY, SATURDAY, SUNDAY = date(2030, 1, 7), date(2030, 1, 12), date(2030, 1, 13)


class OneWeek:
    """The Saturday is worked to make up for the free Thursday; 2031 is not announced yet."""

    version = "one week"

    def exceptions(self, year):
        return {
            date(2030, 1, 10): DayKind.HOLIDAY,
            SATURDAY: DayKind.MAKE_UP_DAY,
        }

    def is_official(self, year):
        return year < 2031


@pytest.fixture
def calendar():
    return WorkingCalendar(OneWeek())


@pytest.fixture(scope="module")
def real():
    return packaged_calendar()


def test_the_first_day_is_not_counted_and_a_make_up_saturday_is(calendar):
    assert calendar.due_date(MONDAY, 4).on == SATURDAY  # Tuesday, Wednesday, Friday, Saturday


def test_a_deadline_is_explained_day_by_day(calendar):
    explained = calendar.explain(MONDAY, 4)

    assert [(line.day.day, line.kind, line.number) for line in explained] == [
        (8, DayKind.WORKING_DAY, 1),
        (9, DayKind.WORKING_DAY, 2),
        (10, DayKind.HOLIDAY, None),
        (11, DayKind.WORKING_DAY, 3),
        (12, DayKind.MAKE_UP_DAY, 4),
    ]


def test_a_date_counted_within_announced_years_is_certain(calendar):
    assert not calendar.due_date(MONDAY, 5).is_provisional


def test_a_date_counted_through_a_year_without_notice_is_provisional(calendar):
    assert calendar.due_date(date(2030, 12, 31), 1).is_provisional


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (MONDAY, MONDAY, 0),
        (MONDAY, SUNDAY, 4),
        (MONDAY, date(2030, 1, 14), 5),
        (SATURDAY, SUNDAY, 0),
        (date(2030, 1, 11), SATURDAY, 1),
        (date(2030, 1, 14), MONDAY, -5),
    ],
)
def test_days_between_count_the_last_and_not_the_first(calendar, start, end, days):
    assert calendar.working_days_between(start, end) == days


def test_days_left_until_a_due_date_are_the_days_it_was_counted_with(real):
    start = date(2026, 9, 24)

    assert real.working_days_between(start, real.due_date(start, 7).on) == 7


# Counted by the State Council's notices for 2025 and 2026: days, and month and day they end on.
VECTORS = {
    date(2025, 12, 31): {1: (1, 4), 5: (1, 8), 7: (1, 12), 15: (1, 22), 20: (1, 29)},
    date(2026, 2, 12): {1: (2, 13), 5: (2, 26), 7: (2, 28), 15: (3, 11), 20: (3, 18)},
    date(2026, 2, 13): {1: (2, 14), 5: (2, 27), 7: (3, 2), 15: (3, 12), 20: (3, 19)},
    date(2026, 4, 30): {1: (5, 6), 5: (5, 11), 7: (5, 13), 15: (5, 25), 20: (6, 1)},
    date(2026, 9, 18): {1: (9, 20), 5: (9, 24), 7: (9, 29), 15: (10, 15), 20: (10, 22)},
    date(2026, 9, 24): {1: (9, 28), 5: (10, 9), 7: (10, 12), 15: (10, 22), 20: (10, 29)},
    date(2026, 10, 10): {1: (10, 12), 5: (10, 16), 7: (10, 20), 15: (10, 30), 20: (11, 6)},
    date(2026, 11, 20): {1: (11, 23), 5: (11, 27), 7: (12, 1), 15: (12, 11), 20: (12, 18)},
    date(2026, 11, 21): {1: (11, 23), 5: (11, 27), 7: (12, 1), 15: (12, 11), 20: (12, 18)},
}  # fmt: skip


@pytest.mark.parametrize(
    ("start", "days", "due_on"),
    [
        (start, days, date(2026, *due))
        for start, row in VECTORS.items()
        for days, due in row.items()
    ],
)
def test_the_real_calendar_agrees_with_the_official_notices(real, start, days, due_on):
    due = real.due_date(start, days)

    assert (due.on, due.is_provisional) == (due_on, False)


def test_the_make_up_days_around_national_day_are_worked(real):
    assert real.kind(date(2026, 9, 20)) is DayKind.MAKE_UP_DAY
    assert real.kind(date(2026, 10, 10)) is DayKind.MAKE_UP_DAY
    assert real.kind(date(2026, 10, 1)) is DayKind.HOLIDAY
    assert real.kind(date(2026, 10, 7)) is DayKind.HOLIDAY


def test_a_date_that_needs_a_year_without_notice_is_provisional(real):
    due = real.due_date(date(2026, 12, 18), 20)

    assert due.is_provisional
    assert due.on.year == 2027
