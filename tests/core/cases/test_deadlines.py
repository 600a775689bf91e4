"""By when: three kinds of clock that are never mixed."""

from datetime import date, datetime, timedelta

import pytest

from core.adapters.holidays import packaged_calendar
from core.cases import deadlines
from core.cases.states import CaseClass
from core.clock import OFFICE_TIMEZONE

GENERAL, COMPLEX, MULTI_UNIT = CaseClass.GENERAL, CaseClass.COMPLEX, CaseClass.MULTI_UNIT


@pytest.fixture(scope="module")
def calendar():
    return packaged_calendar()


def wall(text):
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_TIMEZONE)


@pytest.mark.parametrize(
    ("submitted", "case_class", "due_on"),
    [
        ("2026-03-02 10:00", GENERAL, date(2026, 3, 11)),
        ("2026-03-02 10:00", COMPLEX, date(2026, 3, 23)),
        ("2026-03-02 10:00", MULTI_UNIT, date(2026, 3, 23)),
        # The last second of a day and the first of the next.
        ("2026-03-02 23:59:59", GENERAL, date(2026, 3, 11)),
        ("2026-03-03 00:00:00", GENERAL, date(2026, 3, 12)),
        # A day off is no day zero that counts, whichever day of the weekend it is.
        ("2026-11-21 12:00", GENERAL, date(2026, 12, 1)),
        ("2026-11-22 12:00", GENERAL, date(2026, 12, 1)),
        # 国庆 with its make-up days, Sunday 09-20 and Saturday 10-10.
        ("2026-09-18 09:00", GENERAL, date(2026, 9, 29)),
        ("2026-09-24 09:00", GENERAL, date(2026, 10, 12)),
        ("2026-10-01 09:00", GENERAL, date(2026, 10, 15)),
        ("2026-10-10 09:00", GENERAL, date(2026, 10, 20)),
    ],
)
def test_an_answer_is_due_after_so_many_working_days(calendar, submitted, case_class, due_on):
    due = deadlines.answer_by(wall(submitted), case_class, calendar)

    assert (due.on, due.is_provisional) == (due_on, False)


def test_a_due_date_in_a_year_without_notice_is_provisional(calendar):
    due = deadlines.answer_by(wall("2026-12-18 10:00"), COMPLEX, calendar)

    assert due.on.year == 2027
    assert due.is_provisional


def test_a_due_date_on_the_last_announced_day_is_certain(calendar):
    due = deadlines.answer_by(wall("2026-12-22 10:00"), GENERAL, calendar)

    assert (due.on, due.is_provisional) == (date(2026, 12, 31), False)


def test_the_first_response_is_due_in_natural_hours(calendar):
    submitted_at = wall("2026-10-01 09:30")

    assert deadlines.acknowledge_by(submitted_at) - submitted_at == timedelta(hours=24)


def test_a_deadline_is_explained_up_to_its_last_day(calendar):
    submitted_at = wall("2026-09-24 09:00")

    explained = deadlines.explain_answer_by(submitted_at, GENERAL, calendar)

    assert explained[0].day == date(2026, 9, 25)
    assert explained[-1].day == deadlines.answer_by(submitted_at, GENERAL, calendar).on
    assert [line.number for line in explained if line.number] == [1, 2, 3, 4, 5, 6, 7]


def test_a_case_keeps_the_policy_of_its_submission():
    assert deadlines.policy_on(date(2026, 3, 2)).version == "2019-1"
    assert {deadlines.answer_days(wall("2026-03-02 10:00"), one) for one in CaseClass} == {7, 15}
