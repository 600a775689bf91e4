"""What is owed goes out in order, is tried again with patience, and never silently lost."""

from datetime import timedelta

import pytest

from core.conversations import queries, services
from core.conversations.errors import MessageNotFound, NothingToSendAgain
from core.conversations.models import Delivery
from core.conversations.services.delivering import LEASE, MAX_ATTEMPTS, SETTLING
from core.conversations.states import OUTCOME_UNKNOWN, DeliveryState, DeliveryWay
from tests.builders import a_conversation, a_message, an_operator
from tests.core.conversations.scenes import delivered, promised_jobs, said_by_bot
from tests.fakes import MONDAY


@pytest.fixture
def reply(uow):
    [reply] = said_by_bot(uow, "请到户籍所在地申请补领。")
    return reply


def lease(uow, reply):
    leased = services.lease_delivery(uow, reply.conversation_id)
    uow.session.flush()
    return leased


def fail(uow, reply, *, can_retry=True):
    at = services.record_delivery_failure(
        uow, reply.id, code="-1", reason="system busy", can_retry=can_retry
    )
    uow.session.flush()
    return at


def test_nothing_owed_is_nothing_to_do(uow):
    assert services.lease_delivery(uow, a_conversation(uow).id) is None


def test_what_is_owed_goes_out_in_the_order_it_was_said(uow):
    message = a_message(uow)
    said_by_bot(uow, "一", "二", message=message)
    services.say_as_desk(uow, message.conversation_id, text="三")

    assert delivered(uow, message.conversation_id) == ["一", "二", "三"]


def test_a_delivery_is_put_on_record(uow, reply):
    lease(uow, reply)

    services.record_delivery(uow, reply.id)

    assert reply.delivery.state is DeliveryState.SENT
    assert (reply.delivery.way, reply.delivery.sent_at) == (DeliveryWay.API, MONDAY)
    assert reply.delivery.attempts == 1


def test_a_waiting_webhook_goes_first(uow):
    until = MONDAY + timedelta(seconds=4)
    message = a_message(uow, passive_until=until)
    said_by_bot(uow, "一", message=message)

    assert services.lease_delivery(uow, message.conversation_id) == until
    uow.now = until
    assert isinstance(services.lease_delivery(uow, message.conversation_id), Delivery)


def test_when_the_webhook_has_gone_the_api_goes_at_once(uow):
    message = a_message(uow, passive_until=MONDAY + timedelta(seconds=4))
    said_by_bot(uow, "一", message=message)

    services.shut_passive_window(uow, message.id)

    assert promised_jobs(uow)[-1][2] is None
    assert delivered(uow, message.conversation_id) == ["一"]


def test_an_attempt_under_way_is_not_made_twice(uow, reply):
    lease(uow, reply)

    assert lease(uow, reply) == MONDAY + LEASE


def test_what_somebody_was_sending_who_died_is_left_to_people(uow, reply):
    services.say_as_desk(uow, reply.conversation_id, text="后说的")
    lease(uow, reply)
    uow.now += LEASE

    assert delivered(uow, reply.conversation_id) == ["后说的"]
    assert reply.delivery.state is DeliveryState.FAILED
    assert (reply.delivery.error_code, reply.delivery.error) == (
        OUTCOME_UNKNOWN,
        "the sender was cut off",
    )


def test_a_sender_thought_dead_that_ends_well_has_delivered(uow, reply):
    lease(uow, reply)
    uow.now += LEASE
    assert delivered(uow, reply.conversation_id) == []

    services.record_delivery(uow, reply.id)

    assert (reply.delivery.state, reply.delivery.error_code) == (DeliveryState.SENT, None)


def test_nothing_overtakes_what_may_still_arrive(uow, reply):
    services.say_as_desk(uow, reply.conversation_id, text="后说的")
    lease(uow, reply)

    until = services.record_unknown_outcome(uow, reply.id, reason="no answer: ReadTimeout")

    assert until == uow.now + SETTLING
    assert services.lease_delivery(uow, reply.conversation_id) == until
    uow.now = until
    assert delivered(uow, reply.conversation_id) == ["后说的"]
    assert reply.delivery.state is DeliveryState.FAILED
    assert (reply.delivery.error_code, reply.delivery.error) == (
        OUTCOME_UNKNOWN,
        "no answer: ReadTimeout",
    )


def test_a_refused_message_is_tried_again_later_and_later(uow, reply):
    waits = []
    for _ in range(MAX_ATTEMPTS - 1):
        lease(uow, reply)
        due = fail(uow, reply)
        assert lease(uow, reply) == due
        waits.append((due - uow.now).total_seconds())
        uow.now = due

    assert waits == [5, 10, 20, 40, 80]
    assert reply.delivery.state is DeliveryState.PENDING


def test_nothing_overtakes_a_message_that_waits_for_its_next_attempt(uow, reply):
    services.say_as_desk(uow, reply.conversation_id, text="后说的")
    lease(uow, reply)
    due = fail(uow, reply)

    assert lease(uow, reply) == due
    uow.now = due
    assert delivered(uow, reply.conversation_id) == [reply.text, "后说的"]


def test_after_enough_attempts_it_is_given_up_where_staff_can_see_it(uow, reply):
    for _ in range(MAX_ATTEMPTS):
        lease(uow, reply)
        due = fail(uow, reply)
        uow.now = due or uow.now

    assert due is None
    assert reply.delivery.state is DeliveryState.FAILED
    assert (reply.delivery.error_code, reply.delivery.error) == ("-1", "system busy")
    assert queries.failed_deliveries(uow.session) == [reply]


def test_what_cannot_be_delivered_is_given_up_at_once(uow, reply):
    lease(uow, reply)

    assert fail(uow, reply, can_retry=False) is None
    assert reply.delivery.state is DeliveryState.FAILED


def test_a_message_given_up_does_not_hold_up_the_others(uow, reply):
    services.say_as_desk(uow, reply.conversation_id, text="后说的")
    lease(uow, reply)
    fail(uow, reply, can_retry=False)

    assert delivered(uow, reply.conversation_id) == ["后说的"]


def test_a_failure_reported_after_the_lease_does_not_undo_a_delivery(uow, reply):
    lease(uow, reply)
    services.record_delivery(uow, reply.id)

    assert fail(uow, reply) is None
    assert services.record_unknown_outcome(uow, reply.id, reason="no answer") is None

    assert reply.delivery.state is DeliveryState.SENT
    assert delivered(uow, reply.conversation_id) == []


def test_the_error_is_forgotten_when_the_message_arrives(uow, reply):
    lease(uow, reply)
    uow.now = fail(uow, reply)

    assert delivered(uow, reply.conversation_id) == [reply.text]
    assert reply.delivery.error is reply.delivery.error_code is None


def test_what_failed_can_be_sent_again(uow, reply):
    lease(uow, reply)
    fail(uow, reply, can_retry=False)

    services.send_again(uow, reply.id, operator_id=an_operator(uow).id)
    uow.session.flush()

    assert (reply.delivery.state, reply.delivery.attempts) == (DeliveryState.PENDING, 0)
    assert promised_jobs(uow)[-1][0] == "deliver_replies"
    assert delivered(uow, reply.conversation_id) == [reply.text]


@pytest.mark.parametrize("way", ["pending", "sending", "sent", "note", "inbound"])
def test_only_what_failed_is_sent_again(uow, reply, way):
    operator = an_operator(uow)
    message = reply
    if way == "sending":
        lease(uow, reply)
    elif way == "sent":
        delivered(uow, reply.conversation_id)
    elif way == "note":
        message = services.add_note(
            uow, reply.conversation_id, operator_id=operator.id, text="内部"
        )
    elif way == "inbound":
        message = queries.get_message(uow.session, reply.in_reply_to_id)

    with pytest.raises(NothingToSendAgain):
        services.send_again(uow, message.id, operator_id=operator.id)


def test_what_does_not_exist_is_not_sent_again(uow):
    with pytest.raises(MessageNotFound):
        services.send_again(uow, 0, operator_id=an_operator(uow).id)


def test_deliveries_whose_job_is_gone_are_found(uow, reply):
    assert queries.undelivered_since(uow.session, MONDAY) == []
    assert queries.undelivered_since(uow.session, MONDAY + timedelta(seconds=1)) == [
        reply.conversation_id
    ]

    delivered(uow, reply.conversation_id)

    assert queries.undelivered_since(uow.session, MONDAY + timedelta(seconds=1)) == []
