"""Training, gate and swap as the worker drives them; trainer and servers are doubles."""

from typing import Any

import pytest

from bot.models import KeptModel, ModelFiles, ServerRefused, TrainerFailed, Training
from bot.worker.releasing import Releasing
from core.events import SYSTEM
from core.knowledge import queries as knowledge
from core.knowledge.services import approve_change, submit_change
from core.knowledge.states import ChangeState
from core.operators.permissions import Role
from core.releases import queries, services
from core.releases.services import BuiltModel
from core.releases.states import ReleaseState
from tests.builders import a_change, an_entry, an_operator

FIRST = "20260101-000000"
FAULT = {"form": "办结婚证", "reason": "near_to", "text": "与“结婚登记”的问法几乎相同"}


def kept(version: str, *, is_whole: bool = True, is_bootstrap: bool = False) -> KeptModel:
    built = BuiltModel(version, "a" * 64, 15_000_000, questions=287, forms=3838)
    return KeptModel(f"/models/{version}.tar.gz", is_whole, is_bootstrap, built)


class FakeTrainer:
    """Keeps models in a dictionary; `report` is what the next training ends with."""

    def __init__(self) -> None:
        self.models = {FIRST: kept(FIRST, is_bootstrap=True)}
        self.live: str | None = FIRST
        self.asked: list[dict[str, Any]] = []
        self.report: dict[str, Any] = {"verdict": "passed", "changes": [], "entries": []}
        self.failure: dict[str, Any] | None = None
        self.is_away = False

    def begin(self, request: dict[str, Any]) -> None:
        self._must_be_there()
        self.asked.append(request)

    def look(self, version: str) -> Training:
        self._must_be_there()
        if self.failure is not None:
            return Training(version, "failed", "packing", 92, None, self.failure)
        return Training(version, "done", "done", 100, self.report, None)

    def keep(self, version: str) -> KeptModel:
        self.models[version] = kept(version)
        return self.models[version]

    def fit(self, version: str) -> KeptModel:
        if version not in self.models:
            raise TrainerFailed("no_such_model", version)
        return self.models[version]

    def make_live(self, version: str, *, keep: Any) -> None:
        self.live = version

    def files(self) -> ModelFiles:
        self._must_be_there()
        return ModelFiles(self.live, list(self.models.values()))

    def _must_be_there(self) -> None:
        if self.is_away:
            raise TrainerFailed("trainer_away", "ConnectError")


class FakeServer:
    def __init__(self, url: str) -> None:
        self.url = url
        self.answers_with = FIRST
        self.refuses: set[str] = set()
        self.is_away = False

    def version(self) -> str:
        if self.is_away:
            raise ServerRefused("ConnectError")
        return self.answers_with

    def take(self, path: str, version: str, probe: str) -> None:
        if self.is_away or version in self.refuses or "*" in self.refuses:
            raise ServerRefused("HTTP 500")
        self.answers_with = version


@pytest.fixture
def trainer():
    return FakeTrainer()


@pytest.fixture
def servers():
    return [FakeServer("http://rasa-1"), FakeServer("http://rasa-2")]


@pytest.fixture
def releasing(core, trainer, servers):
    releasing = Releasing(core, trainer, servers, pause=lambda seconds: None)
    releasing.check()
    return releasing


@pytest.fixture
def change(core):
    with core.unit_of_work() as uow:
        editor, reviewer = an_operator(uow, Role.EDITOR), an_operator(uow, Role.KNOWLEDGE_REVIEWER)
        entry = an_entry(uow, slug="loss", variants=["身份证丢了"])
        uow.session.flush()
        change = a_change(uow, entry, editor, variants=["身份证丢了", "证让人偷了"])
        submit_change(uow, change.id, author_id=editor.id)
        approve_change(uow, change.id, reviewer_id=reviewer.id)
        return change.id


def state_of(core, change_id):
    with core.unit_of_work() as uow:
        return knowledge.get_change(uow.session, change_id).state


def live(core):
    with core.unit_of_work() as uow:
        return queries.live(uow.session)


def last(core):
    with core.unit_of_work() as uow:
        return queries.history(uow.session, limit=1)[0]


def with_servers(servers):
    return [server.answers_with for server in servers]


def test_the_model_of_the_program_is_entered_as_live(core, releasing):
    assert (live(core).version, live(core).is_bootstrap) == (FIRST, True)


def test_an_approved_change_is_trained_and_every_server_takes_the_model(
    core, releasing, trainer, servers, change
):
    releasing.look_for_work()
    releasing.release_all()

    version = live(core).version
    assert with_servers(servers) == [version, version]
    assert trainer.live == version
    assert state_of(core, change) is ChangeState.LIVE
    [asked] = trainer.asked
    assert [entry["variants"] for entry in asked["entries"]] == [["身份证丢了"]]
    assert asked["changes"][0]["entry"]["variants"] == ["身份证丢了", "证让人偷了"]


def test_what_the_gate_refuses_goes_back_with_its_reasons(
    core, releasing, trainer, servers, change
):
    trainer.report = {
        "verdict": "refused",
        "changes": [{"id": str(change), "refused": True, "reasons": [FAULT]}],
    }

    releasing.look_for_work()
    releasing.release_all()

    assert last(core).state is ReleaseState.REFUSED
    assert state_of(core, change) is ChangeState.REFUSED
    assert with_servers(servers) == [FIRST, FIRST]


@pytest.mark.parametrize("code", ["disk_full", "not_writable", "process_died"])
def test_a_training_that_fails_leaves_everything_as_it_was(
    core, releasing, trainer, servers, change, code
):
    trainer.failure = {"code": code, "detail": "[Errno 28] No space left on device"}

    releasing.look_for_work()
    releasing.release_all()

    assert (last(core).state, last(core).failure_code) == (ReleaseState.FAILED, code)
    assert live(core).version == FIRST
    assert with_servers(servers) == [FIRST, FIRST]
    assert state_of(core, change) is ChangeState.APPROVED


def test_a_trainer_that_is_away_is_told(core, releasing, trainer, change):
    trainer.is_away = True

    releasing.look_for_work()
    releasing.release_all()
    releasing.check()

    assert last(core).failure_code == "trainer_away"
    assert live(core).troubles == ["trainer_away"]


def test_when_one_server_does_not_take_the_model_all_go_back(
    core, releasing, trainer, servers, change
):
    servers[1].refuses = {"*"}

    releasing.look_for_work()
    releasing.release_all()

    assert with_servers(servers) == [FIRST, FIRST]
    assert (live(core).version, trainer.live) == (FIRST, FIRST)
    assert last(core).failure_code == "server_refused"
    assert "http://rasa-2" in last(core).failure_detail
    assert state_of(core, change) is ChangeState.APPROVED


def test_an_earlier_model_is_brought_back_to_every_server(
    core, releasing, servers, trainer, change
):
    releasing.look_for_work()
    releasing.release_all()
    with core.unit_of_work() as uow:
        services.request_rollback(uow, FIRST, operator_id=1, reason="答偏了")

    releasing.release_all()

    assert live(core).version == FIRST
    assert with_servers(servers) == [FIRST, FIRST]
    assert trainer.live == FIRST
    assert state_of(core, change) is ChangeState.LIVE


def test_a_rollback_to_a_lost_file_leaves_what_is_live(core, releasing, servers, trainer, change):
    releasing.look_for_work()
    releasing.release_all()
    version = live(core).version
    with core.unit_of_work() as uow:
        services.request_rollback(uow, FIRST, operator_id=1, reason="答偏了")
    del trainer.models[FIRST]

    releasing.release_all()

    assert with_servers(servers) == [version, version]
    with core.unit_of_work() as uow:
        assert queries.get(uow.session, FIRST).failure_code == "no_such_model"


def test_a_server_that_started_with_another_model_is_given_the_live_one(
    core, releasing, servers, trainer, change
):
    releasing.look_for_work()
    releasing.release_all()
    version = live(core).version
    servers[0].answers_with, trainer.live = FIRST, FIRST

    releasing.check()

    assert with_servers(servers) == [version, version]
    assert trainer.live == version
    assert live(core).troubles == []


def test_a_server_that_is_away_and_one_that_stays_behind_are_told(core, releasing, servers):
    servers[0].is_away = True
    servers[1].answers_with, servers[1].refuses = "20250101-000000", {"*"}

    releasing.check()

    assert live(core).troubles == ["server_away:http://rasa-1", "server_behind:http://rasa-2"]


def test_a_lost_file_is_told_and_the_servers_keep_what_they_have(core, releasing, servers, trainer):
    trainer.models[FIRST] = kept(FIRST, is_whole=False)

    releasing.check()

    assert live(core).troubles == [f"file_lost:{FIRST}"]
    assert with_servers(servers) == [FIRST, FIRST]


def test_a_newer_model_of_the_program_takes_the_place_of_the_older(
    core, releasing, servers, trainer
):
    newer = "20260201-000000"
    trainer.models[newer], trainer.live = kept(newer, is_bootstrap=True), newer

    releasing.check()

    assert live(core).version == newer
    assert with_servers(servers) == [newer, newer]


def test_the_model_of_the_program_never_replaces_a_release(
    core, releasing, servers, trainer, change
):
    releasing.look_for_work()
    releasing.release_all()
    version = live(core).version
    newer = "20990101-000000"
    trainer.models[newer], trainer.live = kept(newer, is_bootstrap=True), newer

    releasing.check()

    assert live(core).version == version
    assert with_servers(servers) == [version, version]
    assert trainer.live == version


def test_nothing_is_checked_while_a_model_is_on_its_way(core, releasing, servers):
    with core.unit_of_work() as uow:
        services.request_release(uow, requested_by=SYSTEM)
        services.start_next(uow)
    servers[0].answers_with = "in the middle of a swap"

    releasing.check()

    assert servers[0].answers_with == "in the middle of a swap"
