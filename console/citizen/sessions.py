"""Which cases this browser has opened with their query codes, and for how long that holds."""

from datetime import datetime, timedelta

from flask import session

from console.context import now

KEPT = timedelta(minutes=30)
MOST_CASES = 5


def remember(number: str) -> None:
    """Let this browser see the case for a while without the code."""
    opened = _opened()
    opened.pop(number, None)
    opened[number] = int((now() + KEPT).timestamp())
    session["opened_cases"] = dict(list(opened.items())[-MOST_CASES:])


def may_see(number: str) -> bool:
    return number in _opened()


def forget() -> None:
    session.pop("opened_cases", None)


def _opened() -> dict[str, int]:
    moment = _seconds(now())
    kept: dict[str, int] = session.get("opened_cases", {})
    return {number: until for number, until in kept.items() if until > moment}


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
