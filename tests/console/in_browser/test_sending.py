"""Beside the reply box: what the platform still takes for this citizen."""

import re

import pytest
from playwright.sync_api import expect

from core.conversations import services
from tests.console.desk.conversations import Talk
from tests.console.in_browser.pages import SitDown

pytestmark = pytest.mark.browser


def test_the_count_is_shown_falls_and_says_what_becomes_of_more(sit_down: SitDown, talk: Talk):
    page = sit_down("王芳")
    talk.waits()
    page.click(f"#take-{talk.id}")
    quota = page.locator("#composer-quota")
    expect(quota).to_have_text(re.compile(r"还可发送 5 条，剩余 4[78]:\d\d，超出的回复会排队"))

    with talk.core.unit_of_work() as uow:
        services.spend(uow, talk.id, 5)
    page.fill("#reply-text", "再说一句")
    page.press("#reply-text", "Enter")

    expect(quota).to_have_text(re.compile("还可发送 0 条.*市民下次来信时自动送出"))
