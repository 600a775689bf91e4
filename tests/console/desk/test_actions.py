"""What an operator does in a conversation, through the buttons of the page."""

from collections.abc import Callable

import pytest

from core.bootstrap import Core
from core.conversations import queries, services
from core.conversations.states import Author, ConversationState, DeliveryState, Visibility
from core.messaging import InboundKind
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.console.browsing import Visitor, toast_of, told_by
from tests.console.conftest import SignInAs
from tests.console.desk.conversations import Talk


def state_of(core: Core, talk: Talk) -> tuple[ConversationState, int | None]:
    with core.unit_of_work() as uow:
        conversation = queries.get(uow.session, talk.id)
        return conversation.state, conversation.operator_id


def test_one_click_takes_a_waiting_conversation_over(
    seat: Visitor, operator: Operator, core: Core, talk: Talk
):
    talk.waits()

    answer = seat.press(f"/desk/{talk.id}/take-over")

    assert answer.status_code == 204
    assert state_of(core, talk) == (ConversationState.OPERATOR, operator.id)
    assert f"live:conversation-{talk.id}" in told_by(answer)
    assert "live:conversation" in told_by(answer)


def test_who_comes_second_is_told_who_was_first(
    seat: Visitor, person: Callable[..., Operator], core: Core, talk: Talk
):
    colleague = person(Role.OPERATOR, display_name="陈明")
    talk.taken_by(colleague.id)

    answer = seat.press(f"/desk/{talk.id}/take-over")

    assert answer.status_code == 409
    assert toast_of(answer) == "已由坐席 陈明 接手，无需重复接入。"
    assert state_of(core, talk) == (ConversationState.OPERATOR, colleague.id)


def test_an_operator_at_capacity_is_told_the_limit(
    sign_in_as: SignInAs, person: Callable[..., Operator], core: Core, talk: Talk
):
    busy = person(Role.OPERATOR, capacity=1)
    Talk(core).taken_by(busy.id)
    talk.waits()

    answer = sign_in_as(operator=busy).press(f"/desk/{talk.id}/take-over")

    assert answer.status_code == 409
    assert "已达上限（1 个）" in toast_of(answer)


def test_a_reply_is_said_in_the_operators_name_and_promised_delivery(
    seat: Visitor, operator: Operator, talk: Talk
):
    talk.taken_by(operator.id)

    answer = seat.press(f"/desk/{talk.id}/reply", {"text": "您好，请带户口簿。"})

    said = talk.last()
    assert answer.status_code == 204
    assert (said.author, said.operator_id, said.text) == (
        Author.OPERATOR,
        operator.id,
        "您好，请带户口簿。",
    )
    assert said.delivery is not None
    assert said.delivery.state is DeliveryState.PENDING


def test_the_same_click_sent_twice_is_one_reply(seat: Visitor, operator: Operator, talk: Talk):
    talk.taken_by(operator.id)
    before = len(talk.messages())

    for _ in range(2):
        seat.press(f"/desk/{talk.id}/reply", {"text": "请带户口簿。", "client_key": "click-1"})

    assert len(talk.messages()) == before + 1


def test_nobody_else_speaks_in_a_colleagues_conversation(
    seat: Visitor, person: Callable[..., Operator], talk: Talk
):
    talk.taken_by(person(Role.OPERATOR).id)
    before = len(talk.messages())

    answer = seat.press(f"/desk/{talk.id}/reply", {"text": "我来说两句"})

    assert answer.status_code == 403
    assert "不由您接待" in toast_of(answer)
    assert len(talk.messages()) == before


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_is_not_sent(seat: Visitor, operator: Operator, talk: Talk, text: str):
    talk.taken_by(operator.id)

    answer = seat.press(f"/desk/{talk.id}/reply", {"text": text})

    assert answer.status_code == 422
    assert toast_of(answer) == "请先输入内容。"


def test_a_reply_to_a_citizen_who_left_is_refused(seat: Visitor, operator: Operator, talk: Talk):
    talk.taken_by(operator.id)
    talk.citizen_says("", kind=InboundKind.UNFOLLOW)

    answer = seat.press(f"/desk/{talk.id}/reply", {"text": "您好"})

    assert answer.status_code == 409
    assert "已取消关注" in toast_of(answer)


def test_a_note_stays_in_the_house(seat: Visitor, operator: Operator, talk: Talk):
    talk.taken_by(operator.id)

    seat.press(f"/desk/{talk.id}/note", {"text": "上周来过窗口"})

    note = talk.last()
    assert note.visibility is Visibility.PRIVATE
    assert note.delivery is None


def test_a_note_can_be_left_where_a_colleague_speaks(
    seat: Visitor, person: Callable[..., Operator], talk: Talk
):
    talk.taken_by(person(Role.OPERATOR).id)

    assert seat.press(f"/desk/{talk.id}/note", {"text": "我了解此事"}).status_code == 204
    assert talk.last().visibility is Visibility.PRIVATE


def test_handing_back_lets_the_bot_speak_again(
    seat: Visitor, operator: Operator, core: Core, talk: Talk
):
    talk.taken_by(operator.id)

    assert seat.press(f"/desk/{talk.id}/hand-back").status_code == 204

    assert state_of(core, talk) == (ConversationState.BOT, None)


def test_passing_on_puts_the_conversation_back_into_the_queue(
    seat: Visitor, operator: Operator, core: Core, talk: Talk
):
    talk.taken_by(operator.id)

    assert seat.press(f"/desk/{talk.id}/pass-on").status_code == 204

    assert state_of(core, talk) == (ConversationState.WAITING, None)


def test_closing_ends_the_conversation(seat: Visitor, operator: Operator, core: Core, talk: Talk):
    talk.taken_by(operator.id)

    assert seat.press(f"/desk/{talk.id}/close").status_code == 204

    assert state_of(core, talk) == (ConversationState.CLOSED, None)


@pytest.mark.parametrize("step", ["hand-back", "pass-on", "close"])
def test_only_who_holds_a_conversation_ends_their_part(seat: Visitor, talk: Talk, step: str):
    talk.waits()

    answer = seat.press(f"/desk/{talk.id}/{step}")

    assert answer.status_code == 403


def test_a_failed_message_is_promised_once_more(seat: Visitor, operator: Operator, talk: Talk):
    talk.taken_by(operator.id)
    talk.delivery_fails(talk.last())

    answer = seat.press(f"/desk/{talk.id}/messages/{talk.last().id}/send-again")

    delivery = talk.last().delivery
    assert answer.status_code == 204
    assert delivery is not None
    assert delivery.state is DeliveryState.PENDING


def test_a_message_on_its_way_is_not_sent_again(seat: Visitor, operator: Operator, talk: Talk):
    talk.taken_by(operator.id)

    answer = seat.press(f"/desk/{talk.id}/messages/{talk.last().id}/send-again")

    assert answer.status_code == 409
    assert "无需重发" in toast_of(answer)


def unseen(core: Core, talk: Talk) -> int:
    with core.unit_of_work() as uow:
        lines = {line.conversation.id: line for line in queries.recent(uow.session)}
        return lines[talk.id].unseen


def test_what_the_holder_has_looked_at_is_no_longer_unseen(
    seat: Visitor, operator: Operator, core: Core, talk: Talk
):
    talk.taken_by(operator.id)
    message = talk.citizen_says("在吗")
    assert unseen(core, talk) > 0

    seat.press(f"/desk/{talk.id}/seen", {"up_to_seq": message.seq})

    assert unseen(core, talk) == 0


def test_a_glance_of_somebody_else_leaves_it_unseen(
    seat: Visitor, person: Callable[..., Operator], core: Core, talk: Talk
):
    talk.taken_by(person(Role.OPERATOR).id)
    message = talk.citizen_says("在吗")
    before = unseen(core, talk)

    seat.press(f"/desk/{talk.id}/seen", {"up_to_seq": message.seq})

    assert unseen(core, talk) == before > 0


def test_a_supervisor_reads_and_does_not_speak(
    sign_in_as: SignInAs, core: Core, talk: Talk, operator: Operator
):
    talk.taken_by(operator.id)
    supervisor = sign_in_as(Role.SUPERVISOR)

    page = supervisor.get(f"/desk/{talk.id}")

    assert page.status_code == 200
    assert "没有接待权限" in page.text
    assert "take-over" not in page.text
    assert supervisor.press(f"/desk/{talk.id}/note", {"text": "看到了"}).status_code == 403


def test_what_was_said_meanwhile_is_kept_when_the_bot_is_stopped(
    seat: Visitor, operator: Operator, core: Core, talk: Talk
):
    message = talk.citizen_says("你好")

    assert seat.press(f"/desk/{talk.id}/take-over").status_code == 204
    with core.unit_of_work() as uow:
        assert not services.record_turn(uow, message.id, [services.Reply("您好")])

    assert all(each.author is not Author.BOT for each in talk.messages())
