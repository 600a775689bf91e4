"""The case screens in a real browser: they follow what happens, and lose nothing typed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from config.settings import Settings
from core.bootstrap import Core
from core.cases import services
from core.cases.states import CaseState
from core.event_log import history
from core.operators.models import Operator
from tests.builders import a_message, an_address, an_operator
from tests.console.cases.files import Files
from tests.console.serving import DESK, TABLET, Served, served, sign_in, wait_until_live

pytestmark = pytest.mark.browser

OpenAs = Callable[..., Page]


@pytest.fixture
def desk(settings: Settings, fresh_core: Core, tmp_path: Path) -> Iterator[Served]:
    with served(settings, fresh_core, tmp_path) as desk:
        yield desk


@pytest.fixture
def files(desk: Served) -> Files:
    return Files(desk.core)


@pytest.fixture
def open_as(browser: Browser, desk: Served) -> Iterator[OpenAs]:
    """Open a page as somebody; whatever a page complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(operator: Operator, path: str, *, viewport: dict[str, int] = DESK) -> Page:
        context = browser.new_context(viewport=viewport, locale="zh-CN")  # type: ignore[arg-type]
        contexts.append(context)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        page = context.new_page()
        sign_in(page, desk.url, operator.login)
        page.goto(f"{desk.url}{path}")
        wait_until_live(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def test_the_page_follows_the_case_without_a_reload(files: Files, open_as: OpenAs):
    case = files.case()
    page = open_as(files.supervisor, f"/cases/{case.number}")
    expect(page.locator("#case-steps")).to_contain_text("没有需要您办理的事项")
    page.evaluate("window.loadedOnce = true")

    files.taken(case.number, "accept")

    expect(page.locator("#case-head .case-tags")).to_contain_text("已受理")
    expect(page.locator("#case-history")).to_contain_text("受理了工单")
    expect(page.locator("[data-step=dispatch]")).to_be_visible()
    assert page.evaluate("window.loadedOnce")


def test_a_unit_hears_of_its_case_too(files: Files, open_as: OpenAs):
    case = files.case(CaseState.REVIEWING)
    page = open_as(files.handler, f"/cases/{case.number}")

    files.taken(case.number, "send_back")

    expect(page.locator("#case-replies")).to_contain_text("请写明修复日期。")
    expect(page.locator("[data-step=draft]")).to_be_visible()


def test_what_is_being_typed_survives_a_change_of_the_case(files: Files, open_as: OpenAs):
    case = files.case(CaseState.HANDLING)
    page = open_as(files.handler, f"/cases/{case.number}")
    text = "您好，经现场核查，路灯已经修复，感谢您的监督。"
    page.fill("#draft-text", text)

    with files.core.unit_of_work() as uow:
        files.take_urge(uow, case.number)
    expect(page.locator("#steps-changed")).to_be_visible()
    expect(page.locator("#case-history")).to_contain_text("催办")
    expect(page.locator("#draft-text")).to_have_value(text)
    page.click("[data-look-again]")

    expect(page.locator("#draft-text")).to_have_value(text)
    expect(page.locator("#steps-changed")).to_be_hidden()
    page.click("text=提交审核")
    expect(page.locator("#case-replies")).to_contain_text(text)


def test_a_stale_form_comes_back_with_its_text(files: Files, open_as: OpenAs):
    case = files.case()
    page = open_as(files.dispatcher, f"/cases/{case.number}")
    page.route("**/steps", lambda route: route.fulfill(status=204))  # its picture is an old one
    page.click("summary:has-text('不予受理')")
    page.select_option("#reject-reason", "no_facts")
    page.fill("#reject-explanation", "请补充时间、地点和经过。")

    with files.core.unit_of_work() as uow:
        colleague = an_operator(uow, display_name="曹瑜")
    with files.core.unit_of_work() as uow:
        services.acknowledge_case(uow, case.number, actor=f"operator:{colleague.id}")
    page.click("text=决定不予受理")

    expect(page.locator(".step-refusal")).to_contain_text("曹瑜已向市民作出初步回应")
    expect(page.locator("#reject-explanation")).to_have_value("请补充时间、地点和经过。")
    page.click("text=决定不予受理")
    expect(page.locator("#case-replies")).to_contain_text("请补充时间、地点和经过。")


def test_the_opened_contact_stays_open_while_the_page_goes_on(files: Files, open_as: OpenAs):
    case = files.case(CaseState.HANDLING)
    page = open_as(files.handler, f"/cases/{case.number}")

    page.click("text=查看联系方式")

    expect(page.locator("#case-contact")).to_contain_text("13800001234")
    expect(page.locator("#case-history")).to_contain_text("查看了市民的联系方式")
    expect(page.locator("#case-contact")).to_contain_text("13800001234")


def test_a_reason_brings_its_words_but_never_over_own_ones(files: Files, open_as: OpenAs):
    page = open_as(files.dispatcher, f"/cases/{files.case().number}")
    page.click("summary:has-text('不予受理')")
    words = page.locator("#reject-explanation")

    page.select_option("#reject-reason", "litigation")
    assert "12368" in words.input_value()
    page.select_option("#reject-reason", "discipline")
    assert "12388" in words.input_value()
    words.fill("我自己写的说明")
    page.select_option("#reject-reason", "arbitration")

    expect(words).to_have_value("我自己写的说明")


def test_the_checklist_follows_what_is_written(files: Files, open_as: OpenAs):
    case = files.case(CaseState.HANDLING)
    page = open_as(files.handler, f"/cases/{case.number}")

    page.fill("#draft-text", "我们会尽快处理，请联系张三 13800001234。")
    expect(page.locator("#reply-check")).to_contain_text("时间含糊：“尽快”")
    expect(page.locator("#reply-check")).to_contain_text("疑似个人手机号")

    page.fill("#draft-text", "经现场核查，灯已修复。")
    expect(page.locator("#reply-check li.is-there")).to_contain_text(["事实"])
    expect(page.locator("#reply-check")).not_to_contain_text("尽快")


def test_a_double_click_does_it_once(files: Files, open_as: OpenAs):
    case = files.case(CaseState.DISPATCHED)
    page = open_as(files.handler, f"/cases/{case.number}")

    page.dblclick("button:has-text('签收')")

    expect(page.locator("#case-head .case-tags")).to_contain_text("办理中")
    expect(page.locator(".step-refusal")).to_have_count(0)
    with files.core.unit_of_work() as uow:
        events = [event.type for event in history(uow.session, f"case:{case.number}")]
    assert events.count("CaseSignedFor") == 1


def test_ticked_messages_become_the_content(files: Files, open_as: OpenAs):
    who = an_address()
    with files.core.unit_of_work() as uow:
        operator = an_operator(uow)
        said = [
            a_message(uow, address=who, text=text)
            for text in ("我们小区电梯停了两天了", "三号楼", "老人上不了楼，请帮忙协调")
        ]
    page = open_as(operator, f"/cases/new?conversation={said[0].conversation_id}")
    content = page.locator("[data-filled-by=messages]")
    expect(content).to_have_value("我们小区电梯停了两天了\n老人上不了楼，请帮忙协调")

    page.check(f"input[value='{said[1].id}']")
    expect(content).to_have_value("我们小区电梯停了两天了\n老人上不了楼，请帮忙协调\n三号楼")
    page.uncheck(f"input[value='{said[0].id}']")
    expect(content).to_have_value("老人上不了楼，请帮忙协调\n三号楼")
    page.click(".choice:has-text('求助')")
    page.click("button:has-text('登记')")

    expect(page.locator(".receipt")).to_contain_text("已发送到市民的聊天中")


def test_the_list_follows_and_filters_submit_themselves(files: Files, open_as: OpenAs):
    page = open_as(files.supervisor, "/cases/")
    expect(page.locator("#case-list")).to_contain_text("还没有工单")

    case = files.case(title="人民路路灯不亮")
    expect(page.locator("#case-list")).to_contain_text("人民路路灯不亮")
    page.select_option("select[name=due]", "overdue")
    expect(page.locator("#case-list")).to_contain_text("没有符合条件的工单")
    assert page.url.endswith("/cases/?due=overdue")

    page.click("text=清除")
    expect(page.locator("#case-list")).to_contain_text(case.number)
    files.taken(case.number, "accept")
    expect(page.locator("#case-list td .tag", has_text="已受理")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESK, TABLET, {"width": 820, "height": 1180}])
def test_nothing_sticks_out(files: Files, open_as: OpenAs, viewport: dict[str, int]):
    words = "很长的没有空格的内容" * 30 + "https://example.com/" + "x" * 200
    case = files.case(CaseState.REVIEWING, content=words, place=words[:200])

    for operator, path in (
        (files.head, f"/cases/{case.number}"),
        (files.supervisor, "/cases/"),
        (files.dispatcher, "/cases/new"),
    ):
        page = open_as(operator, path, viewport=viewport)
        widths = page.evaluate(
            "[document.documentElement.scrollWidth, document.querySelector('.page').scrollWidth,"
            " document.querySelector('.page').clientWidth]"
        )
        assert widths[0] == viewport["width"]
        assert widths[1] == widths[2]
