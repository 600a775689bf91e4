"""Two people and a queue, each at a browser."""

import pytest
from playwright.sync_api import expect

from core.bootstrap import Core
from tests.console.desk.conversations import Talk
from tests.console.in_browser.pages import TABLET, SitDown

pytestmark = pytest.mark.browser


def test_an_operator_takes_over_replies_and_reads_on_without_a_reload(
    sit_down: SitDown, talk: Talk
):
    page = sit_down("王芳")
    page.evaluate("window.loadedOnce = true")

    talk.waits()
    expect(page.locator(f"#waiting-{talk.id}")).to_be_visible()
    expect(page).to_have_title("(1) 会话 · 清河县人民政府")
    expect(page.locator("#toasts")).to_contain_text("有新的会话等待接入")

    page.click(f"#take-{talk.id}")
    page.fill("#reply-text", "您好，我来帮您。")
    page.press("#reply-text", "Enter")
    expect(page.locator(".message.is-operator")).to_contain_text("您好，我来帮您。")
    expect(page.locator("#reply-text")).to_have_value("")
    expect(page).to_have_title("会话 · 清河县人民政府")

    talk.citizen_says("谢谢您")
    expect(page.locator(".message.is-citizen").last).to_contain_text("谢谢您")
    talk.delivery_fails(next(each for each in talk.messages() if each.text == "您好，我来帮您。"))
    expect(page.locator(".delivery.is-failed")).to_contain_text("重新发送")
    page.click("text=重新发送")
    expect(page.locator(".delivery.is-failed")).to_have_count(0)
    assert page.url.endswith(f"/desk/{talk.id}")
    assert page.evaluate("window.loadedOnce")


def test_a_press_is_not_lost_when_the_list_refreshes_under_it(sit_down: SitDown, live_core: Core):
    ours, other = Talk(live_core), Talk(live_core)
    ours.waits()
    page = sit_down("王芳")
    button = page.locator(f"#take-{ours.id}").bounding_box()
    assert button is not None
    page.mouse.move(button["x"] + 5, button["y"] + 5)
    page.mouse.down()

    other.waits()
    expect(page.locator(f"#waiting-{other.id}")).to_be_visible()
    page.mouse.up()

    expect(page.locator("#reply-text")).to_be_visible()


def test_two_operators_reach_for_one_conversation(sit_down: SitDown, talk: Talk):
    first, second = sit_down("王芳"), sit_down("陈明")
    talk.waits()
    expect(second.locator(f"#take-{talk.id}")).to_be_visible()
    # Its picture is an old one.
    second.route("**/desk/lists*", lambda route: route.fulfill(status=204))

    first.click(f"#take-{talk.id}")
    expect(first.locator("#reply-text")).to_be_visible()
    second.click(f"#take-{talk.id}")

    expect(second.locator("#toasts")).to_contain_text("已由坐席 王芳 接手")


def test_a_colleague_sees_who_speaks(sit_down: SitDown, talk: Talk):
    first, second = sit_down("王芳"), sit_down("陈明")
    talk.waits()
    second.click(f"#link-{talk.id}")
    expect(second.locator("#conversation-head")).to_contain_text("等待接入")

    first.click(f"#take-{talk.id}")

    expect(second.locator("#conversation-head")).to_contain_text("王芳 正在接待")
    expect(second.locator("#reply-text")).to_have_count(0)


def test_ending_asks_first(sit_down: SitDown, talk: Talk):
    page = sit_down("王芳")
    talk.waits()
    page.click(f"#take-{talk.id}")

    page.click("#conversation-head >> text=结束")
    page.click("#confirm >> text=取消")
    expect(page.locator("#conversation-head")).to_contain_text("您正在接待")
    page.click("#conversation-head >> text=结束")
    page.click("#confirm >> text=确定")

    expect(page.locator("#conversation-head")).to_contain_text("已结束")


def test_on_a_tablet_nothing_sticks_out_and_the_context_slides_in(sit_down: SitDown, talk: Talk):
    page = sit_down("王芳", viewport=TABLET)
    talk.waits()
    page.click(f"#take-{talk.id}")
    expect(page.locator("#reply-text")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") == TABLET["width"]
    expect(page.locator("#context")).to_be_hidden()
    page.click("[data-toggle-context]")
    expect(page.locator("#context")).to_contain_text("市民要求人工")
