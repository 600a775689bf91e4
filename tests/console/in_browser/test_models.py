"""The page of models in a browser: a training told while it runs, and the way back by a click."""

import pytest
from playwright.sync_api import expect

from core.bootstrap import Core
from core.events import SYSTEM
from core.operators.permissions import Role
from core.releases import queries, services
from core.releases.services import BuiltModel
from core.releases.states import ReleaseState
from tests.console.in_browser.pages import SitDown, wait_until_live

pytestmark = pytest.mark.browser

FIRST = "20260101-000000"


def built(version: str) -> BuiltModel:
    return BuiltModel(version, "a" * 64, 15_000_000, questions=287, forms=3838)


class Trainer:
    """Stands in for worker and trainer: tells what they would tell, when the test says so."""

    def __init__(self, core: Core) -> None:
        self._core = core
        with core.unit_of_work() as uow:
            services.install(uow, built(FIRST), note="随程序安装的模型")

    def begins(self) -> str:
        with self._core.unit_of_work() as uow:
            services.request_release(uow, requested_by=SYSTEM)
            release = services.start_next(uow)
            assert release is not None
            self._release_id, self._version = release.id, release.version
        return self._version

    def tells(self, stage: str, percent: int) -> None:
        with self._core.unit_of_work() as uow:
            services.tell_progress(uow, self._release_id, stage=stage, percent=percent)

    def succeeds(self) -> None:
        with self._core.unit_of_work() as uow:
            services.go_live(uow, self._release_id, built(self._version))

    def brings_back(self, version: str) -> None:
        with self._core.unit_of_work() as uow:
            release = services.start_next(uow)
            assert release is not None
            assert release.version == version
            services.go_live(uow, release.id, built(version))


@pytest.fixture
def trainer(live_core: Core) -> Trainer:
    return Trainer(live_core)


def test_a_training_is_told_while_it_runs(sit_down: SitDown, address: str, trainer: Trainer):
    page = sit_down("王芳", Role.OPERATOR, Role.KNOWLEDGE_REVIEWER)
    page.goto(f"{address}/models/")
    wait_until_live(page)
    page.evaluate("window.isTheSame = true")
    running = page.locator(".model-card").nth(1)
    expect(running).to_contain_text("没有训练在进行")

    version = trainer.begins()
    expect(running).to_contain_text(version)
    for stage, percent, words in (
        ("learning", 15, "学习 · 15%"),
        ("measuring", 45, "与线上模型比较 · 45%"),
        ("packing", 92, "打包 · 92%"),
    ):
        trainer.tells(stage, percent)
        expect(running).to_contain_text(words)
        expect(page.locator(".model-progress")).to_have_attribute("value", str(percent))
    trainer.succeeds()

    expect(page.locator(".model-card").first).to_contain_text(version)
    expect(running).to_contain_text("没有训练在进行")
    assert page.evaluate("window.isTheSame")


def test_an_earlier_model_is_brought_back_by_a_click(
    sit_down: SitDown, address: str, trainer: Trainer, live_core: Core
):
    trainer.begins()
    trainer.succeeds()
    page = sit_down("王芳", Role.OPERATOR, Role.KNOWLEDGE_REVIEWER)
    page.goto(f"{address}/models/{FIRST}")
    wait_until_live(page)
    go, dialog = page.get_by_role("button", name="恢复到此版本"), page.locator("#confirm")

    go.click()
    expect(dialog).to_be_hidden()  # the reason is missing

    page.get_by_label("原因").fill("新模型把补领答成了换领")
    go.click()
    expect(dialog).to_contain_text(f"恢复模型 {FIRST}？")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    with live_core.unit_of_work() as uow:
        assert queries.get(uow.session, FIRST).state is ReleaseState.RETIRED

    go.click()
    page.locator("#confirm-yes").click()
    expect(page.get_by_text("正在恢复，各台服务器换好后生效")).to_be_visible()
    trainer.brings_back(FIRST)

    expect(page.locator("#release .facts")).to_contain_text("新模型把补领答成了换领（王芳）")
    expect(page.locator("#release .facts")).to_contain_text("线上")
    expect(go).to_have_count(0)
