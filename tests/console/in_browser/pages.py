"""What is asked of a page in a browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

DESK = {"width": 1440, "height": 900}
TABLET = {"width": 1024, "height": 768}

SitDown = Callable[..., Page]


def wait_until_live(page: Page) -> None:
    expect(page.locator("#live-state")).to_have_attribute("data-state", "connected")


def shown(page: Page) -> list[int]:
    """Return the sequence numbers on the page, in their order."""
    numbers: list[int] = page.eval_on_selector_all(
        "article.message", "lines => lines.map(line => Number(line.dataset.seq))"
    )
    return numbers
