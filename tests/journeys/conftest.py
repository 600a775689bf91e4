"""People with a browser each, so that nobody shares a session with anybody."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from launch.supervisor import Desk
from tests.journeys.windows import DESK, PATIENCE_MS, PHONE, NewWindow, Phone, Seat

SitDown = Callable[[str, str], Seat]

# A refusal is told by a status, which a browser and htmx note as an error; so is a cut line, and
# a request that a newer one has replaced.
EXPECTED = re.compile(
    r"Failed to load resource|Response Status Error Code (?:401|403|409|422)"
    r"|htmx:(?:afterRequest|sendError|sendAbort)"
)


@pytest.fixture
def new_window(browser: Browser) -> Iterator[NewWindow]:
    """Open browsers of their own; whatever one of them complains about fails the test."""
    windows: list[BrowserContext] = []
    complaints: list[str] = []

    def open_window(size: dict[str, int]) -> BrowserContext:
        window = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        window.set_default_timeout(PATIENCE_MS)
        window.on("weberror", lambda error: complaints.append(str(error.error)))
        window.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and not EXPECTED.search(said.text)
                else None
            ),
        )
        windows.append(window)
        return window

    yield open_window
    for window in windows:
        window.close()
    assert complaints == []


@pytest.fixture
def phone(desk: Desk, new_window: NewWindow) -> Phone:
    return Phone(desk, new_window(PHONE))


@pytest.fixture
def sit_down(desk: Desk, new_window: NewWindow) -> SitDown:
    """Sign a demo account in and open a section of the console."""

    def sit(login: str, section: str) -> Seat:
        return Seat(desk, new_window(DESK), login, section)

    return sit
