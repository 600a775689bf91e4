"""An editor adds a question, is warned of a clash, and a second person lets it through."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.windows import Phone

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.rasa]

QUESTION = "图书馆的自习室怎么预约？"
VARIANTS = ["自习室预约", "想去图书馆自习怎么占座", "图书馆自习室要提前约吗"]


def test_an_editor_adds_a_question_and_a_second_person_approves_it(sit_down: SitDown):
    editor = sit_down("yuwen", "知识").page
    editor.get_by_role("link", name="新增条目").click()
    editor.get_by_label("标准问法").fill(QUESTION)
    editor.locator("#topic").select_option(label="其他民生")
    editor.get_by_role("button", name="下一步：填写内容").click()

    # Typing a form that belongs to another entry is warned of, whoever has asked it before.
    forms = editor.locator("#variants")
    forms.focus()
    forms.press_sequentially("结婚登记需要什么材料")
    expect(editor.locator("#near")).to_contain_text("与其他条目的问法相同")
    expect(editor.locator("#near")).to_contain_text("结婚登记需要什么材料？")
    expect(editor.locator("#understood")).to_contain_text("现在的机器人会怎样理解")
    expect(editor.locator("#understood")).to_contain_text("%")
    forms.fill("\n".join(VARIANTS))
    expect(editor.locator("#variant-count")).to_contain_text("3 种")

    # An answer is needed before anybody reviews it, and nothing that was typed is lost.
    editor.locator(".page-actions").get_by_role("button", name="提交审核").click()
    expect(editor.locator("#error-answer")).to_contain_text("请填写答案")
    expect(editor.locator("#variants")).to_have_value("\n".join(VARIANTS))
    editor.locator("#answer").fill("在图书馆公众号“座位预约”里提前一天预约，凭身份证入座。")
    expect(editor.locator("#preview .bubble").first).to_contain_text("提前一天预约")
    editor.get_by_label("平台规则").check()
    editor.locator("#note").fill("市民常问")
    editor.locator(".page-actions").get_by_role("button", name="提交审核").click()
    expect(editor.get_by_text("不能由自己审核")).to_be_visible()

    reviewer = sit_down("luominzhi", "知识").page
    reviewer.get_by_role("link", name="修改与审核").click()
    reviewer.get_by_role("link", name=QUESTION).click()
    expect(reviewer.locator("[data-part=variants] ins").last).to_contain_text("提前约吗")
    reviewer.get_by_role("button", name="通过").click()

    expect(reviewer.locator("#change-state")).to_contain_text("已通过")
    # What the editor has open tells it without being asked.
    expect(editor.locator("#change-state")).to_contain_text("已通过")


def test_an_edited_answer_reaches_the_next_citizen_at_once(sit_down: SitDown, phone: Phone):
    editor = sit_down("yuwen", "知识").page
    editor.goto(editor.url.rstrip("/") + "/marriage_other_place")
    editor.get_by_role("button", name="修改").click()
    answer = editor.locator("#answer")
    answer.fill("【新】" + answer.input_value())
    expect(editor.locator("#save-state")).to_have_text("已自动保存", timeout=10_000)
    editor.locator(".page-actions").get_by_role("button", name="提交审核").click()
    change = editor.url
    expect(editor.get_by_text("不能由自己审核")).to_be_visible()

    reviewer = sit_down("luominzhi", "知识").page
    reviewer.goto(change)
    reviewer.get_by_role("button", name="通过").click()
    expect(reviewer.locator("#change-state")).to_contain_text("已生效")

    phone.writes("可以在外地登记结婚吗？")
    phone.sees("【新】")
