"""An approved change reaches citizens through the gate; what would harm them does not."""

import dataclasses
import threading
from collections.abc import Callable, Iterator, Sequence
from time import monotonic, sleep

import pytest
from sqlalchemy import select

from config.notices import load_notices
from core.bootstrap import Core, build_core, build_office
from core.knowledge import queries as knowledge
from core.knowledge.services import approve_change, draft_change, submit_change
from core.knowledge.states import ChangeState
from core.operators.models import Operator
from core.releases import queries, services
from core.releases.models import ModelRelease
from core.releases.states import ReleaseState
from launch.supervisor import Desk
from tests.people import Citizen

pytestmark = [pytest.mark.journey, pytest.mark.rasa, pytest.mark.timeout(600)]

PATIENCE_SECONDS = 240.0
SAYING = "卡片片长翅膀飞走啦咋个办哟"
ANSWER = "居民身份证法"
# Who is killed in the middle of a training, and what the console then says of it.
VICTIMS = {"trainer": {"trainer_away", "no_such_model"}, "worker": {"interrupted"}}


@pytest.fixture(scope="module")
def office(desk: Desk) -> Iterator[Core]:
    """The database of the running desk, with a model entered as live."""
    core = build_core(
        desk.environment["DATABASE_URL"],
        publish=lambda event: None,
        office=build_office("测试", "00:00-23:59", load_notices()),
        data_key=desk.settings.data_key.get_secret_value(),
    )
    wait_until(lambda: live_version(core) != "")
    yield core
    core.session_factory.kw["bind"].dispose()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert monotonic() < deadline, "it did not come about"
        sleep(0.2)


def live_version(core: Core) -> str:
    with core.unit_of_work() as uow:
        live = queries.live(uow.session)
        return live.version if live else ""


def newest(core: Core) -> ModelRelease:
    with core.unit_of_work() as uow:
        return queries.history(uow.session, limit=1)[0]


def ended(core: Core, version: str) -> ModelRelease:
    """Wait until the training has failed."""

    def find() -> ModelRelease:
        with core.unit_of_work() as uow:
            return queries.get(uow.session, version)

    wait_until(lambda: find().state is ReleaseState.FAILED)
    return find()


def next_after(core: Core, version: str) -> None:
    wait_until(lambda: newest(core).version != version)


def approve(core: Core, slug: str, variants: Sequence[str], *, only: bool = False) -> int:
    """Let two people bring new forms of an entry through, and return the change's id."""
    with core.unit_of_work() as uow:
        author, reviewer = uow.session.scalars(select(Operator.id).limit(2)).all()
        entry = knowledge.get(uow.session, slug)
        kept = [] if only else entry.variants
        content = dataclasses.replace(entry.content, variants=[*kept, *variants])
        change = draft_change(uow, content, author_id=author, base_version=entry.version, note="试")
        submit_change(uow, change.id, author_id=author)
        approve_change(uow, change.id, reviewer_id=reviewer)
        return change.id


def settled(core: Core, change_id: int) -> ChangeState:
    def is_settled() -> bool:
        with core.unit_of_work() as uow:
            return knowledge.get_change(uow.session, change_id).state is not ChangeState.APPROVED

    wait_until(is_settled)
    with core.unit_of_work() as uow:
        return knowledge.get_change(uow.session, change_id).state


def test_an_improvement_is_live_while_citizens_write_and_can_be_taken_back(desk, office):
    before = live_version(office)
    writer, numbers = Citizen(desk), [f"WZ20260301{number:04d}" for number in range(1, 400)]
    said: list[str] = []
    is_over = threading.Event()

    def write() -> None:
        for number in numbers:
            if is_over.is_set():
                return
            said.append(number)
            writer.asks(number)
            is_over.wait(0.3)

    assert ANSWER not in Citizen(desk).asks(SAYING)
    writing = threading.Thread(target=write)
    writing.start()

    change = approve(office, "id_card_lost", [SAYING])
    assert settled(office, change) is ChangeState.LIVE
    released = live_version(office)
    assert ANSWER in Citizen(desk).asks(SAYING)

    with office.unit_of_work() as uow:
        services.request_rollback(uow, before, operator_id=1, reason="先恢复再观察")
    wait_until(lambda: live_version(office) == before)
    is_over.set()
    writing.join()

    assert released != before
    assert ANSWER not in Citizen(desk).asks(SAYING)
    heard = "\n".join(writer.heard())
    assert [number for number in said if heard.count(number) != 1] == []
    assert len(said) > 10


def test_a_poisoned_edit_is_refused_and_its_forms_are_named(desk, office):
    before = live_version(office)
    with office.unit_of_work() as uow:
        copied = knowledge.get(uow.session, "marriage_materials").variants[:4]

    change = approve(office, "id_card_time", copied)

    assert settled(office, change) is ChangeState.REFUSED
    with office.unit_of_work() as uow:
        refused = {one.variant for one in knowledge.get_change(uow.session, change).refusals}
    assert refused == set(copied)
    assert live_version(office) == before


def test_a_regression_is_refused_and_the_questions_it_breaks_are_told(desk, office):
    before = live_version(office)
    words = ("这个怎么办", "那个怎么弄", "我想问一下", "怎么办理呢", "需要什么手续", "在哪里办")
    vague = [*words, "找谁问"]

    change = approve(office, "id_card_lost", vague, only=True)

    assert settled(office, change) is ChangeState.REFUSED
    report = newest(office).report or {}
    broken = [rule for rule in report["rules"] if not rule["passed"]]
    assert broken
    assert any("身份证" in one["text"] for rule in broken for one in rule["questions"])
    assert live_version(office) == before


def test_a_training_that_is_killed_leaves_the_live_model_and_is_done_again(desk, office):
    before = live_version(office)
    change = approve(office, "id_card_time", ["那张卡片片要等到啥子时候嘛"])

    for victim, codes in VICTIMS.items():
        wait_until(lambda: newest(office).state in {ReleaseState.TRAINING, ReleaseState.CHECKING})
        wait_until(lambda: newest(office).stage not in {"", "starting"})
        killed = newest(office)
        desk.kill(victim)
        assert ended(office, killed.version).failure_code in codes
        assert live_version(office) == before
        assert ANSWER in Citizen(desk).asks("身份证丢了怎么补办")
        next_after(office, killed.version)

    assert settled(office, change) is ChangeState.LIVE
    assert live_version(office) != before
