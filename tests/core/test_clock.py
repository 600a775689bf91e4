"""The day on the office wall."""

from datetime import UTC, date, datetime

import pytest

from core.clock import office_date, office_time, utc_now, written_date, written_moment


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC), date(2026, 3, 2)),  # 23:59:59 in Shanghai
        (datetime(2026, 3, 2, 16, 0, tzinfo=UTC), date(2026, 3, 3)),  # 00:00 in Shanghai
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_a_new_day_begins_at_midnight_in_the_office(moment, day):
    assert office_date(moment) == day


def test_the_wall_clock_shows_the_same_moment():
    moment = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    wall = office_time(moment)

    assert wall == moment
    assert (wall.hour, wall.minute) == (10, 0)


def test_now_is_told_in_utc():
    assert utc_now().tzinfo is UTC


def test_dates_are_written_as_in_official_documents():
    assert written_date(date(2026, 3, 9)) == "2026年3月9日"
    assert written_moment(datetime(2026, 3, 2, 0, 5, tzinfo=UTC)) == "3月2日 08:05"
