"""People speak: replies that leave the house, and notes that never do."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.conversations import queries, services
from core.conversations.errors import (
    CitizenUnreachable,
    ConversationNotFound,
    EmptyMessage,
    MessageTooLong,
    NotYourConversation,
)
from core.conversations.events import MessageSaid
from core.conversations.models import Delivery
from core.conversations.services import add_note, mark_seen, receive, say_as_operator
from core.conversations.states import Author, Visibility
from core.events import operator_actor
from core.messaging import Choice, InboundKind
from tests.builders import a_message, an_inbound, an_operator
from tests.core.conversations.scenes import (
    a_held_conversation,
    a_waiting_conversation,
    delivered,
    promised_jobs,
    said_by_bot,
)
from tests.fakes import MONDAY


@pytest.fixture
def operator(uow):
    return an_operator(uow)


@pytest.fixture
def conversation(uow, operator):
    held = a_held_conversation(uow, operator)
    delivered(uow, held.id)
    return held


def texts(uow, conversation):
    return [message.text for message in queries.thread(uow.session, conversation.id)]


def test_a_reply_goes_out_in_the_citizens_own_chat(uow, conversation, operator):
    message = say_as_operator(uow, conversation.id, operator_id=operator.id, text=" 您好 \n")

    assert (message.author, message.text, message.operator_id) == (
        Author.OPERATOR,
        "您好",
        operator.id,
    )
    assert promised_jobs(uow)[-1][0] == "deliver_replies"
    assert delivered(uow, conversation.id) == ["您好"]


def test_saying_something_is_announced_by_who_said_it(core, announced):
    with core.unit_of_work() as uow:
        operator = an_operator(uow)
        conversation = a_held_conversation(uow, operator)
    announced.clear()

    with core.unit_of_work() as uow:
        message = say_as_operator(uow, conversation.id, operator_id=operator.id, text="您好")

    assert announced == [
        MessageSaid(
            at=MONDAY,
            actor=operator_actor(operator.id),
            conversation_id=conversation.id,
            message_id=message.id,
        )
    ]


def test_the_same_click_twice_is_one_message(uow, conversation, operator):
    said = [
        say_as_operator(
            uow, conversation.id, operator_id=operator.id, text="您好", client_key="click-1"
        )
        for _ in range(2)
    ]

    assert said[0] is said[1]
    assert texts(uow, conversation).count("您好") == 1


def test_the_same_click_many_times_at_once_is_one_message(fresh_core):
    with fresh_core.unit_of_work() as uow:
        operator = an_operator(uow)
        conversation = a_held_conversation(uow, operator)

    def click(_):
        with fresh_core.unit_of_work() as uow:
            return say_as_operator(
                uow, conversation.id, operator_id=operator.id, text="您好", client_key="click-1"
            ).id

    with ThreadPoolExecutor(6) as clicks:
        assert len(set(clicks.map(click, range(6)))) == 1

    with fresh_core.unit_of_work() as uow:
        assert texts(uow, conversation).count("您好") == 1


def test_a_click_is_remembered_after_the_conversation_was_handed_back(uow, conversation, operator):
    first = say_as_operator(
        uow, conversation.id, operator_id=operator.id, text="您好", client_key="click-1"
    )
    services.hand_back(uow, conversation.id, operator_id=operator.id)

    again = say_as_operator(
        uow, conversation.id, operator_id=operator.id, text="您好", client_key="click-1"
    )

    assert again is first


def test_only_who_took_the_conversation_over_speaks_in_it(uow, conversation):
    with pytest.raises(NotYourConversation):
        say_as_operator(uow, conversation.id, operator_id=an_operator(uow).id, text="您好")


def test_nobody_speaks_before_taking_over(uow, operator):
    waiting = a_waiting_conversation(uow)

    with pytest.raises(NotYourConversation):
        say_as_operator(uow, waiting.id, operator_id=operator.id, text="您好")


def test_who_has_left_cannot_be_spoken_to(uow, conversation, operator):
    address = conversation.identity.address
    receive(uow, an_inbound(uow, address=address, kind=InboundKind.UNFOLLOW))

    with pytest.raises(CitizenUnreachable):
        say_as_operator(uow, conversation.id, operator_id=operator.id, text="您好")


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00\x07"])
def test_nothing_is_not_said(uow, conversation, operator, text):
    with pytest.raises(EmptyMessage):
        say_as_operator(uow, conversation.id, operator_id=operator.id, text=text)


def test_too_much_is_not_said(uow, conversation, operator):
    say_as_operator(uow, conversation.id, operator_id=operator.id, text="长" * 4_000)

    with pytest.raises(MessageTooLong):
        say_as_operator(uow, conversation.id, operator_id=operator.id, text="长" * 4_001)


def test_what_no_screen_can_show_is_left_out(uow, conversation, operator):
    message = say_as_operator(
        uow, conversation.id, operator_id=operator.id, text="第一行\n\x00第二\ud800行🙂"
    )

    assert message.text == "第一行\n第二行🙂"


def test_a_note_is_kept_among_staff(uow, conversation):
    colleague = an_operator(uow)

    note = add_note(uow, conversation.id, operator_id=colleague.id, text="等户政中队回电")

    assert note.visibility is Visibility.PRIVATE
    assert note.delivery is None
    assert uow.session.get(Delivery, note.id) is None
    assert delivered(uow, conversation.id) == []


def test_a_note_has_nothing_that_could_be_delivered(uow, conversation, operator):
    say_as_operator(uow, conversation.id, operator_id=operator.id, text="一")
    add_note(uow, conversation.id, operator_id=operator.id, text="内部", client_key="click-2")
    add_note(uow, conversation.id, operator_id=operator.id, text="内部", client_key="click-2")
    say_as_operator(uow, conversation.id, operator_id=operator.id, text="二")

    assert delivered(uow, conversation.id) == ["一", "二"]
    assert texts(uow, conversation)[-3:] == ["一", "内部", "二"]


def test_a_note_is_not_the_last_word_in_a_list(uow, conversation, operator):
    say_as_operator(uow, conversation.id, operator_id=operator.id, text="给市民的话")
    add_note(uow, conversation.id, operator_id=operator.id, text="内部")

    [line] = queries.held_by(uow.session, operator.id)

    assert line.last_text == "给市民的话"


def test_the_desk_speaks_in_its_own_name_whoever_is_speaking(uow, conversation):
    message = services.say_as_desk(
        uow, conversation.id, text="您的工单已受理", choices=(Choice("查进度", "查进度"),)
    )

    assert message.author is Author.DESK
    assert message.outbound.choices == (Choice("查进度", "查进度"),)
    assert delivered(uow, conversation.id) == ["您的工单已受理"]


def test_what_the_operator_has_read_is_no_longer_new(uow, conversation, operator):
    address = conversation.identity.address
    for _ in range(3):
        receive(uow, an_inbound(uow, address=address))
    before = queries.held_by(uow.session, operator.id)[0].unseen

    mark_seen(uow, conversation.id, up_to_seq=conversation.last_seq - 1)
    uow.session.flush()

    assert queries.held_by(uow.session, operator.id)[0].unseen == 1 < before


def test_what_was_read_stays_read(uow, conversation):
    mark_seen(uow, conversation.id, up_to_seq=2)
    mark_seen(uow, conversation.id, up_to_seq=1)
    assert conversation.seen_seq == 2

    mark_seen(uow, conversation.id, up_to_seq=10_000)
    assert conversation.seen_seq == conversation.last_seq


def test_who_replies_has_read_everything(uow, conversation, operator):
    receive(uow, an_inbound(uow, address=conversation.identity.address))

    say_as_operator(uow, conversation.id, operator_id=operator.id, text="您好")

    assert conversation.seen_seq == conversation.last_seq


def test_a_thread_is_read_in_pages_from_its_end(uow):
    message = a_message(uow)
    said_by_bot(uow, *"二三四五", message=message)
    conversation_id = message.conversation_id

    newest = queries.thread(uow.session, conversation_id, limit=2)
    before = queries.thread(uow.session, conversation_id, limit=2, before_seq=newest[0].seq)
    after = queries.thread(uow.session, conversation_id, after_seq=4)

    assert [one.text for one in newest] == ["四", "五"]
    assert [one.text for one in before] == ["二", "三"]
    assert [one.text for one in after] == ["五"]


def test_an_unknown_conversation_is_not_found(uow, operator):
    with pytest.raises(ConversationNotFound):
        say_as_operator(uow, 0, operator_id=operator.id, text="您好")
    with pytest.raises(ConversationNotFound):
        queries.get(uow.session, 0)
