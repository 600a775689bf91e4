"""The case is answered, rated and closed."""

import pytest

from core import event_log
from core.cases import queries, services
from core.cases.errors import (
    AlreadyRated,
    IllegalTransition,
    ReasonMissing,
    ReplyTooShort,
    ReviewerIsDrafter,
)
from core.cases.states import CaseState, Rating
from core.conversations import queries as conversations
from core.conversations.states import Author, DeliveryState
from core.operators.permissions import Role
from tests.builders import a_conversation, an_operator
from tests.core.cases import staff as by
from tests.core.cases.staff import ANSWER, a_case_in
from tests.fakes import MONDAY


def types(uow, case):
    return [row.type for row in event_log.history(uow.session, f"case:{case.number}")]


def test_a_draft_is_put_before_the_reviewer(uow, staff):
    case = a_case_in(uow, CaseState.HANDLING, staff)

    by.draft(uow, staff, case, text=f"  {ANSWER}\n")

    assert case.state is CaseState.REVIEWING
    assert case.current_reply.text == ANSWER
    assert (case.current_reply.version, case.current_reply.drafted_by_id) == (1, staff.handler.id)
    assert case.released_reply is None


@pytest.mark.parametrize("text", ["", "已收到，将尽快办理。", " " * 30])
def test_an_answer_that_says_nothing_is_refused(uow, staff, text):
    case = a_case_in(uow, CaseState.HANDLING, staff)

    with pytest.raises(ReplyTooShort):
        by.draft(uow, staff, case, text=text)


def test_a_draft_sent_back_is_kept_beside_the_new_one(uow, staff):
    case = a_case_in(uow, CaseState.REVIEWING, staff)
    by.send_back(uow, staff, case, reason="请写明日期")
    better = ANSWER + "修复日期为3月2日。"

    by.draft(uow, staff, case, text=better)

    first, second = case.replies
    assert (first.version, first.sent_back_reason) == (1, "请写明日期")
    assert (first.reviewed_by_id, first.released_at) == (staff.head.id, None)
    assert (second.version, second.text) == (2, better)
    assert case.state is CaseState.REVIEWING


@pytest.mark.parametrize("reason", ["", " \n"])
def test_sending_back_must_say_why(uow, staff, reason):
    case = a_case_in(uow, CaseState.REVIEWING, staff)

    with pytest.raises(ReasonMissing):
        by.send_back(uow, staff, case, reason=reason)


@pytest.mark.parametrize("judge", [by.send_back, by.reply])
def test_nobody_reviews_an_own_draft(uow, staff, judge):
    case = a_case_in(uow, CaseState.HANDLING, staff)
    by.draft(uow, staff, case, operator_id=staff.head.id)

    with pytest.raises(ReviewerIsDrafter):
        judge(uow, staff, case)

    assert case.state is CaseState.REVIEWING


def test_a_second_draft_is_reviewed_by_somebody_else_again(uow, staff):
    case = a_case_in(uow, CaseState.REVIEWING, staff)
    by.send_back(uow, staff, case)
    by.draft(uow, staff, case, operator_id=staff.head.id)
    colleague = an_operator(uow, Role.UNIT_HEAD, department=staff.unit)

    with pytest.raises(ReviewerIsDrafter):
        by.reply(uow, staff, case)
    by.reply(uow, staff, case, operator_id=colleague.id)

    assert case.state is CaseState.REPLIED


def test_the_released_answer_reaches_the_citizen_in_the_chat(uow, staff):
    conversation = a_conversation(uow)
    case = a_case_in(uow, CaseState.REVIEWING, staff, conversation_id=conversation.id)

    by.reply(uow, staff, case)

    message = conversations.thread(uow.session, conversation.id)[-1]
    assert message.author is Author.DESK
    assert ANSWER in message.text
    assert staff.unit.name in message.text
    assert message.delivery.state is DeliveryState.PENDING
    assert case.released_reply.message_id == message.id
    assert (case.state, case.replied_at) == (CaseState.REPLIED, MONDAY)


def test_a_draft_never_reaches_the_citizen(uow, staff):
    conversation = a_conversation(uow)

    a_case_in(uow, CaseState.REVIEWING, staff, conversation_id=conversation.id)

    thread = conversations.thread(uow.session, conversation.id)
    assert not any(ANSWER in message.text for message in thread)


@pytest.mark.parametrize("rating", [rating for rating in Rating if not rating.is_bad])
def test_a_good_rating_closes_the_case(uow, staff, rating):
    case = a_case_in(uow, CaseState.REPLIED, staff)

    services.rate_case(uow, case.number, rating=rating, comment=" 很快 ", actor="citizen:1")

    assert case.state is CaseState.CLOSED
    assert (case.rating, case.rating_comment, case.rated_at) == (rating, "很快", MONDAY)
    assert case.closed_at == MONDAY
    assert types(uow, case)[-2:] == ["CaseRated", "CaseClosed"]


@pytest.mark.parametrize("rating", [rating for rating in Rating if rating.is_bad])
def test_a_bad_rating_keeps_the_case_open_for_somebody_to_look_at(uow, staff, rating):
    case = a_case_in(uow, CaseState.REPLIED, staff)

    services.rate_case(uow, case.number, rating=rating)

    assert (case.state, case.closed_at) == (CaseState.REPLIED, None)
    assert types(uow, case)[-1] == "CaseRated"


def test_an_answer_is_rated_once(uow, staff):
    case = a_case_in(uow, CaseState.REPLIED, staff)
    services.rate_case(uow, case.number, rating=Rating.DISSATISFIED)

    with pytest.raises(AlreadyRated):
        services.rate_case(uow, case.number, rating=Rating.VERY_SATISFIED)

    assert case.rating is Rating.DISSATISFIED


def test_a_case_closed_by_its_rating_was_rated_already(uow, staff):
    case = a_case_in(uow, CaseState.REPLIED, staff)
    services.rate_case(uow, case.number, rating=Rating.SATISFIED)

    with pytest.raises(AlreadyRated):
        services.rate_case(uow, case.number, rating=Rating.DISSATISFIED)


@pytest.mark.parametrize("state", sorted(set(CaseState) - {CaseState.REPLIED}))
def test_only_an_answer_can_be_rated(uow, staff, state):
    case = a_case_in(uow, state, staff)

    with pytest.raises(IllegalTransition):
        services.rate_case(uow, case.number, rating=Rating.SATISFIED)


def test_closing_says_with_what_result(uow, staff):
    case = a_case_in(uow, CaseState.REPLIED, staff)

    by.close(uow, staff, case, result=" 已解决 ")

    assert (case.state, case.result, case.closed_at) == (CaseState.CLOSED, "已解决", MONDAY)


@pytest.mark.parametrize("result", ["", "  "])
def test_a_case_is_not_closed_without_a_result(uow, staff, result):
    case = a_case_in(uow, CaseState.REPLIED, staff)

    with pytest.raises(ReasonMissing):
        by.close(uow, staff, case, result=result)

    assert case.state is CaseState.REPLIED


def test_a_due_date_is_explained_as_it_was_counted(uow, staff, office):
    case = a_case_in(uow, CaseState.ACCEPTED, staff)

    assert queries.explain_due_date(case, office.calendar)[-1].day == case.due_on
