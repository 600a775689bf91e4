"""Editors write a change down, and lose nothing."""

import pytest

from core.knowledge import queries
from core.knowledge.services import submit_change, withdraw_entry
from core.knowledge.states import ChangeState
from core.operators.permissions import Role
from tests.builders import a_department, an_entry
from tests.console.browsing import Visitor, words_of
from tests.console.knowledge.drafts import change_of, fields

pytestmark = pytest.mark.usefixtures("two_entries")


def test_an_entry_is_opened_as_a_draft_and_the_same_draft_again(core, desk, editor, change):
    again = desk.post("/knowledge/loss/edit")

    assert again.location == f"/knowledge/changes/{change.id}/edit"
    assert change_of(core, editor).id == change.id
    assert "身份证丢了咋办" in desk.get(again.location).text


def test_what_is_typed_is_saved_as_a_draft_with_duplicates_merged(core, desk, editor, change):
    desk.post(
        f"/knowledge/changes/{change.id}/edit",
        fields(
            change,
            variants="身份证丢了咋办\n\n 身份证丢了咋办？ \n身份证掉了\r\n",
            materials="户口簿\n照片",
            phone="110",
            is_people_only="yes",
            note="补充问法",
        ),
    )

    saved = change_of(core, editor)
    assert saved.content.variants == ["身份证丢了咋办", "身份证掉了"]
    assert saved.content.materials == ["户口簿", "照片"]
    assert (saved.content.phone, saved.content.is_people_only) == ("110", True)
    assert (saved.note, saved.revision) == ("补充问法", 2)
    assert "已合并 1 条重复的问法" in words_of(desk.get(f"/knowledge/changes/{change.id}/edit"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"question": "问" * 201}, "最多 200 个字"),
        ({"variants": "长" * 201}, "每行最多 200 个字"),
        ({"variants": "\n".join(f"问法{n}" for n in range(301))}, "最多 300 行"),
        ({"review_by": "2027-13-01"}, "日期格式不正确"),
        ({"review_by": ""}, "请选择复核日期"),
        ({"scope": "moon"}, "请选择适用范围"),
        ({"topic": "", "topic_title": ""}, "请选择主题"),
        ({"link": "javascript:alert(1)"}, "http://"),
        ({"link": "https://[bad"}, "http://"),
        ({"reference_document": [""]}, "请填写文件名"),
        ({"reference_effective_on": ["昨天"]}, "日期格式不正确"),
        ({"reference_repealed_on": ["1999-01-01"]}, "失效日期不能早于施行日期"),
        ({"phone": "1" * 81}, "最多 80 个字"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(
    core, desk, editor, change, wrong, told
):
    answer = desk.post(
        f"/knowledge/changes/{change.id}/edit", fields(change, **{"answer": "新答案"} | wrong)
    )

    assert answer.status_code == 422
    assert told in words_of(answer)
    assert "新答案" in answer.text
    assert change_of(core, editor).revision == 1


def test_an_incomplete_draft_is_kept_but_not_sent_to_review(core, desk, editor, change):
    answer = desk.post(
        f"/knowledge/changes/{change.id}/edit",
        fields(change, variants="", answer="新答案", then="submit"),
    )

    assert answer.status_code == 422
    assert "请至少写一种相似问法" in words_of(answer)
    kept = change_of(core, editor)
    assert (kept.state, kept.content.answer) == (ChangeState.DRAFT, "新答案")


def test_a_finished_draft_is_sent_to_review(core, desk, editor, change):
    answer = desk.post(
        f"/knowledge/changes/{change.id}/edit", fields(change, answer="新答案", then="submit")
    )

    assert answer.location == f"/knowledge/changes/{change.id}"
    assert change_of(core, editor).state is ChangeState.IN_REVIEW
    assert "等待另一位同事审核" in words_of(desk.get(answer.location))
    assert desk.get(f"/knowledge/changes/{change.id}/edit").status_code == 302


def test_a_second_window_does_not_overwrite_the_first(core, desk, editor, change):
    path = f"/knowledge/changes/{change.id}/edit"
    desk.post(path, fields(change, answer="第一个窗口"))

    answer = desk.post(path, fields(change, answer="第二个窗口"))

    assert answer.status_code == 409
    assert "刚在别处保存过" in words_of(answer)
    assert "第二个窗口" in answer.text
    assert change_of(core, editor).content.answer == "第一个窗口"


def test_the_page_saves_itself(core, desk, editor, change):
    path = f"/knowledge/changes/{change.id}/autosave"

    first = desk.post(path, fields(change, answer="写到一半"))
    same = desk.post(path, fields(change, answer="写到一半"))
    stale = desk.post(path, fields(change, answer="另一个窗口"))
    wrong = desk.post(path, fields(change, review_by="x"))

    assert (first.json, same.json) == ({"revision": 2}, {"revision": 2})
    assert stale.status_code == 409
    assert "别处保存过" in stale.json["error"]
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["review_by"])
    assert change_of(core, editor).content.answer == "写到一半"


def test_a_draft_belongs_to_its_author(core, desk, change, sign_in_as):
    other = sign_in_as(Role.EDITOR)

    page = other.get(f"/knowledge/changes/{change.id}/edit")
    saved = other.post(f"/knowledge/changes/{change.id}/edit", fields(change, answer="偷改"))

    assert (page.status_code, saved.status_code) == (403, 403)
    assert "由 余雯 起草" in words_of(page)


def test_a_second_editor_sees_that_somebody_is_at_it(desk, change, sign_in_as):
    other = sign_in_as(Role.EDITOR)

    page = other.get(other.post("/knowledge/loss/edit").location)

    assert "余雯 也在修改这个条目" in words_of(page)


def test_a_draft_goes_on_from_a_version_that_became_live_meanwhile(core, desk, editor, change):
    with core.unit_of_work() as uow:
        entry = queries.get(uow.session, "loss")
        an_entry(uow, slug="loss", answer="新版本的答案", department=entry.department)
    path = f"/knowledge/changes/{change.id}/edit"

    answer = desk.post(path, fields(change, answer="我的答案", then="submit"))
    assert answer.status_code == 409
    assert "条目已有新的版本" in words_of(answer)
    desk.post(f"/knowledge/changes/{change.id}/rebase")

    rebased = change_of(core, editor)
    assert (rebased.base_version, rebased.content.answer) == (2, "我的答案")
    page = desk.get(f"/knowledge/changes/{change.id}")
    assert "<del>新版本</del>" in page.text
    assert "<ins>我</ins>" in page.text


def test_a_new_entry_begins_with_its_question(core, desk, editor):
    answer = desk.post("/knowledge/new", {"question": "怎么开户籍证明？", "topic": "id_card"})

    made = change_of(core, editor)
    assert answer.location == f"/knowledge/changes/{made.id}/edit"
    assert (made.slug, made.base_version) == ("zen_me_kai_hu_ji_zheng_ming", 0)
    assert (made.content.topic_title, made.content.question) == ("身份证", "怎么开户籍证明？")
    assert desk.get(answer.location).status_code == 200


def test_a_new_entry_can_open_a_new_topic(core, desk, editor):
    desk.post("/knowledge/new", {"question": "怎么开户籍证明？", "topic_title": "户籍证明"})

    content = change_of(core, editor).content
    assert (content.topic, content.topic_title) == ("hu_ji_zheng_ming", "户籍证明")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"question": "", "topic": "id_card"}, "请填写标准问法"),
        ({"question": "问？"}, "请选择主题"),
        ({"question": "问？", "topic": "id_card", "slug": "loss"}, "已被使用"),
        ({"question": "问？", "topic": "id_card", "slug": "Ä b"}, "小写字母"),
    ],
)
def test_a_new_entry_is_refused_beside_the_field(desk, typed, told):
    answer = desk.post("/knowledge/new", typed)

    assert answer.status_code == 422
    assert told in words_of(answer)


def test_a_withdrawal_is_proposed_with_a_reason(core, desk, editor):
    refused = desk.post("/knowledge/loss/withdraw", {"reason": " "})
    assert "请写明下线的理由" in words_of(desk.get(refused.location))

    answer = desk.post("/knowledge/loss/withdraw", {"reason": "政策废止"})

    assert change_of(core, editor).state is ChangeState.IN_REVIEW
    read = words_of(desk.get(answer.location))
    assert "申请下线的条目" in read
    assert "政策废止" in read


def test_what_is_not_there_is_not_edited(desk):
    for path in ("/knowledge/nothing/edit", "/knowledge/nothing/restore"):
        assert desk.post(path, {"version": "1"}).status_code == 404
    for path in ("/knowledge/changes/9999", "/knowledge/changes/9999/edit"):
        assert desk.get(path).status_code == 404


def test_a_withdrawn_entry_can_be_edited_and_brought_back(core, desk, editor):
    with core.unit_of_work() as uow:
        withdraw_entry(uow, "loss", reason="待核实", actor="operator:1")
    desk.post("/knowledge/loss/edit")
    made = change_of(core, editor)

    with core.unit_of_work() as uow:
        submit_change(uow, made.id, author_id=editor.id)

    assert change_of(core, editor).state is ChangeState.IN_REVIEW


def test_an_operator_without_the_right_sees_no_buttons(seat: Visitor):
    read = words_of(seat.get("/knowledge/loss"))

    assert "修改" not in read
    assert "历史版本" in read


def test_another_unit_can_be_made_the_owner(core, desk, editor, change):
    with core.unit_of_work() as uow:
        code = a_department(uow).code

    desk.post(f"/knowledge/changes/{change.id}/edit", fields(change, department_code=code))

    assert change_of(core, editor).content.department_code == code
