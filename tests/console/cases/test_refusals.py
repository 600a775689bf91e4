"""A step that does not go through: why is told beside the form, and nothing typed is lost."""

from html import unescape

import pytest

from core.cases.states import CaseState
from core.operators.permissions import Role
from tests.console.browsing import Visitor, words_of
from tests.console.cases.files import Files, address
from tests.console.conftest import SignInAs


def take(visitor: Visitor, files: Files, step: str, case, **given):
    return visitor.post(address(step, case), files.form(step, case, **given))


def test_whoever_comes_second_is_told_what_the_first_did_and_keeps_the_text(
    files: Files, dispatcher: Visitor, sign_in_as: SignInAs, person
):
    case = files.case()
    second = sign_in_as(operator=person(Role.DISPATCHER, display_name="曹瑜"))
    assert take(dispatcher, files, "accept", case).status_code == 303

    answer = take(second, files, "reject", case, explanation="请补充路灯的编号。")

    assert answer.status_code == 409
    assert "赵敏行已受理了工单" in words_of(answer)
    assert "本次操作没有执行" in words_of(answer)
    assert "请补充路灯的编号。" in answer.text
    assert files.now(case.number).state is CaseState.ACCEPTED


def test_a_stale_page_comes_back_with_the_text_and_can_be_sent_again(
    files: Files, head: Visitor, handler: Visitor
):
    case = files.case(CaseState.HANDLING)
    text = "您好，经核查，路灯已于3月1日修复。" * 3
    urged = files.now(case.number).version
    with files.core.unit_of_work() as uow:
        from_elsewhere = files.form("urge", case)
        assert from_elsewhere["seen_version"] == urged
        files.take_urge(uow, case.number)

    stale = take(handler, files, "draft", case, text=text)
    again = take(handler, files, "draft", files.now(case.number), text=text)

    assert stale.status_code == 409
    assert "严正平已向承办单位催办" in words_of(stale)
    assert text in unescape(stale.text)
    assert f'name="seen_version" value="{urged + 1}"' in stale.text
    assert again.status_code == 303


def test_what_was_typed_is_shown_when_the_step_is_no_longer_open(
    files: Files, handler: Visitor, head: Visitor
):
    case = files.case(CaseState.HANDLING)
    take(head, files, "draft", case)

    answer = take(handler, files, "draft", case, text="我写了很久的另一份答复，请不要丢掉。")

    assert answer.status_code == 409
    assert "“拟写答复”没有执行" in words_of(answer)
    assert "我写了很久的另一份答复，请不要丢掉。" in answer.text


@pytest.mark.parametrize(
    ("step", "state", "visitor"),
    [
        ("accept", CaseState.SUBMITTED, "dispatcher"),
        ("reject", CaseState.SUBMITTED, "dispatcher"),
        ("dispatch", CaseState.ACCEPTED, "dispatcher"),
        ("sign_for", CaseState.DISPATCHED, "handler"),
        ("return", CaseState.DISPATCHED, "head"),
        ("draft", CaseState.HANDLING, "handler"),
        ("release", CaseState.REVIEWING, "head"),
        ("send_back", CaseState.REVIEWING, "head"),
        ("close", CaseState.REPLIED, "supervisor"),
        ("urge", CaseState.HANDLING, "supervisor"),
    ],
)
def test_pressing_twice_does_it_once_and_shows_no_error(
    files: Files, request, step: str, state: CaseState, visitor: str
):
    person = request.getfixturevalue(visitor)
    case = files.case(state)

    first, second = (take(person, files, step, case) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert files.now(case.number).version == case.version + 1


def test_a_colleague_with_the_same_step_is_not_taken_for_a_second_click(
    files: Files, dispatcher: Visitor, sign_in_as: SignInAs, person
):
    case = files.case()
    take(dispatcher, files, "accept", case)

    answer = take(sign_in_as(operator=person(Role.DISPATCHER)), files, "accept", case)

    assert answer.status_code == 409


def test_a_page_without_its_version_changes_nothing(files: Files, dispatcher: Visitor):
    case = files.case()

    answer = take(dispatcher, files, "accept", case, seen_version="")

    assert answer.status_code == 409
    assert files.now(case.number).state is CaseState.SUBMITTED


def test_looking_again_keeps_the_text_and_does_nothing(files: Files, handler: Visitor):
    case = files.case(CaseState.HANDLING)

    answer = take(handler, files, "draft", case, text="写到一半", look_again="yes")

    assert answer.status_code == 200
    assert "写到一半" in answer.text
    assert files.now(case.number).state is CaseState.HANDLING


@pytest.mark.parametrize(
    ("step", "state", "given", "words"),
    [
        ("accept", CaseState.SUBMITTED, {"case_class": "complex"}, "请写明理由"),
        ("accept", CaseState.SUBMITTED, {"case_class": "nonsense"}, "选择无效"),
        ("reject", CaseState.SUBMITTED, {"reason": ""}, "请选择理由"),
        ("reject", CaseState.SUBMITTED, {"explanation": "  "}, "请填写说明"),
        ("reject", CaseState.SUBMITTED, {"explanation": "请向【单位】反映"}, "补全【】"),
        ("dispatch", CaseState.ACCEPTED, {"department_id": ""}, "请选择承办单位"),
        ("dispatch", CaseState.ACCEPTED, {"department_id": "999999"}, "没有找到这个部门"),
        ("dispatch", CaseState.ACCEPTED, {"due_on": "2026-13-40"}, "请选择单位办理期限"),
        ("dispatch", CaseState.ACCEPTED, {"due_on": "2026-03-01"}, "不能早于今天"),
        ("dispatch", CaseState.ACCEPTED, {"due_on": "2026-12-31"}, "不能晚于对市民的答复期限"),
        ("dispatch", CaseState.ACCEPTED, {"requirements": ""}, "请填写办理要求"),
        ("urge", CaseState.ACCEPTED, {"text": ""}, "请填写催办内容"),
    ],
)
def test_what_is_missing_is_told_beside_the_field(
    files: Files,
    dispatcher: Visitor,
    step: str,
    state: CaseState,
    given: dict[str, str],
    words: str,
):
    case = files.case(state)

    answer = take(dispatcher, files, step, case, **given)

    assert answer.status_code in {404, 422}
    assert words in words_of(answer)
    assert files.now(case.number).version == case.version


def test_a_reply_of_a_few_words_is_refused(files: Files, handler: Visitor):
    case = files.case(CaseState.HANDLING)

    answer = take(handler, files, "draft", case, text="已处理。")

    assert answer.status_code == 422
    assert "答复内容过短，至少 20 个字" in words_of(answer)


def test_a_unit_without_a_contact_cannot_be_chosen(files: Files, dispatcher: Visitor, department):
    nobody = department(name="无人科", contact_name=None)
    case = files.case(CaseState.ACCEPTED)

    page = dispatcher.get(f"/cases/{case.number}")
    answer = take(dispatcher, files, "dispatch", case, department_id=nobody.id)

    assert f'<option value="{nobody.id}" disabled' in page.text
    assert "无人科（未登记联系人）" in words_of(page)
    assert answer.status_code == 409
    assert "没有登记联系人" in words_of(answer)


def test_nobody_reviews_an_own_draft_and_the_page_says_so(files: Files, head: Visitor):
    case = files.case(CaseState.HANDLING)
    take(head, files, "draft", case)
    case = files.now(case.number)

    page = head.get(f"/cases/{case.number}")
    release, send_back = (take(head, files, step, case) for step in ("release", "send_back"))

    assert "起草人不能审核自己的答复" in words_of(page)
    assert 'data-step="release"' not in page.text
    assert release.status_code == send_back.status_code == 403
    assert "不能审核自己起草的答复" in words_of(release)
    assert files.now(case.number).state is CaseState.REVIEWING


def test_a_designated_unit_cannot_return_the_case_and_the_page_says_so(
    files: Files, dispatcher: Visitor, head: Visitor
):
    case = files.case(CaseState.ACCEPTED)
    take(dispatcher, files, "dispatch", case, is_designated="yes")
    case = files.now(case.number)

    page = head.get(f"/cases/{case.number}")
    answer = take(head, files, "return", case)

    assert "本单位为指定承办单位，不能再退回" in words_of(page)
    assert answer.status_code == 409
    assert files.now(case.number).state is CaseState.DISPATCHED


def test_a_unit_returns_a_case_once_only(files: Files, head: Visitor):
    case = files.taken(files.case(CaseState.RETURNED).number, "dispatch")

    page = head.get(f"/cases/{case.number}")

    assert "本单位已退回过一次，不能再退回" in words_of(page)
    assert take(head, files, "return", case).status_code == 409


def test_after_returning_a_case_its_unit_is_led_to_the_list(files: Files, head: Visitor):
    answer = take(head, files, "return", files.case(CaseState.DISPATCHED))

    assert answer.status_code == 303
    assert answer.location == "/cases/"


def test_a_form_without_its_token_changes_nothing(files: Files, dispatcher: Visitor):
    case = files.case()

    answer = dispatcher.client.post(address("accept", case), data=files.form("accept", case))

    assert answer.status_code == 400
    assert files.now(case.number).state is CaseState.SUBMITTED


@pytest.mark.parametrize("path", ["/cases/?words=%00", "/cases/WZ%00", "/cases/?unit=%00"])
def test_a_nul_in_an_address_is_refused(dispatcher: Visitor, path: str):
    assert dispatcher.get(path).status_code == 400


def test_a_nul_in_a_form_is_refused(files: Files, dispatcher: Visitor):
    case = files.case()

    answer = take(dispatcher, files, "reject", case, explanation="内容\0里有空字符")

    assert answer.status_code == 400
