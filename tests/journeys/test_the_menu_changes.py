"""The menu at the foot of the chat: as seeded, and as an editor and a second person change it."""

import pytest
from playwright.sync_api import expect

from launch.supervisor import Desk
from tests.journeys.conftest import SitDown
from tests.journeys.windows import PATIENCE_MS, Phone

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.rasa, pytest.mark.timeout(300)]

QUESTION = "结婚登记需要什么材料？"
NEW_BUTTON = "结婚登记材料"


def test_a_fresh_desk_has_its_menu_for_everybody_and_one_for_a_group(desk: Desk, phone: Phone):
    phone.opens_menu("我的办件", "查询办理进度")
    phone.sees("还没有登记过诉求")

    phone.opens_menu("办事指南", "切换群体菜单")
    phone.sees("请选择")
    phone.taps("企业")

    # The platform shows the other menu once the tag is there.
    phone.shows_button("企业办事")
    phone.sees("企业")
    phone.taps("使用通用菜单")
    phone.shows_button("办事指南")


def test_a_changed_menu_reaches_citizens_after_a_second_person_has_published_it(
    sit_down: SitDown, phone: Phone
):
    editor = sit_down("yuwen", "菜单").page
    editor.get_by_role("button", name="修改菜单").click()
    guide = editor.locator("#button-0")
    guide.get_by_role("button", name="添加子菜单按钮").click()
    added = editor.locator(r"#button-0\.4")
    added.get_by_label("名称").fill("这个名称对于子菜单来说实在是太长太长太长了")
    added.get_by_label("点击后").select_option(label="知识条目")
    added.get_by_label("知识条目").select_option(label=QUESTION)
    expect(added.locator(".field-error")).to_be_visible()

    # What the platform would refuse is told at the field, and nothing that was typed is lost.
    added.get_by_label("名称").fill(NEW_BUTTON)
    added.get_by_label("名称").blur()
    expect(added.locator(".field-error")).to_have_count(0)
    expect(editor.get_by_label("菜单预览")).to_contain_text(NEW_BUTTON)
    editor.get_by_role("button", name="保存并提交发布").click()
    expect(editor.get_by_text("等待另一位同事核对发布")).to_be_visible()
    expect(editor.get_by_role("button", name="确认发布")).to_have_count(0)
    assert NEW_BUTTON not in phone.menu("办事指南")

    reviewer = sit_down("luominzhi", "菜单").page
    expect(reviewer.locator(".menu-changes ins")).to_contain_text([NEW_BUTTON])
    reviewer.get_by_role("button", name="确认发布").click()

    # The editor's page tells that it is out, and that the platform shows the same.
    expect(editor.locator("#menu-status")).to_contain_text("罗敏之 发布", timeout=PATIENCE_MS)
    expect(editor.locator("#menu-status")).to_contain_text("与平台一致", timeout=PATIENCE_MS)
    phone.opens_menu("办事指南", NEW_BUTTON)
    phone.sees("婚姻登记条例", "智能助手自动答复")
