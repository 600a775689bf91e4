"""A citizen's message arrives: once, in its place, and with an answer promised."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.conversations import queries, services
from core.conversations.events import CitizenFollowed, CitizenLeft, MessageReceived
from core.conversations.models import ChannelIdentity, Citizen, Message
from core.conversations.services import receive
from core.conversations.states import Author, ConversationState, MessageOutcome
from core.events import citizen_actor
from core.messaging import ChannelName, InboundKind
from tests.builders import a_message, an_address, an_inbound, an_operator
from tests.core.conversations.scenes import (
    a_held_conversation,
    a_waiting_conversation,
    promised_jobs,
    said_by_bot,
)
from tests.fakes import MONDAY


def test_a_first_message_makes_the_citizen_known(uow):
    address = an_address()

    receipt = receive(uow, an_inbound(uow, address=address, text="你好"))

    conversation = queries.find_by_address(uow.session, address)
    assert conversation.id == receipt.conversation_id
    assert conversation.state is ConversationState.BOT
    assert conversation.identity.address == address
    [message] = queries.thread(uow.session, conversation.id)
    assert (message.text, message.author, message.seq) == ("你好", Author.CITIZEN, 1)
    assert receipt.is_new
    assert receipt.awaits_answer


def test_the_answer_is_promised_with_the_message(uow):
    receipt = receive(uow, an_inbound(uow))

    promise = ("answer_messages", {"conversation_id": receipt.conversation_id}, None)
    assert promised_jobs(uow) == [promise]


def test_receiving_is_announced_to_open_screens(core, announced):
    with core.unit_of_work() as uow:
        receipt = receive(uow, an_inbound(uow))
        citizen_id = queries.get(uow.session, receipt.conversation_id).identity.citizen_id

    assert announced == [
        MessageReceived(
            at=MONDAY,
            actor=citizen_actor(citizen_id),
            conversation_id=receipt.conversation_id,
            message_id=receipt.message_id,
        )
    ]


def test_a_repeated_push_is_the_same_message(uow):
    push = an_inbound(uow)

    first, second = receive(uow, push), receive(uow, push)

    assert (second.message_id, second.conversation_id) == (first.message_id, first.conversation_id)
    assert not second.is_new
    assert second.awaits_answer
    assert len(promised_jobs(uow)) == 1
    assert len(queries.thread(uow.session, first.conversation_id)) == 1


def test_the_same_key_from_another_account_is_another_message(uow):
    first = receive(uow, an_inbound(uow, dedupe_key="42", address=an_address(account="town")))
    second = receive(uow, an_inbound(uow, dedupe_key="42", address=an_address(account="county")))

    assert second.is_new
    assert second.message_id != first.message_id


def test_a_person_is_somebody_else_on_another_account_or_channel(uow):
    addresses = [
        an_address(platform_id="same", account="town"),
        an_address(platform_id="same", account="county"),
        an_address(platform_id="same", account="town", channel=ChannelName.WEIBO),
    ]

    conversations = {
        receive(uow, an_inbound(uow, address=address)).conversation_id for address in addresses
    }

    assert len(conversations) == 3


def test_two_first_pushes_at_once_make_one_citizen(fresh_core):
    address = an_address()

    def push(serial):
        with fresh_core.unit_of_work() as uow:
            return receive(uow, an_inbound(uow, address=address, text=str(serial)))

    with ThreadPoolExecutor(8) as platform:
        receipts = list(platform.map(push, range(16)))

    with fresh_core.session_factory() as session:
        assert len(session.scalars(select(Citizen)).all()) == 1
        assert len(session.scalars(select(ChannelIdentity)).all()) == 1
        [conversation_id] = {receipt.conversation_id for receipt in receipts}
        thread = queries.thread(session, conversation_id)
        assert [message.seq for message in thread] == list(range(1, 17))


def test_the_same_push_delivered_many_times_at_once_is_one_message(fresh_core):
    with fresh_core.unit_of_work() as uow:
        push = an_inbound(uow)

    def deliver(_):
        with fresh_core.unit_of_work() as uow:
            return receive(uow, push)

    with ThreadPoolExecutor(8) as platform:
        receipts = list(platform.map(deliver, range(8)))

    assert len({receipt.message_id for receipt in receipts}) == 1
    assert sum(receipt.is_new for receipt in receipts) == 1
    with fresh_core.unit_of_work() as uow:
        assert len(promised_jobs(uow)) == 1
        assert len(uow.session.scalars(select(Message)).all()) == 1


def test_messages_are_numbered_in_the_order_of_arrival(uow):
    address = an_address()
    for text in ("一", "二", "三"):
        receive(uow, an_inbound(uow, address=address, text=text))

    conversation = queries.find_by_address(uow.session, address)
    thread = queries.thread(uow.session, conversation.id)
    assert [(message.seq, message.text) for message in thread] == [(1, "一"), (2, "二"), (3, "三")]
    assert conversation.last_seq == 3
    assert conversation.last_inbound_at == MONDAY


def test_a_message_to_people_is_not_answered_by_the_bot(uow):
    conversation = a_waiting_conversation(uow)
    before = len(promised_jobs(uow))

    receipt = receive(uow, an_inbound(uow, address=conversation.identity.address))

    message = queries.get_message(uow.session, receipt.message_id)
    assert not receipt.awaits_answer
    assert (message.outcome, message.finished_at) == (MessageOutcome.HANDED_OVER, MONDAY)
    assert len(promised_jobs(uow)) == before


def test_a_message_to_an_operator_is_shown_and_not_answered_by_the_bot(core, announced):
    with core.unit_of_work() as uow:
        conversation = a_held_conversation(uow)
    announced.clear()

    with core.unit_of_work() as uow:
        receipt = receive(uow, an_inbound(uow, address=conversation.identity.address))

    assert not receipt.awaits_answer
    assert [type(event) for event in announced] == [MessageReceived]


def test_a_message_after_the_talk_was_ended_starts_with_the_bot_again(uow):
    operator = an_operator(uow)
    conversation = a_held_conversation(uow, operator)
    services.close_conversation(uow, conversation.id, operator_id=operator.id)

    receipt = receive(uow, an_inbound(uow, address=conversation.identity.address))

    assert conversation.state is ConversationState.BOT
    assert receipt.awaits_answer


def test_following_is_answered_with_a_welcome(core, announced):
    with core.unit_of_work() as uow:
        receipt = receive(uow, an_inbound(uow, kind=InboundKind.FOLLOW, text=""))

    assert receipt.awaits_answer
    assert [type(event) for event in announced] == [CitizenFollowed, MessageReceived]


def test_leaving_is_noted_and_not_answered(core, announced):
    with core.unit_of_work() as uow:
        push = an_inbound(uow, kind=InboundKind.UNFOLLOW, text="")
        first = receive(uow, push)
        second = receive(uow, push)

        identity = queries.get(uow.session, first.conversation_id).identity
        message = queries.get_message(uow.session, first.message_id)
        assert identity.left_at == MONDAY
        assert message.outcome is MessageOutcome.NOTED
        assert promised_jobs(uow) == []

    assert not first.awaits_answer
    assert not second.awaits_answer
    assert [type(event) for event in announced] == [CitizenLeft]


@pytest.mark.parametrize("kind", [InboundKind.FOLLOW, InboundKind.TEXT])
def test_who_comes_back_can_be_reached_again(uow, kind):
    address = an_address()
    receive(uow, an_inbound(uow, address=address, kind=InboundKind.UNFOLLOW))

    receive(uow, an_inbound(uow, address=address, kind=kind))

    assert queries.find_identity(uow.session, address).left_at is None


def test_leaving_twice_is_no_return(uow):
    address = an_address()
    receive(uow, an_inbound(uow, address=address, kind=InboundKind.UNFOLLOW))
    uow.now += timedelta(hours=1)

    receive(uow, an_inbound(uow, address=address, kind=InboundKind.UNFOLLOW))

    assert queries.find_identity(uow.session, address).left_at == uow.now


def test_a_very_long_text_is_cut_to_what_is_kept(uow):
    message = a_message(uow, text="长" * 30_000)

    assert len(message.text) == 20_000


@pytest.mark.parametrize(
    "text", ["]]></xml><b>", "'; DROP TABLE messages; --", "🇨🇳👨‍👩‍👧", "%s {0}"]
)
def test_any_text_is_stored_as_it_was_written(uow, text):
    message_id = a_message(uow, text=text).id
    uow.session.expire_all()

    assert queries.get_message(uow.session, message_id).text == text


def test_a_message_that_never_ended_is_found(uow):
    forgotten, answered = a_message(uow), a_message(uow)
    said_by_bot(uow, "好的", message=answered)

    found = queries.orphans(uow.session, received_before=MONDAY + timedelta(seconds=1))

    assert found == [forgotten]
    assert queries.orphans(uow.session, received_before=MONDAY) == []
