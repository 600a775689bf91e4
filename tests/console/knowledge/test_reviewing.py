"""A second person compares, approves or returns, one by one or several at once."""

import pytest

from core.bootstrap import Core
from core.knowledge import queries
from core.knowledge.contents import Refusal
from core.knowledge.services import draft_withdrawal, refuse_changes, submit_change
from core.knowledge.states import ChangeState, EntryState
from core.operators.permissions import Role
from core.releases import queries as releases
from tests.builders import a_change, an_entry
from tests.console.browsing import Visitor, words_of


@pytest.fixture
def author(person):
    return person(Role.EDITOR, display_name="余雯")


@pytest.fixture
def reviewer(person):
    return person(Role.KNOWLEDGE_REVIEWER, display_name="罗敏之")


@pytest.fixture
def desk(sign_in_as, reviewer) -> Visitor:
    """The browser of `reviewer`."""
    return sign_in_as(operator=reviewer)


@pytest.fixture(autouse=True)
def entries(core: Core) -> None:
    with core.unit_of_work() as uow:
        an_entry(uow, slug="loss", question="身份证丢了怎么补领？", answer="到派出所补领。")
        an_entry(uow, slug="fund", question="公积金怎么提取？", variants=["取公积金"])


@pytest.fixture
def in_review(core: Core, author):
    """Send a change of an entry to review; return its id."""

    def send(slug="loss", *, by=None, **changed):
        by = by or author
        with core.unit_of_work() as uow:
            change = a_change(uow, queries.get(uow.session, slug), by, **changed)
            submit_change(uow, change.id, author_id=by.id)
            return change.id

    return send


def now(core: Core, change_id: int):
    with core.unit_of_work() as uow:
        return queries.get_change(uow.session, change_id)


def test_what_waits_for_review_is_counted_in_the_menu(desk, in_review):
    assert 'data-badge="knowledge" data-count="0"' in desk.get("/knowledge/").text

    in_review(answer="新答案")

    assert 'data-badge="knowledge" data-count="1"' in desk.get("/knowledge/").text


def test_a_reviewer_sees_what_differs_word_by_word(desk, in_review):
    change_id = in_review(
        answer="到任一派出所补领。", variants=["身份证掉了", "取公积金"], note="可以异地办"
    )

    page = desk.get(f"/knowledge/changes/{change_id}")

    assert "到<ins>任一</ins>派出所补领。" in page.text
    assert "<ins>身份证掉了</ins>" in page.text
    assert "<del>身份证丢了" in page.text
    read = words_of(page)
    assert "修改说明： 可以异地办" in read
    assert "新增的问法与其他条目相同或相近" in read
    assert "市民看到的样子" in read


def test_an_approved_answer_is_live_at_once(core, desk, in_review):
    change_id = in_review(answer="到任一派出所补领。")

    answer = desk.post(f"/knowledge/changes/{change_id}/approve", {"note": "好"})

    assert "市民现在就能看到新的内容" in words_of(desk.get(answer.location))
    assert now(core, change_id).state is ChangeState.LIVE
    with core.unit_of_work() as uow:
        assert queries.get(uow.session, "loss").answer == "到任一派出所补领。"
        assert releases.queued(uow.session) is None


def test_approved_question_forms_wait_for_the_model(core, desk, in_review):
    change_id = in_review(variants=["身份证掉了"])

    answer = desk.post(f"/knowledge/changes/{change_id}/approve")

    assert now(core, change_id).state is ChangeState.APPROVED
    with core.unit_of_work() as uow:
        assert releases.queued(uow.session) is not None
    assert "正在等待模型检验" in words_of(desk.get(answer.location))


def test_what_is_returned_says_why(core, desk, in_review, sign_in_as, author):
    change_id = in_review(answer="随便")

    silent = desk.post(f"/knowledge/changes/{change_id}/return", {"note": ""})
    assert (silent.status_code, "请写明退回的理由" in words_of(silent)) == (422, True)
    desk.post(f"/knowledge/changes/{change_id}/return", {"note": "请写明条款"})

    assert now(core, change_id).state is ChangeState.DRAFT
    page = sign_in_as(operator=author).get(f"/knowledge/changes/{change_id}/edit")
    assert "罗敏之 退回： 请写明条款" in words_of(page)


def test_an_own_draft_cannot_be_approved(core, desk, in_review, reviewer):
    change_id = in_review(by=reviewer, answer="自己写的")

    page = words_of(desk.get(f"/knowledge/changes/{change_id}"))
    answer = desk.post(f"/knowledge/changes/{change_id}/approve")

    assert "不能由自己审核" in page
    assert answer.status_code == 403
    assert "不能审核自己起草的修改" in words_of(answer)
    assert now(core, change_id).state is ChangeState.IN_REVIEW


def test_an_editor_may_not_review(core, in_review, sign_in_as):
    change_id = in_review(answer="新答案")
    editor = sign_in_as(Role.EDITOR)

    assert editor.post(f"/knowledge/changes/{change_id}/approve").status_code == 403
    assert now(core, change_id).state is ChangeState.IN_REVIEW


def test_several_are_approved_at_once_and_what_cannot_be_is_told(core, desk, in_review, reviewer):
    first = in_review(answer="新答案")
    second = in_review("fund", answer="新答案")
    own = in_review("fund", by=reviewer, answer="自己写的")

    answer = desk.post("/knowledge/changes/approve", {"change": [first, second, own, "x"]})

    read = words_of(desk.get(answer.location))
    assert "已通过 2 份修改" in read
    assert "不能审核自己起草的修改" in read
    assert [now(core, each).state for each in (first, second, own)] == [
        ChangeState.LIVE, ChangeState.LIVE, ChangeState.IN_REVIEW,
    ]  # fmt: skip
    nothing = desk.post("/knowledge/changes/approve")
    assert "请先勾选" in words_of(desk.get(nothing.location))


def test_two_reviewers_at_once_decide_once(core, desk, in_review):
    change_id = in_review(answer="新答案")
    desk.post(f"/knowledge/changes/{change_id}/approve")

    late = desk.post(f"/knowledge/changes/{change_id}/return", {"note": "慢了一步"})

    assert late.status_code == 409
    assert "状态已变化" in words_of(late)
    assert "慢了一步" not in words_of(desk.get(f"/knowledge/changes/{change_id}"))


def test_a_refused_change_names_the_forms_that_are_to_blame(core, desk, in_review):
    change_id = in_review(variants=["取公积金"])
    desk.post(f"/knowledge/changes/{change_id}/approve")
    with core.unit_of_work() as uow:
        refuse_changes(uow, {change_id: [Refusal("取公积金", "会被误认为“公积金怎么提取”")]})

    read = words_of(desk.get(f"/knowledge/changes/{change_id}"))

    assert "模型检验未通过" in read
    assert "“取公积金”：会被误认为“公积金怎么提取”" in read
    assert "会被误认为" in words_of(desk.get("/knowledge/changes?tab=all"))


def test_a_withdrawal_is_approved_by_a_second_person(core, desk, author):
    with core.unit_of_work() as uow:
        change = draft_withdrawal(uow, "loss", author_id=author.id, reason="政策废止")
        submit_change(uow, change.id, author_id=author.id)

    desk.post(f"/knowledge/changes/{change.id}/approve")

    with core.unit_of_work() as uow:
        assert queries.get(uow.session, "loss").state is EntryState.WITHDRAWN
        assert "身份证丢了怎么补领？" in releases.queued(uow.session).note


@pytest.mark.parametrize("tab", ["review", "own", "model", "all", "settled", "nonsense"])
def test_every_list_of_changes_opens(desk, in_review, tab):
    in_review(answer="新答案")
    done = in_review("fund", answer="新答案")
    desk.post(f"/knowledge/changes/{done}/approve")

    assert desk.get(f"/knowledge/changes?tab={tab}").status_code == 200


def test_an_author_takes_back_submits_again_and_gives_up(core, sign_in_as, author, in_review):
    change_id = in_review(answer="新答案")
    desk = sign_in_as(operator=author)

    desk.post(f"/knowledge/changes/{change_id}/take-back")
    assert now(core, change_id).state is ChangeState.DRAFT
    desk.post(f"/knowledge/changes/{change_id}/submit")
    assert now(core, change_id).state is ChangeState.IN_REVIEW
    desk.post(f"/knowledge/changes/{change_id}/abandon")

    assert now(core, change_id).state is ChangeState.ABANDONED
    assert desk.get(f"/knowledge/changes/{change_id}").status_code == 200
