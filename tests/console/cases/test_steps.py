"""The whole way of a case through the screens, and what each step leaves behind."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from config.settings import Settings
from console.app import create_app
from core.cases import queries
from core.cases.states import CaseClass, CaseState, Priority
from tests.console.browsing import Visitor, words_of
from tests.console.cases.files import ANSWER, Files, address


def take(visitor: Visitor, files: Files, step: str, number: str, **given):
    case = files.now(number)
    answer = visitor.post(address(step, case), files.form(step, case, **given))
    assert answer.status_code == 303, words_of(answer)
    return visitor.get(answer.location)


def test_a_case_goes_its_whole_way(
    files: Files, dispatcher: Visitor, handler: Visitor, head: Visitor, supervisor: Visitor
):
    number = files.case().number

    accepted = take(
        dispatcher,
        files,
        "accept",
        number,
        case_class="complex",
        priority="urgent",
        reason="跨片区",
    )
    take(dispatcher, files, "dispatch", number)
    take(handler, files, "sign_for", number)
    take(handler, files, "draft", number)
    sent_back = take(head, files, "send_back", number)
    take(handler, files, "draft", number, text=ANSWER + "责任人已到场。")
    released = take(head, files, "release", number)
    closed = take(supervisor, files, "close", number)

    case = files.now(number)
    assert "已受理，可以交办" in words_of(accepted)
    assert "请写明修复日期" in words_of(sent_back)
    assert "审核通过，答复已发出" in words_of(released)
    assert "已解决：路灯已修复" in words_of(closed)
    assert (case.case_class, case.priority) == (CaseClass.COMPLEX, Priority.URGENT)
    assert case.state is CaseState.CLOSED
    assert case.released_reply.text == ANSWER + "责任人已到场。"
    assert [reply.version for reply in case.replies] == [1, 2]


def test_a_draft_that_was_sent_back_is_there_to_be_written_on(files: Files, handler: Visitor):
    case = files.taken(files.case(CaseState.REVIEWING).number, "send_back")

    page = handler.get(f"/cases/{case.number}")

    assert "上一稿退回原因：" in words_of(page)
    assert ANSWER in page.text.partition('data-step="draft"')[2]


def test_a_first_draft_begins_with_a_courteous_frame(files: Files, handler: Visitor):
    page = handler.get(f"/cases/{files.case(CaseState.HANDLING).number}")

    assert "您好！您反映的“人民路路灯不亮”" in page.text
    assert "电话：0000-8100190" in page.text


def test_an_unanswered_first_response_is_given_by_hand(files: Files, dispatcher: Visitor):
    case = files.case()
    assert case.acknowledged_at is None

    take(dispatcher, files, "acknowledge", case.number)

    assert files.now(case.number).acknowledged_at is not None
    assert 'data-step="acknowledge"' not in dispatcher.get(f"/cases/{case.number}").text


def test_acceptance_shows_what_each_class_promises(files: Files, dispatcher: Visitor):
    page = words_of(dispatcher.get(f"/cases/{files.case().number}"))

    # Submitted on Monday, 2 March 2026.
    assert "一般 7 个工作日，2026-03-11 前答复" in page
    assert "复杂 15 个工作日，2026-03-23 前答复" in page


def test_the_units_date_leaves_a_working_day_for_the_review(files: Files, dispatcher: Visitor):
    case = files.case(CaseState.ACCEPTED)
    assert case.due_on.isoformat() == "2026-03-11"

    page = dispatcher.get(f"/cases/{case.number}")

    assert 'max="2026-03-11" value="2026-03-10"' in page.text


@pytest.fixture
def busy_files(fresh_core):
    return Files(fresh_core)


def test_of_two_at_the_same_moment_one_wins_and_the_other_is_told(
    busy_files: Files, settings: Settings, redis: "Redis"
):
    app = create_app(settings, busy_files.core, redis)
    case = busy_files.case()
    visitors = [Visitor(app), Visitor(app)]
    for visitor in visitors:
        visitor.sign_in(busy_files.dispatcher.login)

    with ThreadPoolExecutor(2) as both:
        answers = list(
            both.map(
                lambda visitor, step: visitor.post(
                    address(step, case), busy_files.form(step, case)
                ),
                visitors,
                ["accept", "reject"],
            )
        )

    app.extensions["live"].stop()
    app.extensions["live"].join()
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    with busy_files.core.unit_of_work() as uow:
        state = queries.get(uow.session, case.number).state
    assert state in {CaseState.ACCEPTED, CaseState.REJECTED}
