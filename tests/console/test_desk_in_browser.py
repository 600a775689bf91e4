"""The desk in a real browser, two people at it, over a real Redis."""

import dataclasses
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from redis import Redis
from werkzeug.serving import make_server

from config.settings import Settings
from console.app import create_app
from core.adapters.redis_events import RedisEvents
from core.bootstrap import Core
from core.clock import utc_now
from core.operators.models import Operator
from launch.embedded import EmbeddedServer, start_valkey
from tests.builders import PASSWORD, an_operator
from tests.console.desk.conversations import Talk

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 900}
TABLET = {"width": 1024, "height": 768}
# A refusal is told by a status, which a browser and htmx note as an error.
EXPECTED = re.compile(r"Failed to load resource|Response Status Error Code (?:401|403|409|422)")
# More pages than connections a browser opens to one address.
MANY_PAGES = 8


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedServer]:
    with start_valkey(tmp_path) as valkey:
        yield valkey


@pytest.fixture
def live_core(fresh_core: Core, valkey: EmbeddedServer) -> Iterator[Core]:
    """A core that commits, tells Redis and goes with the time."""
    with Redis.from_url(valkey.url, socket_timeout=2) as redis:
        yield dataclasses.replace(fresh_core, publish=RedisEvents(redis).publish, clock=utc_now)


@pytest.fixture
def address(settings: Settings, live_core: Core, valkey: EmbeddedServer) -> Iterator[str]:
    with Redis.from_url(valkey.url, socket_timeout=2, socket_connect_timeout=1) as redis:
        app = create_app(settings, live_core, redis)
        with served(app) as url:
            yield url


class served:  # noqa: N801 - reads as a verb
    """Answer requests of browsers in threads of its own until the block is left."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._app.extensions["live"].stop()
        self._app.extensions["live"].join()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


SitDown = Callable[..., Page]


@pytest.fixture
def sit_down(browser: Browser, address: str, live_core: Core) -> Iterator[SitDown]:
    """Open the desk as a new operator; whatever the browser complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_desk(name: str, *, viewport: dict[str, int] = DESK) -> Page:
        with live_core.unit_of_work() as uow:
            operator: Operator = an_operator(uow, display_name=name)
        context = browser.new_context(viewport=viewport, locale="zh-CN")  # type: ignore[arg-type]
        contexts.append(context)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and not EXPECTED.search(said.text)
                else None
            ),
        )
        page = context.new_page()
        page.goto(f"{address}/desk/")
        page.fill("#login", operator.login)
        page.fill("#password", PASSWORD)
        page.click("text=登录")
        wait_until_live(page)
        return page

    yield open_desk
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def talk(live_core: Core) -> Talk:
    return Talk(live_core)


def wait_until_live(page: Page) -> None:
    expect(page.locator("#live-state")).to_have_attribute("data-state", "connected")


def shown(page: Page) -> list[int]:
    """Return the sequence numbers on the page, in their order."""
    numbers: list[int] = page.eval_on_selector_all(
        "article.message", "lines => lines.map(line => Number(line.dataset.seq))"
    )
    return numbers


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


def test_what_is_said_in_a_burst_is_shown_once_and_in_order(sit_down: SitDown, talk: Talk):
    page = sit_down("王芳")
    talk.waits()
    page.goto(f"{page.url}{talk.id}")
    wait_until_live(page)

    for number in range(40):
        talk.citizen_says(f"第{number}句")

    expect(page.locator("text=第39句").last).to_be_visible()
    assert shown(page) == [message.seq for message in talk.messages()]


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


def test_many_open_pages_share_one_stream_and_all_hear(sit_down: SitDown, talk: Talk):
    talk.waits()
    first = sit_down("王芳")
    pages = [first]
    for _ in range(MANY_PAGES):
        page = first.context.new_page()
        page.goto(f"{first.url}{talk.id}")
        wait_until_live(page)
        pages.append(page)

    talk.citizen_says("大家都听到了吗")
    for page in pages[1:]:
        expect(page.locator(".message.is-citizen").last).to_contain_text("大家都听到了吗")

    first.close()  # another page takes the stream over
    talk.citizen_says("还在吗")
    for page in pages[1:]:
        expect(page.locator(".message.is-citizen").last).to_contain_text("还在吗")


def test_nothing_is_missed_while_redis_is_away(
    sit_down: SitDown, talk: Talk, valkey: EmbeddedServer
):
    talk.waits()
    page = sit_down("王芳")
    page.goto(f"{page.url}{talk.id}")
    wait_until_live(page)
    with Redis.from_url(valkey.url) as redis:
        pid = redis.info("server")["process_id"]

    os.kill(pid, signal.SIGSTOP)
    expect(page.locator("#live-state")).to_have_attribute(
        "data-state", "disconnected", timeout=30_000
    )
    talk.citizen_says("Redis 停了也要看到")
    expect(page.locator(".message.is-citizen").last).to_contain_text("停了也要看到", timeout=30_000)
    os.kill(pid, signal.SIGCONT)

    expect(page.locator("#live-state")).to_have_attribute("data-state", "connected", timeout=30_000)
    talk.citizen_says("又通了")
    expect(page.locator(".message.is-citizen").last).to_contain_text("又通了")
    assert shown(page) == [message.seq for message in talk.messages()]


def test_a_session_that_ended_leads_back_to_the_same_place(
    sit_down: SitDown, talk: Talk, live_core: Core
):
    talk.waits()
    page = sit_down("王芳")
    page.goto(f"{page.url}{talk.id}")
    wait_until_live(page)

    page.context.clear_cookies()
    talk.citizen_says("有新消息")

    expect(page).to_have_url(re.compile(rf"/sign-in\?next=/desk/{talk.id}$"))


def test_on_a_tablet_nothing_sticks_out_and_the_context_slides_in(sit_down: SitDown, talk: Talk):
    page = sit_down("王芳", viewport=TABLET)
    talk.waits()
    page.click(f"#take-{talk.id}")
    expect(page.locator("#reply-text")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") == TABLET["width"]
    expect(page.locator("#context")).to_be_hidden()
    page.click("[data-toggle-context]")
    expect(page.locator("#context")).to_contain_text("市民要求人工")


def test_when_reading_above_a_new_message_does_not_pull_down(sit_down: SitDown, talk: Talk):
    for number in range(40):
        talk.citizen_says(f"第{number}句")
    page = sit_down("王芳")
    page.goto(f"{page.url}{talk.id}")
    wait_until_live(page)
    page.evaluate("document.getElementById('thread').scrollTop = 0")
    expect(page.locator("#thread-new")).to_be_hidden()

    talk.citizen_says("新的一句")

    expect(page.locator("#thread-new")).to_be_visible()
    assert page.evaluate("document.getElementById('thread').scrollTop") == 0
    page.click("#thread-new")
    expect(page.locator("text=新的一句").last).to_be_in_viewport()
