"""The packaged calendar: what is announced is taken over, what is not is never guessed at."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from core.adapters.holidays import PackagedHolidays, packaged_calendar
from core.working_days import DayKind


@pytest.fixture(scope="module")
def holidays():
    return PackagedHolidays()


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_an_announced_year_agrees_with_the_notice(year):
    calendar = packaged_calendar()
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]

    wrong = [
        day for day in days if calendar.is_working_day(day) != chinese_calendar.is_workday(day)
    ]

    assert wrong == []


def test_2026_has_248_working_days():
    calendar = packaged_calendar()

    assert calendar.working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 248


def test_a_year_without_notice_has_its_statutory_days_and_no_make_up_days(holidays):
    exceptions = holidays.exceptions(2027)

    assert not holidays.is_official(2027)
    assert set(exceptions.values()) == {DayKind.HOLIDAY}
    assert exceptions[date(2027, 1, 1)] is DayKind.HOLIDAY
    assert exceptions[date(2027, 10, 1)] is DayKind.HOLIDAY


def test_a_holiday_that_falls_on_a_weekend_is_still_called_a_holiday(holidays):
    assert holidays.exceptions(2026)[date(2026, 10, 3)] is DayKind.HOLIDAY  # a Saturday


def test_the_version_names_the_notices_it_knows(holidays):
    assert holidays.version.startswith("chinesecalendar ")
