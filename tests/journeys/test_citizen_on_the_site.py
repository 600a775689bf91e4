"""A citizen uses the office's own site: talks, is taken over by a person, and is known again."""

import re

import pytest
from playwright.sync_api import Page, expect

from launch.supervisor import Desk
from tests.journeys.conftest import SitDown
from tests.journeys.windows import PATIENCE_MS, PHONE, NewWindow, Phone

pytestmark = [pytest.mark.journey, pytest.mark.rasa, pytest.mark.timeout(300)]

OPERATOR = "tianhui"


def say(page: Page, words: str) -> None:
    page.get_by_label("输入您的问题").fill(words)
    page.get_by_role("button", name="发送", exact=True).click()


def sees(page: Page, words: str) -> None:
    line = page.locator("#talk-lines article").filter(has_text=words)
    expect(line.last).to_be_visible(timeout=PATIENCE_MS)


def test_a_talk_on_the_site_goes_from_the_bot_to_a_person_and_survives_a_reload(
    desk: Desk, new_window: NewWindow, sit_down: SitDown
):
    window = new_window(PHONE)
    page, second_tab = window.new_page(), window.new_page()
    page.goto(f"{desk.settings.public_url}/c/chat")

    say(page, "身份证丢了怎么补办")
    sees(page, "居民身份证法")
    expect(page.get_by_text("机器人自动答复").first).to_be_visible()
    page.locator(".talk-choice").filter(has_text="转人工").last.click()
    expect(page.locator("#talk-status")).to_have_text("正在等待人工坐席", timeout=PATIENCE_MS)
    second_tab.goto(f"{desk.settings.public_url}/c/chat")

    seat = sit_down(OPERATOR, "会话")
    line = seat.page.locator(".line.is-waiting").last
    line.get_by_role("button", name="接入").click()
    expect(seat.page.locator("#conversation-head")).to_contain_text("网站在线咨询")
    expect(seat.page.locator("#conversation-head")).to_contain_text(
        "页面打开中", timeout=PATIENCE_MS
    )
    seat.replies("请带户口簿到派出所户籍窗口办理。")
    for tab in (page, second_tab):
        sees(tab, "请带户口簿到派出所户籍窗口办理。")
    expect(seat.page.locator("#thread .delivery").last).to_contain_text(
        "已送达页面", timeout=PATIENCE_MS
    )

    page.reload()
    sees(page, "请带户口簿到派出所户籍窗口办理。")
    expect(page.locator("#talk-status")).to_have_text("人工坐席正在为您服务")


def test_one_citizen_on_wechat_and_on_the_site_becomes_one_by_consent(
    desk: Desk, phone: Phone, new_window: NewWindow
):
    site = new_window(PHONE).new_page()
    site.goto(f"{desk.settings.public_url}/c/message")
    site.get_by_role("radio", name="建议").check()
    site.get_by_label("内容").fill("建议在幸福路小学门口增设一处斑马线，方便接送孩子。")
    site.get_by_role("button", name="提交").click()
    number = site.locator(".receipt strong").first.inner_text()

    phone.writes("你好")
    phone.sees("您好")
    wechat = phone.chat.context.new_page()
    wechat.goto(f"{desk.settings.public_url}/c/mine")
    wechat.get_by_role("link", name=re.compile("从微信.*进入")).first.click()
    expect(wechat).to_have_url(re.compile(r"/c/mine(#.*)?$"), timeout=PATIENCE_MS)
    expect(wechat.get_by_text(number)).to_have_count(0)
    wechat.get_by_role("link", name="关联我的其他渠道").click()
    wechat.get_by_role("button", name="取得关联码").click()
    code = wechat.locator(".large-code").inner_text()

    site.goto(f"{desk.settings.public_url}/c/mine/identities")
    site.get_by_label("另一个渠道给您的关联码").fill(code)
    site.get_by_role("button", name="下一步").click()
    expect(site.get_by_text("将会共享")).to_be_visible()
    site.get_by_role("button", name="都是我本人，同意关联").click()

    wechat.goto(f"{desk.settings.public_url}/c/mine")
    wechat.get_by_role("link", name=re.compile(number)).click()
    expect(wechat.get_by_role("heading", name="已收到，等待受理")).to_be_visible()
