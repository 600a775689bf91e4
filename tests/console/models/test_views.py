"""The page of models: what is live, what runs, the reports, and the way back."""

from typing import Any

import pytest

from core.bootstrap import Core
from core.events import SYSTEM
from core.operators.permissions import Role
from core.releases import queries, services
from core.releases.services import BuiltModel
from core.releases.states import ReleaseState
from tests.console.browsing import Visitor, toast_of, words_of
from tests.console.conftest import SignInAs

QUESTION = {
    "text": "身份证遗失后如何补领",
    "expected": ["身份证丢了怎么补领？"],
    "before": "作答：身份证丢了怎么补领？",
    "after": "作答：身份证到期怎么换领？",
}
RULE = {
    "code": "gold", "title": "必答问题", "why": "原来答对的仍须答对", "advice": "改得更具体",
    "measured": 1, "limit": 0, "note": "", "passed": False, "questions": [QUESTION],
}  # fmt: skip
FAULT = {"form": "证丢了", "reason": "drew_away", "text": "使评测问句“身份证遗失后如何补领”理解变差"}


def report(**given: Any) -> dict[str, Any]:
    return {
        "verdict": "passed", "against": "20260101-000000", "fingerprint": "f", "rules": [],
        "changes": [], "problems": [], "notes": [], "better": [], "worse": [],
        "better_count": 0, "worse_count": 0, "asked_count": 1700,
    } | given  # fmt: skip


def built(version: str) -> BuiltModel:
    return BuiltModel(version, "a" * 64, 15_000_000, questions=287, forms=3838)


@pytest.fixture(autouse=True)
def installed(core: Core) -> str:
    with core.unit_of_work() as uow:
        return services.install(uow, built("20260101-000000"), note="随程序安装的模型").version


@pytest.fixture
def editor(sign_in_as: SignInAs) -> Visitor:
    return sign_in_as(Role.EDITOR)


@pytest.fixture
def reviewer(sign_in_as: SignInAs) -> Visitor:
    return sign_in_as(Role.KNOWLEDGE_REVIEWER)


def start(core: Core) -> tuple[int, str]:
    with core.unit_of_work() as uow:
        services.request_release(uow, requested_by=SYSTEM, note="补充问法")
        release = services.start_next(uow)
        assert release is not None
        return release.id, release.version


def release(core: Core, **given: Any) -> str:
    release_id, version = start(core)
    with core.unit_of_work() as uow:
        services.go_live(uow, release_id, built(version), report=report(**given))
    return version


def test_the_live_model_is_told(editor: Visitor):
    read = words_of(editor.get("/models/"))

    assert "20260101-000000 随程序安装" in read
    assert "287 个问题，3838 种问法" in read
    assert "没有训练在进行" in read


def test_a_training_shows_how_far_it_is(core: Core, editor: Visitor):
    release_id, version = start(core)
    with core.unit_of_work() as uow:
        services.tell_progress(uow, release_id, stage="measuring", percent=45)

    page = editor.get_fragment("/models/board")

    assert f"{version} 检验中" in words_of(page)
    assert "与线上模型比较 · 45%" in words_of(page)
    assert 'value="45"' in page.text


def test_the_report_of_a_refusal_names_the_forms_and_the_questions(core: Core, editor: Visitor):
    release_id, version = start(core)
    fault = {"id": "1", "slug": "x", "title": "补领", "refused": True, "reasons": [FAULT]}
    with core.unit_of_work() as uow:
        told = report(verdict="refused", rules=[RULE], changes=[fault])
        services.refuse(uow, release_id, told, {})

    read = words_of(editor.get(f"/models/{version}"))

    assert "检验未通过，线上模型保持不变" in read
    assert "证丢了 使评测问句“身份证遗失后如何补领”理解变差" in read
    assert "作答：身份证到期怎么换领？" in read
    assert "改得更具体" in read


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("disk_full", "磁盘已满"),
        ("process_died", "训练进程意外退出"),
        ("interrupted", "线上模型没有变化"),
        ("trainer_away", "训练服务没有应答"),
    ],
)
def test_what_happened_to_a_failed_training_is_told(core: Core, editor: Visitor, code, words):
    release_id, version = start(core)
    with core.unit_of_work() as uow:
        services.fail(uow, release_id, code=code, detail="[Errno 28]")

    assert words in words_of(editor.get("/models/"))
    assert "[Errno 28]" in words_of(editor.get(f"/models/{version}"))


def test_troubles_of_the_servers_are_told(core: Core, editor: Visitor):
    with core.unit_of_work() as uow:
        services.note_troubles(uow, ["file_lost:20260101-000000", "server_away:http://rasa:5005"])

    read = words_of(editor.get("/models/"))

    assert "线上模型 20260101-000000 的文件已丢失或损坏" in read
    assert "Rasa 服务器 http://rasa:5005 没有应答" in read


def test_a_reviewer_starts_a_training(core: Core, reviewer: Visitor):
    answer = reviewer.press("/models/train", {"note": "春季集中修订"})

    assert toast_of(answer) == "已加入训练队列。"
    with core.unit_of_work() as uow:
        assert queries.queued(uow.session).note == "春季集中修订"


def test_a_reviewer_brings_an_earlier_model_back(core: Core, reviewer: Visitor, installed: str):
    release(core)
    assert "恢复到此版本" in words_of(reviewer.get(f"/models/{installed}"))

    reviewer.press(f"/models/{installed}/rollback", {"reason": "新模型答偏了"})

    with core.unit_of_work() as uow:
        assert queries.get(uow.session, installed).state is ReleaseState.RETURNING


def test_a_rollback_without_a_reason_is_refused(core: Core, reviewer: Visitor, installed: str):
    release(core)

    answer = reviewer.press(f"/models/{installed}/rollback", {"reason": " "})

    assert answer.status_code == 422
    with core.unit_of_work() as uow:
        assert queries.get(uow.session, installed).state is ReleaseState.RETIRED


def test_a_model_without_its_file_offers_no_way_back(core: Core, reviewer: Visitor, installed: str):
    version = release(core)
    with core.unit_of_work() as uow:
        services.note_files(uow, {version}, kept=[version, installed])

    read = words_of(reviewer.get(f"/models/{installed}"))

    assert "恢复到此版本" not in read
    assert "不能恢复" in read
    assert reviewer.press(f"/models/{installed}/rollback", {"reason": "试"}).status_code == 409


def test_an_editor_only_looks(core: Core, editor: Visitor, installed: str):
    release(core)

    assert "立即训练" not in words_of(editor.get("/models/"))
    assert "恢复到此版本" not in words_of(editor.get(f"/models/{installed}"))
    assert editor.press("/models/train").status_code == 403


def test_a_version_that_never_was_is_not_found(editor: Visitor):
    assert editor.get("/models/20200101-000000").status_code == 404
