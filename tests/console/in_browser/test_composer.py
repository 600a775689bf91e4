"""Writing: to the citizen, to colleagues, with keys and input methods."""

import pytest
from playwright.sync_api import expect

from tests.console.desk.conversations import Talk
from tests.console.in_browser.pages import SitDown

pytestmark = pytest.mark.browser


def test_a_note_is_written_in_another_place_and_colour(sit_down: SitDown, talk: Talk):
    page = sit_down("王芳")
    talk.waits()
    page.click(f"#take-{talk.id}")
    page.fill("#reply-text", "给市民的草稿")

    page.press("#reply-text", "Alt+n")
    expect(page.locator("#reply-text")).to_be_hidden()
    expect(page.locator("#composer")).to_have_attribute("data-mode", "note")
    page.fill("#note-text", "给同事的话")
    page.press("#note-text", "Enter")

    expect(page.locator(".message.is-note")).to_contain_text("给同事的话")
    page.press("#note-text", "Escape")
    expect(page.locator("#reply-text")).to_have_value("给市民的草稿")
    assert [each.text for each in talk.messages() if each.delivery and each.operator_id] == []


def test_a_draft_survives_a_reload(sit_down: SitDown, talk: Talk):
    page = sit_down("王芳")
    talk.waits()
    page.click(f"#take-{talk.id}")
    page.fill("#reply-text", "写到一半")

    page.reload()

    expect(page.locator("#reply-text")).to_have_value("写到一半")


def test_shift_enter_makes_a_line_and_choosing_characters_sends_nothing(
    sit_down: SitDown, talk: Talk
):
    page = sit_down("王芳")
    talk.waits()
    page.click(f"#take-{talk.id}")
    page.fill("#reply-text", "第一行")

    page.press("#reply-text", "Shift+Enter")
    page.dispatch_event("#reply-text", "keydown", {"key": "Enter", "isComposing": True})
    page.keyboard.type("abc")

    expect(page.locator("#reply-text")).to_have_value("第一行\nabc")
    expect(page.locator(".message.is-operator")).to_have_count(0)


def test_the_counter_tells_bytes_and_how_many_messages_it_will_be(sit_down: SitDown, talk: Talk):
    page = sit_down("王芳")
    talk.waits()
    page.click(f"#take-{talk.id}")

    page.fill("#reply-text", "字" * 100)
    expect(page.locator(".composer-count")).to_have_text("100 字 · 300 / 2048 字节")

    page.fill("#reply-text", "字" * 1000)
    expect(page.locator(".composer-count")).to_have_text("3000 / 2048 字节，将分 2 条发送")


def test_a_quick_phrase_is_chosen_by_keyboard(sit_down: SitDown, talk: Talk):
    page = sit_down("王芳")
    talk.waits()
    page.click(f"#take-{talk.id}")
    page.focus("#reply-text")

    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.locator("#reply-text")).to_have_value(
        "您反映的情况我已了解，正在为您核实，请稍候。"
    )
