"""What the page of a case shows: content, contact, clocks, drafts, delivery."""

from datetime import date, timedelta
from html import unescape

import pytest

from core.cases.events import ContactRead
from core.cases.services import Contact
from core.cases.states import CaseKind, CaseState
from core.conversations import services as conversations
from core.conversations.states import HeldFor
from core.operators.permissions import Role
from tests.builders import a_conversation
from tests.console.browsing import Visitor, words_of
from tests.console.cases.files import ANSWER, Files
from tests.console.conftest import SignInAs

SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture
def conversation_id(core) -> int:
    with core.unit_of_work() as uow:
        return a_conversation(uow).id


def test_the_page_shows_what_the_citizen_asked(files: Files, supervisor: Visitor):
    case = files.case(kind=CaseKind.COMPLAINT, place="人民路与文化街路口")

    page = words_of(supervisor.get(f"/cases/{case.number}"))

    assert case.content in page
    assert "人民路与文化街路口" in page
    assert "投诉" in page


def test_the_four_steps_the_citizen_sees_are_shown(files: Files, supervisor: Visitor):
    page = supervisor.get(f"/cases/{files.case(CaseState.HANDLING).number}")

    assert [
        "is-reached" in part for part in page.text.partition('class="stages"')[2].split("<li")[1:5]
    ] == [True, True, True, False]


def test_the_contact_is_masked_until_somebody_asks_for_it_and_that_is_logged(
    files: Files, handler: Visitor, announced
):
    case = files.case(CaseState.HANDLING)
    before = handler.get(f"/cases/{case.number}")
    assert "13800001234" not in before.text
    assert "李建国" not in before.text
    assert not [event for event in announced if isinstance(event, ContactRead)]

    shown = handler.press(f"/cases/{case.number}/contact")

    assert "李建国" in shown.text
    assert "13800001234" in shown.text
    read = [event for event in announced if isinstance(event, ContactRead)]
    assert [event.actor for event in read] == [f"operator:{files.handler.id}"]
    assert "路明 城市管理局 查看了市民的联系方式" in words_of(handler.get(f"/cases/{case.number}"))
    assert "13800001234" not in handler.get(f"/cases/{case.number}").text


def test_without_scripts_the_contact_comes_with_the_whole_page(files: Files, handler: Visitor):
    case = files.case(CaseState.HANDLING)
    handler.get(f"/cases/{case.number}")

    page = handler.post(f"/cases/{case.number}/contact")

    assert "13800001234" in page.text
    assert "诉求内容" in page.text


def test_a_leader_sees_the_case_but_not_the_contact(files: Files, sign_in_as: SignInAs):
    case = files.case()
    leader = sign_in_as(Role.LEADER)

    assert "查看联系方式" not in leader.get(f"/cases/{case.number}").text
    assert leader.post(f"/cases/{case.number}/contact").status_code == 403


def test_where_no_contact_was_left_there_is_none_to_open(files: Files, supervisor: Visitor):
    page = supervisor.get(f"/cases/{files.case(contact=Contact()).number}")

    assert "未留联系方式" in words_of(page)
    assert "查看联系方式" not in page.text


def test_the_deadline_is_counted_day_by_day(files: Files, supervisor: Visitor):
    page = words_of(supervisor.get(f"/cases/{files.case(CaseState.ACCEPTED).number}"))

    assert "3月2日提交，当天不计入；从次日起数 7 个工作日，至 3月11日 答复市民" in page
    assert "2026-03-02 提交当天，不计入" in page
    assert "2026-03-03 周二 工作日，第 1 个工作日" in page
    assert "2026-03-07 周六 周末，不计" in page
    assert "2026-03-11 周三 工作日，第 7 个工作日" in page


def test_holidays_and_make_up_days_are_explained(files: Files, supervisor: Visitor, clock):
    clock.advance(timedelta(days=57))  # Tuesday, 28 April 2026: the May holiday lies ahead
    supervisor.sign_in(files.supervisor.login)
    page = words_of(supervisor.get(f"/cases/{files.case().number}"))

    assert "其间法定节假日" in page
    assert "节假日，不计" in page
    assert "其间调休上班" in page
    assert "调休上班，第" in page


def test_a_year_without_an_official_notice_is_marked_provisional(
    files: Files, supervisor: Visitor, clock
):
    clock.advance(timedelta(days=300))  # late December 2026: the deadline lies in 2027
    supervisor.sign_in(files.supervisor.login)
    case = files.case()
    assert case.due_is_provisional

    for path in (f"/cases/{case.number}", "/cases/"):
        assert "暂定" in words_of(supervisor.get(path))


def test_the_clock_of_the_first_response_runs_in_hours(files: Files, supervisor: Visitor, clock):
    case = files.case()

    clock.advance(timedelta(hours=20))
    supervisor.sign_in(files.supervisor.login)  # sessions end overnight
    assert "还有 4小时0分" in words_of(supervisor.get(f"/cases/{case.number}"))
    clock.advance(timedelta(hours=5))
    supervisor.sign_in(files.supervisor.login)
    assert "已超时 1小时0分" in words_of(supervisor.get(f"/cases/{case.number}"))


def test_every_draft_is_kept_with_who_wrote_and_who_judged_it(files: Files, supervisor: Visitor):
    case = files.taken(files.case(CaseState.REVIEWING).number, "send_back", "draft", "release")

    page = words_of(supervisor.get(f"/cases/{case.number}"))

    assert "第 2 稿 已答复市民 路明 起草于 10:00 ，路广平 审核于 10:00" in page
    assert "第 1 稿 已退回修改" in page
    assert "退回原因： 请写明修复日期。" in page


@pytest.mark.parametrize(
    ("waits_for_citizen", "words"),
    [
        (False, "发送失败 下行条数超限。请改用电话告知市民"),
        (True, "待市民再次来消息时送达 平台暂不再接收。请改用电话告知市民"),
    ],
)
def test_how_the_answer_travels_is_shown(
    files: Files,
    sign_in_as: SignInAs,
    conversation_id: int,
    waits_for_citizen: bool,
    words: str,
):
    operator = sign_in_as(Role.SUPERVISOR)
    case = files.case(CaseState.REPLIED, conversation_id=conversation_id)
    path = f"/cases/{case.number}"
    assert "待发送" in words_of(operator.get(path))

    with files.core.unit_of_work() as uow:
        while owed := conversations.lease_delivery(uow, conversation_id):
            is_answer = owed.message_id == case.released_reply.message_id
            if is_answer:
                conversations.record_delivery_failure(
                    uow,
                    owed.message_id,
                    code="45047",
                    reason="下行条数超限",
                    can_retry=False,
                    held_for=HeldFor.QUOTA_USED if waits_for_citizen else None,
                )
            else:
                conversations.record_delivery(uow, owed.message_id)
    page = operator.get(path)

    assert words in words_of(page)
    assert f'href="/desk/{conversation_id}"' in page.text


def test_a_case_without_a_chat_says_that_the_citizen_must_be_told(
    files: Files, supervisor: Visitor
):
    page = supervisor.get(f"/cases/{files.case(CaseState.REPLIED).number}")

    assert "未经聊天发送" in words_of(page)


def test_the_conversation_is_linked_only_for_who_may_read_it(
    files: Files, conversation_id: int, dispatcher: Visitor, supervisor: Visitor
):
    case = files.case(conversation_id=conversation_id)

    assert f"/desk/{conversation_id}" not in dispatcher.get(f"/cases/{case.number}").text
    assert f"/desk/{conversation_id}" in supervisor.get(f"/cases/{case.number}").text


@pytest.mark.parametrize("state", [CaseState.SUBMITTED, CaseState.REPLIED])
def test_what_citizens_and_staff_write_is_shown_as_text(
    files: Files, supervisor: Visitor, state: CaseState
):
    case = files.case(
        state, title=SCRIPT[:40], content=SCRIPT, place=SCRIPT, contact=Contact(SCRIPT, "")
    )

    for path in (f"/cases/{case.number}", "/cases/", f"/cases/?words={SCRIPT}"):
        page = supervisor.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    contact = supervisor.press(f"/cases/{case.number}/contact").text
    assert "<script>alert" not in contact
    assert SCRIPT in unescape(contact)


def test_a_fresh_part_replaces_what_has_changed(files: Files, supervisor: Visitor):
    case = files.case(CaseState.REVIEWING)
    files.taken(case.number, "release")

    news = supervisor.get_fragment(f"/cases/{case.number}/news").text
    steps = supervisor.get_fragment(f"/cases/{case.number}/steps")

    assert ANSWER in news
    assert news.count("hx-swap-oob=true") == 3
    assert steps.headers["X-Case-Version"] == str(case.version + 1)
    assert 'data-step="close"' in steps.text


def test_a_case_that_is_not_there_is_not_found(supervisor: Visitor):
    answer = supervisor.get("/cases/WZ202601010001")

    assert answer.status_code == 404
    assert "没有找到这件工单" in words_of(answer)


def test_a_late_answer_is_marked_late(files: Files, supervisor: Visitor, clock):
    case = files.case(CaseState.REVIEWING)
    clock.advance(timedelta(days=(date(2026, 3, 13) - date(2026, 3, 2)).days))
    files.taken(case.number, "release")
    supervisor.sign_in(files.supervisor.login)

    assert "超期 2 个工作日答复" in words_of(supervisor.get(f"/cases/{case.number}"))
