"""What is said in the answer to a push: everything owed, in order, and never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core.conversations import queries, services
from core.conversations.events import DeliveryChanged
from core.conversations.models import Delivery
from core.conversations.services import Fit, PassiveWords, Reply, claim_passive
from core.conversations.states import DeliveryState, DeliveryWay
from tests.builders import a_message, an_operator
from tests.core.conversations.scenes import (
    delivered,
    everything,
    promised_jobs,
    said_by_bot,
)
from tests.fakes import MONDAY

WINDOW = timedelta(seconds=4)


@pytest.fixture
def message(uow):
    """A message whose webhook is waiting."""
    return a_message(uow, passive_until=uow.now + WINDOW)


def the_next(uow, message):
    """The same citizen writes again; another webhook waits for the answer."""
    address = queries.get(uow.session, message.conversation_id).identity.address
    return a_message(uow, address=address, passive_until=uow.now + WINDOW)


def claimed(uow, message, fit_into=everything):
    words = claim_passive(uow, message.id, fit_into=fit_into)
    uow.session.flush()
    return words if words is None else [said.text for said in words.messages]


def test_an_unanswered_message_is_waited_for(uow, message):
    assert claimed(uow, message) is None


def test_the_replies_are_said_together(uow, message):
    replies = said_by_bot(uow, "一", "二", message=message)

    assert claimed(uow, message) == ["一", "二"]

    for reply in replies:
        assert reply.delivery.state is DeliveryState.SENT
        assert reply.delivery.way is DeliveryWay.PASSIVE
        assert reply.delivery.carried_by_id == message.id
        assert reply.delivery.sent_at == MONDAY
    assert delivered(uow, message.conversation_id) == []


def test_a_repeated_push_gets_the_same_words_again(uow, message):
    said_by_bot(uow, "一", "二", message=message)

    assert claimed(uow, message) == claimed(uow, message) == ["一", "二"]


def test_a_message_left_to_people_is_answered_with_nothing(uow, message):
    services.leave_to_people(uow, message.id)

    assert claimed(uow, message) == []


def test_what_has_gone_through_the_api_is_not_said_again(uow, message):
    said_by_bot(uow, "一", message=message)
    services.shut_passive_window(uow, message.id)
    assert delivered(uow, message.conversation_id) == ["一"]

    assert claimed(uow, message) == []


def test_what_is_being_sent_through_the_api_is_waited_for(uow):
    earlier = a_message(uow)
    said_by_bot(uow, "先说的", message=earlier)
    services.lease_delivery(uow, earlier.conversation_id)
    message = the_next(uow, earlier)
    said_by_bot(uow, "后说的", message=message)

    assert claimed(uow, message) is None


def test_a_push_repeated_after_its_acknowledgement_carries_nothing(uow, message):
    services.shut_passive_window(uow, message.id)
    said_by_bot(uow, "一", message=message)

    services.open_passive_window(uow, message.id, uow.now + WINDOW)

    assert claimed(uow, message) == []
    assert delivered(uow, message.conversation_id) == ["一"]


def test_what_was_owed_before_is_said_first(uow):
    earlier = a_message(uow)
    said_by_bot(uow, "先说的", message=earlier)
    message = the_next(uow, earlier)
    [own] = said_by_bot(uow, "后说的", message=message)

    assert claimed(uow, message) == ["先说的", "后说的"]
    assert queries.carried_by(uow.session, message.id)[-1] is own


def test_what_another_webhook_will_say_is_waited_for(uow, message):
    said_by_bot(uow, "一", message=message)
    later = the_next(uow, message)
    said_by_bot(uow, "二", message=later)

    assert claimed(uow, later) is None
    assert claimed(uow, message) == ["一"]
    assert claimed(uow, later) == ["二"]


def test_a_webhook_that_has_gone_is_not_waited_for(uow, message):
    said_by_bot(uow, "一", message=message)
    later = the_next(uow, message)
    said_by_bot(uow, "二", message=later)
    uow.now += WINDOW

    assert claimed(uow, later) == ["一", "二"]
    assert claimed(uow, message) == []


def test_what_is_said_afterwards_is_not_taken_with_it(uow, message):
    operator = an_operator(uow)
    said_by_bot(uow, "一", message=message)
    services.take_over(uow, message.conversation_id, operator_id=operator.id)
    services.say_as_operator(uow, message.conversation_id, operator_id=operator.id, text="您好")

    assert claimed(uow, message) == ["一"]
    assert delivered(uow, message.conversation_id)[-1] == "您好"


def test_what_does_not_fit_goes_through_the_api_at_once(uow, message):
    said_by_bot(uow, "一", "二", "三", message=message)

    assert claimed(uow, message, lambda messages, parts: Fit(2)) == ["一", "二"]

    assert promised_jobs(uow)[-1] == (
        "deliver_replies",
        {"conversation_id": message.conversation_id},
        None,
    )
    assert delivered(uow, message.conversation_id) == ["三"]


def test_a_long_message_is_begun_on_the_push_and_ended_through_the_api(uow, message):
    said_by_bot(uow, "一", "很长的二", message=message)

    assert claimed(uow, message, lambda messages, parts: Fit(1, 3)) == ["一", "很长的二"]

    leased = services.lease_delivery(uow, message.conversation_id)
    assert isinstance(leased, Delivery)
    assert (leased.message.text, leased.parts_delivered) == ("很长的二", 3)


def test_a_message_begun_through_the_api_goes_on_where_it_stopped(uow, message):
    [reply] = said_by_bot(uow, "很长", message=message)
    services.shut_passive_window(uow, message.id)
    services.lease_delivery(uow, message.conversation_id)
    services.record_delivery_failure(
        uow, reply.id, code="-1", reason="busy", can_retry=True, parts_delivered=2
    )
    later = the_next(uow, message)
    said_by_bot(uow, "好", message=later)
    asked = []

    def fit_into(messages, parts_delivered):
        asked.append(parts_delivered)
        return Fit(len(messages))

    assert claim_passive(uow, later.id, fit_into=fit_into) == PassiveWords(
        (reply.outbound, queries.replies_to(uow.session, later.id)[0].outbound), 2
    )
    assert asked == [2]


def test_when_nothing_fits_everything_goes_through_the_api(uow, message):
    said_by_bot(uow, "一", message=message)

    assert claimed(uow, message, lambda messages, parts: Fit(0)) == []
    assert delivered(uow, message.conversation_id) == ["一"]


def test_a_private_note_is_never_said(uow, message):
    said_by_bot(uow, "一", message=message)
    services.add_note(uow, message.conversation_id, operator_id=an_operator(uow).id, text="内部")

    assert claimed(uow, message) == ["一"]
    assert delivered(uow, message.conversation_id) == []


def test_a_repeated_push_keeps_the_answer_for_its_webhook(uow, message):
    uow.now += WINDOW
    services.open_passive_window(uow, message.id, uow.now + WINDOW)
    said_by_bot(uow, "一", message=message)

    assert services.lease_delivery(uow, message.conversation_id) == uow.now + WINDOW
    assert claimed(uow, message) == ["一"]


def test_a_window_is_never_made_shorter(uow, message):
    services.open_passive_window(uow, message.id, MONDAY)

    assert message.passive_until == MONDAY + WINDOW


def test_every_delivery_is_announced(core, announced):
    with core.unit_of_work() as uow:
        message = a_message(uow, passive_until=uow.now + WINDOW)
        [reply] = said_by_bot(uow, "一", message=message)
    announced.clear()

    with core.unit_of_work() as uow:
        claim_passive(uow, message.id, fit_into=everything)

    assert announced == [
        DeliveryChanged(
            at=MONDAY,
            conversation_id=message.conversation_id,
            message_id=reply.id,
            state=DeliveryState.SENT,
        )
    ]


def test_of_webhook_and_api_at_once_only_one_says_it(fresh_core):
    with fresh_core.unit_of_work() as uow:
        messages = [a_message(uow, passive_until=MONDAY) for _ in range(8)]
        for message in messages:
            services.record_turn(uow, message.id, [Reply("答")])

    def webhook(message):
        with fresh_core.unit_of_work() as uow:
            words = claim_passive(uow, message.id, fit_into=everything)
            return 0 if words is None else len(words.messages)

    def api(message):
        with fresh_core.unit_of_work() as uow:
            return isinstance(services.lease_delivery(uow, message.conversation_id), Delivery)

    with ThreadPoolExecutor(4) as threads:
        ways = [(threads.submit(webhook, one), threads.submit(api, one)) for one in messages]
        said = [passive.result() + sent.result() for passive, sent in ways]

    assert said == [1] * len(messages)
