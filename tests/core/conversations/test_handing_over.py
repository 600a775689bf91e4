"""The conversation changes hands between the bot and people."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core import event_log
from core.conversations import queries, services
from core.conversations.errors import (
    AlreadyTaken,
    IllegalConversationStep,
    NotYourConversation,
    OperatorAtCapacity,
)
from core.conversations.services import hand_off, receive, take_over
from core.conversations.states import Author, ConversationState, HandoffReason
from core.messaging import InboundKind
from tests.builders import a_conversation, a_message, an_inbound, an_operator
from tests.core.conversations.scenes import (
    a_held_conversation,
    a_waiting_conversation,
    promised_jobs,
)
from tests.fakes import MONDAY


@pytest.fixture
def operator(uow):
    return an_operator(uow)


def logged(uow, conversation):
    rows = event_log.history(uow.session, f"conversation:{conversation.id}")
    return [row.type for row in rows]


def notices(uow, conversation):
    thread = queries.thread(uow.session, conversation.id)
    return [message.text for message in thread if message.author is Author.DESK]


# --- into the queue ----------------------------------------------------------------------------


def test_a_handoff_opens_the_conversation_to_people(uow):
    message = a_message(uow)
    conversation = queries.get(uow.session, message.conversation_id)

    position = hand_off(
        uow, conversation.id, reason=HandoffReason.TWO_MISSES, message_id=message.id
    )

    assert position == 1
    assert conversation.state is ConversationState.WAITING
    assert conversation.waiting_since == MONDAY
    assert conversation.handoff_reason is HandoffReason.TWO_MISSES
    [handoff] = queries.handoffs(uow.session, conversation.id)
    assert (handoff.requested_at, handoff.message_id) == (MONDAY, message.id)
    assert logged(uow, conversation) == ["HandoffRequested"]


def test_the_queue_is_served_in_the_order_of_waiting(uow):
    first = a_waiting_conversation(uow)
    uow.now += timedelta(minutes=1)
    second, third = a_waiting_conversation(uow), a_waiting_conversation(uow)

    assert queries.waiting(uow.session)[0].conversation is first
    assert [queries.queue_position(uow.session, one) for one in (first, second, third)] == [1, 2, 3]
    assert queries.count_waiting(uow.session) == 3


def test_asking_twice_does_not_lose_the_place(uow):
    conversation = a_waiting_conversation(uow)
    uow.now += timedelta(minutes=1)
    a_waiting_conversation(uow)

    assert hand_off(uow, conversation.id, reason=HandoffReason.EMOTIONAL) == 1

    assert conversation.waiting_since == MONDAY
    assert conversation.handoff_reason is HandoffReason.CITIZEN_ASKED
    assert len(queries.handoffs(uow.session, conversation.id)) == 1


def test_asking_for_a_person_one_is_speaking_with_changes_nothing(uow, operator):
    conversation = a_held_conversation(uow, operator)

    assert hand_off(uow, conversation.id, reason=HandoffReason.CITIZEN_ASKED) == 0

    assert conversation.operator_id == operator.id


def test_a_handoff_clears_the_count_of_misses(uow):
    conversation = a_conversation(uow)
    services.note_miss(uow, conversation.id)

    hand_off(uow, conversation.id, reason=HandoffReason.TWO_MISSES)

    assert conversation.misses == 0


# --- taking over -------------------------------------------------------------------------------


def test_taking_over_lets_the_operator_speak_and_tells_the_citizen(uow, operator):
    conversation = a_waiting_conversation(uow)
    uow.now += timedelta(minutes=2)

    take_over(uow, conversation.id, operator_id=operator.id)

    assert conversation.state is ConversationState.OPERATOR
    assert (conversation.operator_id, conversation.waiting_since) == (operator.id, None)
    assert operator.display_name in notices(uow, conversation)[-1]
    [handoff] = queries.handoffs(uow.session, conversation.id)
    assert (handoff.operator_id, handoff.taken_at) == (operator.id, uow.now)
    assert handoff.reason is HandoffReason.CITIZEN_ASKED
    assert logged(uow, conversation) == ["HandoffRequested", "ConversationTakenOver"]


def test_an_operator_may_step_in_unasked(uow, operator):
    conversation = a_conversation(uow)

    take_over(uow, conversation.id, operator_id=operator.id)

    assert conversation.state is ConversationState.OPERATOR
    assert conversation.handoff_reason is HandoffReason.OPERATOR_STEPPED_IN
    assert queries.open_handoff(uow.session, conversation.id).taken_at == MONDAY


def test_taking_over_what_one_has_already_changes_nothing(uow, operator):
    conversation = a_held_conversation(uow, operator)

    take_over(uow, conversation.id, operator_id=operator.id)

    assert len(notices(uow, conversation)) == 1
    assert len(queries.handoffs(uow.session, conversation.id)) == 1


def test_what_somebody_else_has_taken_is_told_with_who(uow, operator):
    conversation = a_held_conversation(uow, operator)

    with pytest.raises(AlreadyTaken) as refused:
        take_over(uow, conversation.id, operator_id=an_operator(uow).id)

    assert refused.value.details["operator_id"] == operator.id


def test_of_two_who_click_at_once_one_is_told_who_was_first(fresh_core):
    with fresh_core.unit_of_work() as uow:
        conversation = a_waiting_conversation(uow)
        people = [an_operator(uow).id for _ in range(6)]

    def click(operator_id):
        try:
            with fresh_core.unit_of_work() as uow:
                take_over(uow, conversation.id, operator_id=operator_id)
        except AlreadyTaken as refused:
            return refused.details["operator_id"]
        return None

    with ThreadPoolExecutor(6) as clicks:
        told = dict(zip(people, clicks.map(click, people), strict=True))

    with fresh_core.unit_of_work() as uow:
        taken_by = queries.get(uow.session, conversation.id).operator_id
        assert told == {person: None if person == taken_by else taken_by for person in people}
        assert len(notices(uow, conversation)) == 1


def test_an_operator_takes_only_as_many_as_one_can_serve(uow):
    operator = an_operator(uow, capacity=2)
    for _ in range(2):
        a_held_conversation(uow, operator)
    third = a_waiting_conversation(uow)

    with pytest.raises(OperatorAtCapacity):
        take_over(uow, third.id, operator_id=operator.id)

    assert third.state is ConversationState.WAITING
    assert queries.count_held_by(uow.session, operator.id) == 2


def test_many_clicks_at_once_do_not_exceed_the_capacity(fresh_core):
    with fresh_core.unit_of_work() as uow:
        operator = an_operator(uow, capacity=2)
        queue = [a_waiting_conversation(uow).id for _ in range(6)]

    def click(conversation_id):
        try:
            with fresh_core.unit_of_work() as uow:
                take_over(uow, conversation_id, operator_id=operator.id)
        except OperatorAtCapacity:
            return False
        return True

    with ThreadPoolExecutor(6) as clicks:
        assert sum(clicks.map(click, queue)) == 2


def test_a_conversation_given_away_makes_room(uow):
    operator = an_operator(uow, capacity=1)
    first, second = a_held_conversation(uow, operator), a_waiting_conversation(uow)
    services.hand_back(uow, first.id, operator_id=operator.id)
    uow.session.flush()

    take_over(uow, second.id, operator_id=operator.id)

    assert second.operator_id == operator.id


def test_nobody_takes_over_a_talk_that_has_ended(uow, operator):
    conversation = a_held_conversation(uow, operator)
    services.close_conversation(uow, conversation.id, operator_id=operator.id)

    with pytest.raises(IllegalConversationStep):
        take_over(uow, conversation.id, operator_id=operator.id)


# --- giving away -------------------------------------------------------------------------------


def test_handing_back_lets_the_bot_start_clean(uow, operator):
    conversation = a_held_conversation(uow, operator)

    services.hand_back(uow, conversation.id, operator_id=operator.id)

    assert conversation.state is ConversationState.BOT
    assert conversation.operator_id is conversation.handoff_reason is None
    [handoff] = queries.handoffs(uow.session, conversation.id)
    assert (handoff.ended_at, handoff.ended_by) == (MONDAY, f"operator:{operator.id}")
    told = {"conversation_id": conversation.id}
    assert ("tell_dialogue", told, None) in promised_jobs(uow)
    assert len(notices(uow, conversation)) == 2


def test_passing_on_puts_the_conversation_at_the_end_of_the_queue(uow, operator):
    conversation = a_held_conversation(uow, operator)
    waiting = a_waiting_conversation(uow)
    uow.now += timedelta(minutes=1)

    services.pass_on(uow, conversation.id, operator_id=operator.id)
    uow.session.flush()

    assert conversation.state is ConversationState.WAITING
    assert conversation.operator_id is None
    assert conversation.handoff_reason is HandoffReason.OPERATOR_PASSED_ON
    assert [line.conversation for line in queries.waiting(uow.session)] == [waiting, conversation]
    first, second = queries.handoffs(uow.session, conversation.id)
    assert first.ended_at == uow.now
    assert second.ended_at is None


def test_a_colleague_takes_over_what_was_passed_on(uow, operator):
    conversation = a_held_conversation(uow, operator)
    services.pass_on(uow, conversation.id, operator_id=operator.id)
    uow.session.flush()
    colleague = an_operator(uow)

    take_over(uow, conversation.id, operator_id=colleague.id)

    assert conversation.operator_id == colleague.id
    assert queries.open_handoff(uow.session, conversation.id).operator_id == colleague.id


def test_closing_ends_the_talk(uow, operator):
    conversation = a_held_conversation(uow, operator)

    services.close_conversation(uow, conversation.id, operator_id=operator.id)
    uow.session.flush()

    assert conversation.state is ConversationState.CLOSED
    assert conversation.operator_id is None
    assert queries.open_handoff(uow.session, conversation.id) is None
    assert logged(uow, conversation)[-1] == "ConversationClosed"


@pytest.mark.parametrize(
    "give_away", [services.hand_back, services.pass_on, services.close_conversation]
)
def test_only_who_holds_a_conversation_gives_it_away(uow, operator, give_away):
    held, waiting = a_held_conversation(uow, operator), a_waiting_conversation(uow)

    for conversation, stranger in [(held, an_operator(uow)), (waiting, operator)]:
        with pytest.raises(NotYourConversation):
            give_away(uow, conversation.id, operator_id=stranger.id)


def test_who_has_left_is_told_nothing(uow, operator):
    conversation = a_held_conversation(uow, operator)
    receive(
        uow,
        an_inbound(uow, address=conversation.identity.address, kind=InboundKind.UNFOLLOW),
    )
    before = notices(uow, conversation)

    services.close_conversation(uow, conversation.id, operator_id=operator.id)

    assert notices(uow, conversation) == before


# --- lists -------------------------------------------------------------------------------------


def test_lists_show_the_newest_words_first(uow):
    old = a_conversation(uow, text="先来的")
    uow.now += timedelta(minutes=1)
    new = a_conversation(uow, text="后来的")

    lines = queries.recent(uow.session)

    assert [line.conversation for line in lines] == [new, old]
    assert [line.last_text for line in lines] == ["后来的", "先来的"]
    assert [line.last_author for line in lines] == [Author.CITIZEN] * 2


def test_a_list_shows_one_state_when_asked(uow, operator):
    waiting, held = a_waiting_conversation(uow), a_held_conversation(uow, operator)

    def in_state(state):
        return [line.conversation for line in queries.recent(uow.session, state=state)]

    assert in_state(ConversationState.WAITING) == [waiting]
    assert in_state(ConversationState.OPERATOR) == [held]
    assert in_state(ConversationState.CLOSED) == []
    assert [line.conversation for line in queries.held_by(uow.session, operator.id)] == [held]
