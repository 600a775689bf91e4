"""In a browser: a group appears while the page is open, and one click gives it to an entry."""

import dataclasses
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from core.clock import utc_now
from core.gaps.services import collect_gaps, place_gaps, unplaced_gaps
from core.operators.permissions import Role
from tests.builders import an_entry, an_operator
from tests.console.serving import DESK, served, sign_in, wait_until_live
from tests.core.gaps.talks import is_missed

EAST, NORTH = [1.0, 0.0], [0.0, 1.0]


def collect(core):
    """Look for open questions as if everybody had had time to choose."""
    later = dataclasses.replace(core, clock=lambda: utc_now() + timedelta(minutes=30))
    with later.unit_of_work() as uow:
        collect_gaps(uow)
        waiting = unplaced_gaps(uow)
        place_gaps(uow, {gap.gap_id: NORTH if "馆" in gap.text else EAST for gap in waiting})


@pytest.fixture
def place(settings, fresh_core, tmp_path):
    with served(settings, fresh_core, tmp_path) as place:
        yield place


def test_an_editor_gives_a_new_group_to_an_entry_in_one_click(browser: Browser, place):
    with place.core.unit_of_work() as uow:
        editor = an_operator(uow, Role.EDITOR, display_name="余雯")
        an_entry(uow, slug="pets", question="怎么办犬证？", variants=["养狗办证"])
    page = browser.new_page(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
    sign_in(page, place.url, editor.login)
    page.goto(f"{place.url}/gaps/")
    wait_until_live(page)
    expect(page.get_by_text("没有待学习的问题")).to_be_visible()

    with place.core.unit_of_work() as uow:
        for text in ("给狗上户口", "狗证咋办", "养了只狗，要办什么证"):
            is_missed(uow, text, "pets")
        is_missed(uow, "图书馆几点关门")
    collect(place.core)

    expect(page.get_by_role("link", name="给狗上户口")).to_be_visible()
    page.get_by_role("button", name="怎么办犬证？").click()
    expect(page.get_by_text("已把 3 种问法加入")).to_be_visible()
    expect(page.get_by_role("link", name="给狗上户口")).to_have_count(0)
    expect(page.get_by_role("link", name="图书馆几点关门")).to_be_visible()
    page.close()
