"""Nothing is missed and nothing is shown twice, whatever breaks."""

import os
import re
import signal

import pytest
from playwright.sync_api import expect
from redis import Redis

from core.bootstrap import Core
from launch.embedded import EmbeddedServer
from tests.console.desk.conversations import Talk
from tests.console.in_browser.pages import SitDown, shown, wait_until_live

pytestmark = pytest.mark.browser

# More pages than connections a browser opens to one address.
MANY_PAGES = 8


def test_what_is_said_in_a_burst_is_shown_once_and_in_order(sit_down: SitDown, talk: Talk):
    page = sit_down("王芳")
    talk.waits()
    page.goto(f"{page.url}{talk.id}")
    wait_until_live(page)

    for number in range(40):
        talk.citizen_says(f"第{number}句")

    expect(page.locator("text=第39句").last).to_be_visible()
    assert shown(page) == [message.seq for message in talk.messages()]


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


def test_what_could_not_be_fetched_is_asked_for_again(sit_down: SitDown, talk: Talk):
    talk.waits()
    page = sit_down("王芳")
    page.goto(f"{page.url}{talk.id}")
    wait_until_live(page)
    last = page.locator(".message.is-citizen").last
    talk.citizen_says("这一句取到了")
    expect(last).to_contain_text("这一句取到了")

    page.route("**/news?*", lambda route: route.fulfill(status=502), times=1)
    with page.expect_response(lambda answer: answer.status == 502):
        talk.citizen_says("这一句第一次没取到")

    expect(last).to_contain_text("这一句第一次没取到", timeout=30_000)


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
