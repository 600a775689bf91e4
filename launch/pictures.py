"""`python -m launch.pictures`: the README's pictures, taken from the running product."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from launch.failures import LaunchFailed
from launch.programs import ROOT
from launch.supervisor import Desk
from launch.terminal import say
from setup.browser import HOW_TO_GET_ONE, find_chromium

PICTURES = ROOT / "docs" / "images"
PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1440, height=900)
PATIENCE_MS = 30_000

# People and matters of config/seeds.
CITIZEN, QUESTION = "周雨桐", "补办身份证要交多少钱"
CHAT_QUESTION = "结婚登记要带什么材料"
EDITED_QUESTION, NEAR_FORM = "办身份证要交多少钱？", "身份证丢了怎么补办"
TALKED_WORDS = "问到了吗"
CASE_UNDER_REVIEW = "建议缩短人民广场景观灯亮灯时间"
CASE_ANSWERED = "服装厂拖欠两个月工资"


@dataclass(frozen=True)
class Studio:
    """A running desk, and windows to look at it."""

    desk: Desk
    browser: Browser

    def window(self, size: ViewportSize, *, sharpness: float = 1) -> Page:
        context = self.browser.new_context(
            viewport=size,
            device_scale_factor=sharpness,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        return context.new_page()

    def seat(self, login: str, path: str) -> Page:
        """Return the page that a member of staff has open."""
        page = self.window(DESK)
        page.goto(self.desk.url("console") + path)
        page.get_by_label("用户名").fill(login)
        page.get_by_label("密码").fill(self.desk.settings.demo_password.get_secret_value())
        page.get_by_role("button", name="登录").click()
        expect(page.locator("#live-state")).to_have_attribute("data-state", "connected")
        return page

    def phone(self, path: str, *, of: str = "console") -> Page:
        page = self.window(PHONE, sharpness=2)
        page.goto(self.desk.url(of) + path)
        return page


def simulator(studio: Studio) -> Page:
    page = studio.phone("/", of="simulator")
    page.get_by_label("返回市民列表").click()
    page.get_by_role("listitem").filter(has_text=CITIZEN).click()
    page.get_by_role("button", name="关注公众号").click()
    expect(page.locator(".bubble").last).to_contain_text("欢迎关注")
    page.get_by_label("切换到输入").click()
    page.get_by_label("输入消息").fill(QUESTION)
    page.get_by_label("输入消息").press("Enter")
    expect(page.locator(".bubble").last).to_contain_text("智能助手自动答复")
    page.get_by_label("切换到菜单").click()
    return page


def web_chat(studio: Studio) -> Page:
    page = studio.phone("/c/chat")
    page.get_by_label("输入您的问题").fill(CHAT_QUESTION)
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#talk-lines .talk-line.is-bot").last).to_contain_text("依据")
    expect(page.locator("#talk-typing")).to_be_hidden()
    asked = page.locator("#talk-lines .talk-line", has_text=CHAT_QUESTION).first
    asked.evaluate("line => { line.scrollIntoView({ block: 'start' }); scrollTo(0, 0) }")
    return page


def conversation(studio: Studio) -> Page:
    page = studio.seat("liuyang", "/desk/")
    page.locator(".line-link:not(.is-recent)").filter(has_text=TALKED_WORDS).click()
    reason = page.locator("details.reason").first
    reason.locator("summary").click()
    reason.evaluate("reason => reason.scrollIntoView({ block: 'start' })")
    return page


def case(studio: Studio) -> Page:
    page = studio.seat("luguangping", "/cases/")
    page.get_by_role("link", name=CASE_UNDER_REVIEW).click()
    expect(page.locator("#case-steps")).to_contain_text("审核通过并答复市民")
    return page


def editor(studio: Studio) -> Page:
    page = studio.seat("yuwen", f"/knowledge/?words={EDITED_QUESTION}")
    page.get_by_role("link", name=EDITED_QUESTION).click()
    page.get_by_role("button", name="修改").click()
    expect(page.locator("#preview")).to_contain_text("依据")
    forms = page.get_by_label("相似问法")
    forms.press("Control+End")
    forms.press_sequentially(f"\n{NEAR_FORM}")
    expect(page.locator("#near")).to_contain_text(NEAR_FORM)
    forms.evaluate("field => field.blur()")
    return page


def citizen_case(studio: Studio) -> Page:
    staff = studio.seat("zhaomin", f"/cases/?words={CASE_ANSWERED}")
    staff.get_by_role("link", name=CASE_ANSWERED).click()
    staff.get_by_role("link", name="查询回执").click()
    numbers = staff.locator(".receipt-large")
    expect(numbers).to_have_count(2)
    number, query_code = numbers.all_inner_texts()
    page = studio.phone("/c/case")
    page.get_by_label("工单号").fill(number)
    page.get_by_label("查询码").fill(query_code)
    page.get_by_role("button", name="查询").click()
    expect(page.locator("main")).to_contain_text(CASE_ANSWERED)
    return page


SCENES = (simulator, web_chat, citizen_case, conversation, case, editor)


@contextmanager
def studio() -> Iterator[Studio]:
    chromium = find_chromium()
    if chromium is None:
        raise LaunchFailed(HOW_TO_GET_ONE)
    with (
        TemporaryDirectory(prefix="desk-pictures-") as folder,
        Desk(Path(folder), say=say) as running,
        sync_playwright() as playwright,
    ):
        # The language of the browser itself decides how dates are written in their fields.
        arguments = ["--no-sandbox", "--hide-scrollbars", "--lang=zh-CN"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield Studio(running, browser)
        browser.close()


def take(scene_of: Studio) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for scene in SCENES:
        page = scene(scene_of)
        file = PICTURES / f"{scene.__name__}.png"
        page.screenshot(path=file)
        make_small(file)
        page.context.close()
        say(f"{file.relative_to(ROOT)}　{file.stat().st_size // 1024} KB")


def make_small(file: Path) -> None:
    """Keep 256 colours: pages have few, and the picture is a third of its size."""
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


def main() -> int:
    try:
        with studio() as ready:
            take(ready)
    except LaunchFailed as error:
        print(f"\n未完成：{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
