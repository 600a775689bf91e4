"""Citizens' pages on a phone without scripts: readable, tappable, nothing sticks out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from config.settings import Settings
from core.bootstrap import Core
from core.cases.states import CaseState
from tests.console.cases.files import ANSWER, Files
from tests.console.serving import PHONE, Served, served

pytestmark = pytest.mark.browser

# 移动互联网应用适老化通用设计规范: 18 dp for words and 60 dp for targets in the elder version.
PLAIN = {"smallest_word": 16, "smallest_target": 44}
ELDER = {"smallest_word": 18, "smallest_target": 60}
ENOUGH_CONTRAST = 4.5

WORDS = """() => {
  const found = [];
  const luminance = ([r, g, b]) => {
    const part = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const colour = (text) => text.match(/[\\d.]+/g).map(Number);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || element.closest('.skip')) continue;
    const style = getComputedStyle(element);
    let ground = element;
    while (ground && (colour(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0)
      ground = ground.parentElement;
    const under = ground ? colour(getComputedStyle(ground).backgroundColor) : [255, 255, 255];
    const [light, dark] =
      [luminance(colour(style.color)), luminance(under)].sort((a, b) => b - a);
    found.push({
      text: walker.currentNode.textContent.trim().slice(0, 20),
      size: parseFloat(style.fontSize),
      contrast: (light + 0.05) / (dark + 0.05),
    });
  }
  return found;
}"""
# A link within a sentence is as high as its line; everything else is made for a finger.
TARGETS = """() => [...document.querySelectorAll(
    'main a.weui-btn, button, input.weui-input, textarea, label.weui-cell, .top a, .bottom a,'
    + '.timeline a')].map((target) => ({
  text: target.textContent.trim().slice(0, 20),
  height: target.getBoundingClientRect().height,
}))"""


@pytest.fixture
def desk(settings: Settings, fresh_core: Core, tmp_path: Path) -> Iterator[Served]:
    with served(settings, fresh_core, tmp_path) as desk:
        yield desk


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        is_mobile=True,
        has_touch=True,
        java_script_enabled=False,
        locale="zh-CN",
    )
    yield context.new_page()
    context.close()


def check(page: Page, *, smallest_word: int, smallest_target: int) -> None:
    words, targets = page.evaluate(WORDS), page.evaluate(TARGETS)
    assert words
    assert targets
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert [each for each in words if each["size"] < smallest_word] == []
    assert [each for each in words if each["contrast"] < ENOUGH_CONTRAST] == []
    assert [each for each in targets if each["height"] < smallest_target] == []


@pytest.mark.parametrize(("version", "measure"), [("0", PLAIN), ("1", ELDER)])
def test_every_page_can_be_read_and_tapped(
    desk: Served, phone: Page, version: str, measure: dict[str, int]
):
    files = Files(desk.core)
    states = (CaseState.SUBMITTED, CaseState.REJECTED, CaseState.HANDLING, CaseState.REPLIED)
    cases = [files.case(state, content="没有空格的长句" * 40 + "x" * 200) for state in states]

    phone.goto(f"{desk.url}/c/?elder={version}")
    check(phone, **measure)
    phone.goto(f"{desk.url}/c/nowhere")
    check(phone, **measure)
    for case in cases:
        phone.goto(f"{desk.url}/c/case")
        phone.fill("#number", case.number)
        phone.fill("#code", "000000" if case.query_code != "000000" else "000001")
        phone.click("button:has-text('查询')")
        expect(phone.locator(".refusal")).to_contain_text("没有查到")
        check(phone, **measure)
        phone.fill("#code", case.query_code)
        phone.click("button:has-text('查询')")
        expect(phone.locator(".status-number")).to_contain_text(case.number)
        check(phone, **measure)


def test_a_citizen_reads_the_answer_and_rates_it(desk: Served, phone: Page):
    case = Files(desk.core).case(CaseState.REPLIED)
    phone.goto(f"{desk.url}/c/")
    phone.click("text=查询办理进度")
    phone.fill("#number", case.number)
    phone.fill("#code", case.query_code)
    phone.click("button:has-text('查询')")
    expect(phone.locator(".reply")).to_contain_text(ANSWER)

    phone.click("label:has-text('基本满意')")
    phone.fill("#comment", "修得还算及时")
    phone.click("text=提交评价")

    expect(phone.locator(".notice")).to_contain_text("感谢您的反馈")
    expect(phone.locator("body")).to_contain_text("修得还算及时")
    expect(phone.locator("text=提交评价")).to_have_count(0)
    phone.click("text=结束查询")
    expect(phone).to_have_url(f"{desk.url}/c/")
