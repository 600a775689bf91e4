"""The page of models in a browser: a training is told while it runs."""

import pytest
from playwright.sync_api import expect

from core.bootstrap import Core
from core.events import SYSTEM
from core.operators.permissions import Role
from core.releases import services
from core.releases.services import BuiltModel
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
