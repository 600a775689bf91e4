"""The chat page in a real browser, on a phone and on a desk."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.simulator.transcripts import Via
from tests.bot.simulator.conftest import OPENID

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

TAP = '<a href="weixin://bizmsgmenu?msgmenucontent=%E8%BD%AC%E4%BA%BA%E5%B7%A5&msgmenuid=1">找人工</a>'
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
async def browser(chromium) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser, platform) -> AsyncIterator[Page]:
    """The chat on a phone, with 王建国 in view."""
    page = await browser.new_page(viewport=PHONE, locale="zh-CN")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await page.goto(str(platform.http.base_url))
    await expect(page.locator("#title")).to_have_text("清河县人民政府")
    yield page
    await page.close()
    assert complaints == []


def rows(page):
    return page.locator(".row")


async def test_a_citizen_writes_and_reads_the_answer(page, gateway):
    gateway.replies("八点半开门")

    await page.click("#to-input")
    await page.fill("#text", "几点开门？")
    await page.keyboard.press("Enter")

    await expect(rows(page)).to_have_count(2)
    await expect(rows(page).nth(0)).to_have_class("row mine fresh")
    await expect(rows(page).nth(1)).to_contain_text("八点半开门")
    await expect(page.locator("#text")).to_have_value("")


async def test_a_tapped_link_says_its_content(page, gateway):
    gateway.replies(f"没有解决？{TAP}")
    await page.click("#menu-buttons >> text=人工服务")
    await page.locator(".tap").click()

    await expect(rows(page)).to_have_count(3)
    await expect(rows(page).nth(1)).to_contain_text("转人工")
    assert gateway.last.fields["bizmsgmenuid"] == "1"


async def test_markup_in_an_answer_stays_words(page, gateway):
    attack = '<img src=x onerror="document.title=1"><script>document.title=2</script><b>粗</b>'
    gateway.replies(attack)
    await page.click("#menu-buttons >> text=人工服务")

    await expect(rows(page).nth(0)).to_have_text(attack)
    assert await page.locator(".bubble img, .bubble script, .bubble b").count() == 0


async def test_a_sub_menu_opens_and_clicks(page, gateway):
    gateway.replies("请告诉我工单号")
    await page.click("#menu-buttons >> text=办事情")
    await page.click(".submenu >> text=查询进度")

    await expect(page.locator(".submenu")).to_have_count(0)
    await expect(rows(page)).to_have_count(1)
    assert gateway.last.fields["EventKey"] == "STATUS"


async def test_a_picture_is_sent_and_seen(page, gateway):
    gateway.replies("收到照片")
    await page.click("#to-input")
    await page.click("#more")
    await page.click(".tool >> text=拍摄")

    picture = page.locator(".picture img")
    await expect(rows(page)).to_have_count(2)
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    assert gateway.last.fields["MsgType"] == "image"


async def test_a_broken_gateway_shows_the_grey_notice(page, gateway):
    gateway.answer = lambda _received: b"Traceback"
    await page.click("#menu-buttons >> text=人工服务")

    await expect(page.locator(".notice")).to_have_text("该公众号提供的服务出现故障，请稍后再试")


async def test_the_title_says_that_somebody_is_typing(page, platform):
    await page.click("#menu-buttons >> text=人工服务")
    await expect(page.locator(".person-last").first).to_have_text("点击了菜单")
    said = {"touser": OPENID, "command": "Typing"}
    await platform.post("/cgi-bin/message/custom/typing", said)
    await expect(page.locator("#title")).to_have_text("对方正在输入…")

    await platform.send_text(OPENID, "您好")

    await expect(page.locator("#title")).to_have_text("清河县人民政府")
    await expect(rows(page)).to_contain_text("您好")


async def test_a_message_for_somebody_else_waits_as_unread(page, platform, gateway):
    other = platform.wechat.add_citizen(name="李秀英").openid
    gateway.replies("收到")
    await platform.wechat.say(other, "你好")

    await expect(page.locator("#unread")).to_have_text("1")
    await page.click("#open-people")
    await page.click(".person >> text=李秀英")

    await expect(rows(page)).to_have_count(2)
    await expect(page.locator("#unread")).to_be_hidden()


async def test_leaving_and_following_again(page, platform, gateway):
    gateway.replies("欢迎")
    await page.click("#open-profile")
    await page.click("#sheet >> text=不再关注")
    await expect(page.locator("#stranger")).to_be_visible()

    await page.click("#follow")

    await expect(page.locator("#stranger")).to_be_hidden()
    await expect(rows(page).last).to_contain_text("欢迎")
    events = [received.fields["Event"] for received in gateway.received]
    assert events == ["unsubscribe", "subscribe"]


async def test_the_platform_side_shows_pushes_and_switches_faults(page, platform, gateway):
    platform.token = (await platform.stable_token())["access_token"]
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.click("#open-panel")
    await platform.wechat.say(OPENID, "你好")

    await expect(page.locator("details[data-id]")).to_contain_text("空回复")
    await page.get_by_role("switch", name="系统繁忙").click()
    await expect(page.get_by_role("switch", name="系统繁忙")).to_be_checked()

    assert await platform.send_text(OPENID, "您好") == -1
    assert all(e.via is not Via.API for e in platform.wechat.transcripts.of(OPENID))
