"""What people have before them: a citizen's phone, a staff member's window at the console."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Locator, Page, expect

from launch.supervisor import Desk
from tests.people import Citizen

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PATIENCE_MS = 20_000
NewWindow = Callable[[dict[str, int]], BrowserContext]


class Phone:
    """A citizen's phone: the chat with the office's account, and the office's own pages."""

    def __init__(self, desk: Desk, window: BrowserContext) -> None:
        self._desk = desk
        self._window = window
        self.citizen = Citizen(desk)
        self.chat = window.new_page()
        self.chat.goto(f"{desk.url('simulator')}/#{self.citizen.openid}")
        self.chat.get_by_label("切换到输入").click()

    def writes(self, text: str) -> None:
        self.chat.get_by_label("输入消息").fill(text)
        self.chat.get_by_role("button", name="发送", exact=True).click()

    def taps(self, choice: str) -> None:
        self.chat.get_by_role("button", name=choice, exact=True).last.click()

    def opens_menu(self, button: str, below: str) -> None:
        """Press a button of the account's menu and one of its sub-menu."""
        self.menu(button)
        self.chat.get_by_role("menuitem", name=below, exact=True).click()

    def menu(self, button: str) -> list[str]:
        """Unfold the sub-menu of this button and return what it offers."""
        self.shows_button(button)
        head = self._foot().get_by_role("button", name=button, exact=True)
        if head.get_attribute("aria-expanded") != "true":
            head.click()
        return self.chat.get_by_role("menuitem").all_inner_texts()

    def shows_button(self, button: str) -> None:
        """Wait until the account's menu has this button."""
        to_menu = self.chat.get_by_label("切换到菜单")
        if to_menu.is_visible():
            to_menu.click()
        shown = self._foot().get_by_role("button", name=button, exact=True)
        expect(shown).to_be_visible(timeout=PATIENCE_MS)

    def sees(self, *words: str) -> None:
        """Wait for one message of the account with all these words in it."""
        message = self.chat.locator(".row:not(.mine)")
        for part in words:
            message = message.filter(has_text=part)
        expect(message.last).to_be_visible(timeout=PATIENCE_MS)

    def shows(self, words: str) -> bool:
        return words in self.chat.locator("#chat").inner_text()

    def _foot(self) -> Locator:
        return self.chat.locator("#menu-buttons")

    def looks_up(self, number: str, query_code: str) -> Page:
        """Find the case on the office's pages, in another window of the phone."""
        page = self._window.new_page()
        page.goto(f"{self._desk.settings.public_url}/c/")
        page.get_by_role("link", name="查询办理进度").click()
        page.get_by_label("工单号").fill(number)
        page.get_by_label("查询码").fill(query_code)
        page.get_by_role("button", name="查询").click()
        return page


class Seat:
    """A staff member at the console, signed in and at one of its sections."""

    def __init__(self, desk: Desk, window: BrowserContext, login: str, section: str) -> None:
        self.window = window
        self.page = window.new_page()
        self.page.goto(desk.url("console"))
        self.page.get_by_label("用户名").fill(login)
        self.page.get_by_label("密码").fill(desk.environment["DESK_DEMO_PASSWORD"])
        self.page.get_by_role("button", name="登录").click()
        self.page.get_by_label("主菜单").get_by_role("link", name=section).click()
        self.is_live()

    def is_live(self) -> None:
        """Wait until the page hears of what happens."""
        self._has_live_state("connected")

    def is_cut_off(self) -> None:
        self._has_live_state("disconnected")

    @contextmanager
    def without_reloading(self) -> Iterator[None]:
        """Fail when the page was loaded anew within the block."""
        self.page.evaluate("window.isTheSame = true")
        yield
        assert self.page.evaluate("window.isTheSame"), "the page was loaded anew"

    # --- conversations ------------------------------------------------------------------------

    def waiting(self, phone: Phone) -> Locator:
        """Return the conversation in the queue, waiting until it appears."""
        line = self.page.locator(".line.is-waiting").filter(has_text=phone.citizen.alias)
        expect(line).to_be_visible(timeout=PATIENCE_MS)
        return line

    def takes_over(self, phone: Phone) -> None:
        self.waiting(phone).get_by_role("button", name="接入").click()
        expect(self.page.locator("#reply-text")).to_be_visible()

    def replies(self, text: str) -> None:
        self.page.get_by_role("tab", name="回复市民").click()
        self.page.locator("#reply-text").fill(text)
        self.page.get_by_role("button", name="发送给市民").click()
        self.reads(text)

    def notes(self, text: str) -> None:
        self.page.get_by_role("tab", name="内部备注").click()
        self.page.locator("#note-text").fill(text)
        self.page.get_by_role("button", name="保存备注").click()
        self.reads(text)

    def reads(self, words: str) -> None:
        """Wait for a message of the open conversation."""
        message = self.page.locator("#thread article").filter(has_text=words)
        expect(message).to_be_visible(timeout=PATIENCE_MS)

    # --- cases --------------------------------------------------------------------------------

    def registers_case(self, kind: str, *, title: str, place: str) -> tuple[str, str]:
        """Register what the citizen said as a case; return its number and query code."""
        self.page.get_by_role("link", name="登记工单").click()
        self.page.get_by_role("radio", name=kind).check()
        self.page.get_by_label("标题").fill(title)
        self.page.get_by_label("地点").fill(place)
        self.page.get_by_role("button", name="登记").click()
        told = self.page.locator(".receipt-large")
        expect(told).to_have_count(2)
        number, query_code = told.all_inner_texts()
        return number, query_code

    def opens_case(self, number: str) -> None:
        self.page.get_by_label("查找工单").fill(number)
        self.page.get_by_label("查找工单").press("Enter")
        row = self.page.get_by_role("row").filter(has_text=number)
        row.get_by_role("link").click()
        expect(self.page.locator("#case-steps")).to_be_visible()
        self.is_live()

    def step(self, title: str) -> Locator:
        """Return the unfolded form of a step, waiting until the case offers it."""
        step = self.page.locator("details.step").filter(
            has=self.page.locator("summary").get_by_text(title, exact=True)
        )
        expect(step).to_be_visible(timeout=PATIENCE_MS)
        if step.get_attribute("open") is None:
            step.locator("summary").click()
        return step

    def takes_step(self, title: str) -> None:
        self.step(title).locator(".step-go").click()
        self.is_live()

    def dispatches_to(self, department: str) -> None:
        form = self.step("交办")
        unit = form.get_by_role("option", name=department, exact=True)
        form.get_by_label("承办单位").select_option(unit.get_attribute("value"))
        self.takes_step("交办")

    def sees_state(self, state: str) -> None:
        tags = self.page.locator(".case-tags")
        expect(tags.get_by_text(state, exact=True)).to_be_visible(timeout=PATIENCE_MS)

    def _has_live_state(self, state: str) -> None:
        mark = self.page.locator("#live-state")
        expect(mark).to_have_attribute("data-state", state, timeout=PATIENCE_MS)
