"""The whole way in browsers: from a question in the chat to a rated answer."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SitDown
from tests.journeys.windows import PATIENCE_MS, Phone

pytestmark = [
    pytest.mark.journey,
    pytest.mark.browser,
    pytest.mark.rasa,
    pytest.mark.timeout(300),
]

# Accounts of the demo: two at the desk, one who dispatches, two of the police bureau.
OPERATOR, COLLEAGUE = "tianhui", "liuyang"
DISPATCHER = "zhaomin"
HANDLER, UNIT_HEAD = "duanfang", "jianghaitao"

NOTE = "户政中队说外省户口也可以在本地采集指纹，等他们的书面答复"
REPLY = "周女士，您好。您可以在清河县任一派出所申请异地补领，当场采集指纹，60日内领取新证。"


def ask_for_a_person(phone: Phone) -> None:
    phone.writes("身份证丢了怎么补办")
    phone.sees("《中华人民共和国居民身份证法》", "智能助手自动答复")
    phone.taps("转人工")
    phone.sees("已为您转接人工坐席")


def test_a_question_becomes_a_case_that_is_answered_and_rated(phone: Phone, sit_down: SitDown):
    matter = "我户口在外省，这里的派出所让我回老家办，能帮我协调吗"

    # The bot answers with its source; the citizen wants a person.
    operator = sit_down(OPERATOR, "会话")
    with operator.without_reloading():
        ask_for_a_person(phone)
        operator.takes_over(phone)
        phone.sees("坐席 田慧 已接入")
        phone.writes(matter)
        operator.reads(matter)
        operator.notes(NOTE)
        operator.replies("您好，异地也可以补领，我帮您登记，请公安局答复您。")
        phone.sees("异地也可以补领")
        phone.writes("好的，谢谢您")
        operator.reads("好的，谢谢您")

    # The operator registers a case, and the citizen is told how to follow it.
    number, query_code = operator.registers_case(
        "求助", title="外省户口要求在本县补领身份证", place="清河县城关派出所"
    )
    phone.sees(number, query_code)

    # The case goes to the police bureau, whose handler drafts and whose head releases.
    dispatcher = sit_down(DISPATCHER, "工单")
    dispatcher.opens_case(number)
    dispatcher.takes_step("受理")
    phone.sees(number, "已受理")
    dispatcher.dispatches_to("公安局")
    dispatcher.sees_state("待签收")

    handler = sit_down(HANDLER, "工单")
    handler.opens_case(number)
    handler.takes_step("签收")
    phone.sees(number, "已由公安局签收")
    handler.step("拟写答复").get_by_label("答复内容").fill(REPLY)
    handler.takes_step("拟写答复")

    head = sit_down(UNIT_HEAD, "工单")
    head.opens_case(number)
    expect(head.page.locator("#case-replies")).to_contain_text(REPLY)
    head.takes_step("审核通过并答复市民")
    phone.sees(REPLY, "答复单位：公安局")
    dispatcher.sees_state("已答复")

    # The citizen looks the case up and rates the answer, which closes it.
    page = phone.looks_up(number, query_code)
    expect(page.get_by_role("heading", name="已答复")).to_be_visible()
    expect(page.get_by_text(REPLY)).to_be_visible()
    page.get_by_text("非常满意", exact=True).click()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("评价已收到")).to_be_visible()
    expect(page.get_by_role("heading", name="已办结")).to_be_visible()
    dispatcher.sees_state("已办结")

    # What was written for colleagues stayed with them.
    assert not phone.shows(NOTE)
    assert not any(NOTE in text for text in phone.citizen.heard())
    assert NOTE not in page.locator("body").inner_text()


def test_of_two_operators_one_gets_the_conversation_and_the_other_hears_who(
    phone: Phone, sit_down: SitDown
):
    seats = {"田慧": sit_down(OPERATOR, "会话"), "刘洋": sit_down(COLLEAGUE, "会话")}
    ask_for_a_person(phone)

    # Both click at the same moment: half a second from now by the machine's clock.
    moment = phone.chat.evaluate("Date.now()") + 500
    for seat in seats.values():
        seat.waiting(phone).get_by_role("button", name="接入").evaluate(
            "(button, moment) => { setTimeout(() => button.click(), moment - Date.now()) }", moment
        )

    phone.sees("已接入，正在为您服务")
    faster = next(name for name in seats if phone.shows(f"坐席 {name} 已接入"))
    slower = next(name for name in seats if name != faster)
    expect(seats[faster].page.locator("#reply-text")).to_be_visible(timeout=PATIENCE_MS)
    expect(seats[slower].page.locator("#toasts")).to_contain_text(f"已由坐席 {faster} 接手")
    assert not phone.shows(f"坐席 {slower} 已接入")


def test_an_operator_who_was_cut_off_catches_up_without_reloading(phone: Phone, sit_down: SitDown):
    operator = sit_down(OPERATOR, "会话")
    ask_for_a_person(phone)
    operator.takes_over(phone)

    with operator.without_reloading():
        operator.window.set_offline(True)
        operator.is_cut_off()
        phone.writes("断线的时候我说了一句")
        phone.writes("又说了一句")
        operator.window.set_offline(False)

        operator.reads("断线的时候我说了一句")
        operator.reads("又说了一句")
        operator.is_live()
    expect(operator.page).to_have_url(re.compile(r"/desk/\d+$"))
