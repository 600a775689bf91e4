from datetime import timedelta

from sqlalchemy import text

from bot.worker.mending import Mending
from core.cases.services import Contact, cases_with_phone
from core.conversations import queries
from core.conversations.services import hand_off, leave_to_people, receive, take_over
from core.conversations.states import ConversationState, HandoffReason
from tests.builders import a_case, a_message, an_inbound, an_operator


def strand(core, **given):
    """Return a message that opened its conversation to people because the bot was away."""
    with core.unit_of_work() as uow:
        message = a_message(uow, **given)
        hand_off(
            uow, message.conversation_id, reason=HandoffReason.BOT_OUTAGE, message_id=message.id
        )
        leave_to_people(uow, message.id)
    return message


def count_jobs(core, conversation_id):
    with core.unit_of_work() as uow:
        return uow.session.execute(
            text("SELECT count(*) FROM procrastinate_jobs WHERE lock = :lock"),
            {"lock": f"turn:{conversation_id}"},
        ).scalar_one()


def test_when_the_bot_is_well_again_it_answers_what_nobody_took(core, dialogue):
    first = strand(core)
    with core.unit_of_work() as uow:
        address = queries.get(uow.session, first.conversation_id).identity.address
        second = receive(uow, an_inbound(uow, address=address)).message_id

    assert Mending(core, dialogue).return_from_outage() == 1

    with core.unit_of_work() as uow:
        conversation = queries.get(uow.session, first.conversation_id)
        assert conversation.state is ConversationState.BOT
        assert queries.get_message(uow.session, second).outcome is None
        assert queries.first_unfinished(uow.session, first.conversation_id).id == first.id
    assert count_jobs(core, first.conversation_id) == 2


def test_while_the_bot_is_away_conversations_stay_with_people(core, dialogue, rasa):
    rasa.is_well = False
    message = strand(core)

    assert Mending(core, dialogue).return_from_outage() == 0

    with core.unit_of_work() as uow:
        state = queries.get(uow.session, message.conversation_id).state
    assert state is ConversationState.WAITING


def test_a_conversation_an_operator_took_does_not_go_back(core, dialogue):
    message = strand(core)
    with core.unit_of_work() as uow:
        operator = an_operator(uow)
        take_over(uow, message.conversation_id, operator_id=operator.id)

    assert Mending(core, dialogue).return_from_outage() == 0


def test_a_message_whose_job_was_lost_is_found_and_promised_again(core, clock, dialogue):
    with core.unit_of_work() as uow:
        message = a_message(uow)
        uow.session.execute(text("DELETE FROM procrastinate_jobs"))
    clock.advance(timedelta(minutes=3))

    assert Mending(core, dialogue).promise_again() == 1

    assert count_jobs(core, message.conversation_id) == 1


def test_young_messages_are_not_orphans(core, clock, dialogue):
    with core.unit_of_work() as uow:
        a_message(uow)
    clock.advance(timedelta(seconds=30))

    assert Mending(core, dialogue).promise_again() == 0


def test_phones_sealed_by_an_earlier_version_become_comparable(core, dialogue):
    with core.unit_of_work() as uow:
        case = a_case(uow, contact=Contact("王女士", "13800001234"))
        case.contact_fingerprint = None

    assert Mending(core, dialogue).mark_phones() == 1
    assert Mending(core, dialogue).mark_phones() == 0
    with core.unit_of_work() as uow:
        assert len(cases_with_phone(uow, "138 0000 1234")) == 1
