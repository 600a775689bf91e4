"""How moments, days and lengths of time are shown."""

from datetime import date, timedelta

import pytest
from flask import Flask

from console.formats import ago, clock, day_heading, span
from tests.fakes import MONDAY


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0秒"),
        (-5, "0秒"),
        (59, "59秒"),
        (60, "1分00秒"),
        (185, "3分05秒"),
        (3600, "1小时0分"),
        (90_061, "1天1小时"),
    ],
)
def test_a_length_of_time_in_words(seconds: int, words: str):
    assert span(seconds) == words


def test_moments_are_shown_as_the_clock_on_the_office_wall(app: Flask):
    with app.test_request_context():
        assert clock(MONDAY - timedelta(hours=1)) == "09:00"
        assert clock(MONDAY - timedelta(days=1)) == "03-01 10:00"
        assert clock(MONDAY - timedelta(days=90)) == "2025-12-02"
        assert clock(None) == ""


def test_how_long_ago(app: Flask):
    with app.test_request_context():
        assert ago(MONDAY - timedelta(seconds=5)) == "刚刚"
        assert ago(MONDAY - timedelta(minutes=3)) == "3分钟前"
        assert ago(MONDAY - timedelta(hours=5)) == "5小时前"
        assert ago(MONDAY - timedelta(days=3)) == "3天前"


def test_days_have_names(app: Flask):
    with app.test_request_context():
        assert day_heading(date(2026, 3, 2)) == "今天"
        assert day_heading(date(2026, 3, 1)) == "昨天"
        assert day_heading(date(2026, 2, 27)) == "2026年2月27日 周五"
