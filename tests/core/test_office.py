"""Office hours: when people are at the desk, and when they will be."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.clock import OFFICE_TIMEZONE, office_time
from core.office import OfficeHours


def wall(text):
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_TIMEZONE)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-02 08:29:59", False),
        ("2026-03-02 08:30:00", True),
        ("2026-03-02 11:59:59", True),
        ("2026-03-02 12:00:00", False),
        ("2026-03-02 14:30:00", True),
        ("2026-03-02 18:00:00", False),
        ("2026-03-07 10:00:00", False),  # a Saturday
        ("2026-02-28 10:00:00", True),  # a Saturday worked for 春节
        ("2026-10-01 10:00:00", False),  # 国庆
    ],
)
def test_people_are_there_in_office_hours_of_working_days(office, moment, is_open):
    assert office.is_open(wall(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens_at"),
    [
        ("2026-03-02 10:00", "2026-03-02 10:00"),  # they are there now
        ("2026-03-02 07:00", "2026-03-02 08:30"),
        ("2026-03-02 12:30", "2026-03-02 14:30"),
        ("2026-03-02 18:00", "2026-03-03 08:30"),
        ("2026-03-06 23:59", "2026-03-09 08:30"),  # over the weekend
        ("2026-09-30 18:01", "2026-10-08 08:30"),  # over 国庆
        ("2026-10-09 20:00", "2026-10-10 08:30"),  # to a Saturday that is worked
    ],
)
def test_the_next_opening_is_told(office, moment, opens_at):
    assert office_time(office.opens_at(wall(moment))) == wall(opens_at)


@pytest.mark.parametrize(
    "text", ["", "8:30-12:00", "08:30", "08:30-25:00", "18:00-08:30", "14:30-18:00,08:30-12:00"]
)
def test_hours_that_mean_nothing_are_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - what is wrong with them is said in many ways
        OfficeHours.parse(text)


def test_hours_are_read_out_as_they_were_written(office):
    assert str(office.hours) == "08:30-12:00、14:30-18:00"


def test_a_notice_names_the_office_and_the_facts(office):
    assert "清河县人民政府" in office.notice("welcome")
    assert "刘洋" in office.notice("taken_over", operator="刘洋")


@pytest.mark.parametrize("notice", ["case_acknowledged", "case_replied"])
def test_a_notice_about_a_case_says_where_to_look_it_up_and_keeps_the_code_out_of_the_address(
    office, notice
):
    facts = {"number": "WZ202603020001", "query_code": "123456", "title": "路灯不亮"}
    at_home = replace(office, public_url="https://wenzheng.example.gov.cn")

    words = at_home.notice(notice, department="城市管理局", reply="已修复。", **facts)

    link = "https://wenzheng.example.gov.cn/c/case?number=WZ202603020001"
    assert [word for word in words.split() if "http" in word] in (
        [f"查询进度：{link}"],
        [f"查看和评价：{link}"],
    )


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        ("2026-03-02 09:00", "2026-03-02 11:30", 2.5),
        ("2026-03-02 11:00", "2026-03-02 15:00", 1.5),  # over noon
        ("2026-03-02 18:00", "2026-03-03 08:30", 0),  # over night
        ("2026-03-06 17:30", "2026-03-09 09:00", 1),  # over a weekend
        ("2026-03-02 12:00", "2026-03-02 11:00", 0),
    ],
)
def test_only_the_time_when_people_are_at_the_desk_counts(office, begin, end, hours):
    assert office.open_between(wall(begin), wall(end)) == timedelta(hours=hours)
