"""What a citizen has taken the consent back for goes, after a check; what the law keeps stays."""

from datetime import timedelta

import pytest

from core import event_log
from core.cases import queries as cases
from core.conversations import queries as conversations
from core.conversations import services as conversing
from core.conversations.errors import IllegalErasureStep, NothingToSendAgain
from core.conversations.models import ErasureRequest, NoticeConsent, PlatformEvent
from core.conversations.states import DeliveryState, ErasureState
from core.erasures import queries, services
from core.erasures.errors import ErasureNoteMissing, ErasureNotFound
from core.messaging import PlatformReport, ReportKind
from core.operators.permissions import Role
from tests.builders import a_case, a_conversation, a_message, an_operator
from tests.core.conversations.scenes import said_by_bot

GONE = "已按市民要求删除"
SECRET = "我叫王建国，住人民路12号"


def reported(uow, conversation, kind, key, **payload):
    conversing.note_report(
        uow,
        PlatformReport(
            address=conversation.identity.address,
            dedupe_key=key,
            kind=kind,
            sent_at=uow.now,
            payload=payload,
            items=(),
        ),
    )


@pytest.fixture
def talk(core, clock):
    """Somebody has talked, has a case, and takes back what they allowed; then writes again."""
    with core.unit_of_work() as uow:
        question = a_message(uow, text=SECRET)
        conversation = conversations.get(uow.session, question.conversation_id)
        said_by_bot(uow, f"好的，{SECRET}", message=question)
        conversing.record_consent(uow, conversation.identity, "t-1", is_granted=True)
        reported(uow, conversation, ReportKind.PLACE, "place", latitude="37.1")
        a_case(
            uow,
            content="路灯坏了，晚上看不清路。",
            conversation_id=conversation.id,
            citizen_id=conversation.identity.citizen_id,
        )
    clock.advance(timedelta(minutes=1))
    with core.unit_of_work() as uow:
        reported(uow, conversation, ReportKind.AUTHORIZATION_REVOKED, "revoked", scopes="1")
    clock.advance(timedelta(minutes=1))
    with core.unit_of_work() as uow:
        a_message(uow, address=conversation.identity.address, text="再问一件事")
    return conversation


@pytest.fixture
def request_id(core, talk):
    with core.unit_of_work() as uow:
        [found] = queries.requests(uow.session, ErasureState.REQUESTED)
        return found.id


@pytest.fixture
def people(core):
    with core.unit_of_work() as uow:
        return an_operator(uow, Role.SECURITY_ADMIN).id, an_operator(uow, Role.SYSTEM_ADMIN).id


def carry_out(core, request_id, people):
    checker, doer = people
    with core.unit_of_work() as uow:
        services.clear_erasure(uow, request_id, operator_id=checker, note="无法定保存期限")
    with core.unit_of_work() as uow:
        return services.carry_out_erasure(uow, request_id, operator_id=doer)


def texts(core, talk):
    with core.unit_of_work() as uow:
        return [line.text for line in conversations.thread(uow.session, talk.id)]


def test_looking_at_the_extent_changes_nothing(core, talk, request_id):
    with core.unit_of_work() as uow:
        extent = queries.extent(uow.session, queries.get(uow.session, request_id))

    assert (len(extent.message_ids), extent.consents, len(extent.kept_cases)) == (2, 1, 1)
    assert SECRET in texts(core, talk)


def test_nothing_is_erased_before_it_is_checked(core, talk, request_id, people):
    with pytest.raises(IllegalErasureStep), core.unit_of_work() as uow:
        services.carry_out_erasure(uow, request_id, operator_id=people[1])

    assert SECRET in texts(core, talk)


def test_the_check_says_what_it_rests_on(core, request_id, people):
    with pytest.raises(ErasureNoteMissing), core.unit_of_work() as uow:
        services.clear_erasure(uow, request_id, operator_id=people[0], note=" ")


def test_words_before_the_wish_go_and_later_ones_stay(core, talk, request_id, people):
    carry_out(core, request_id, people)

    said = texts(core, talk)
    assert said[:2] == [GONE, GONE]
    assert "再问一件事" in said
    assert not any("王建国" in text for text in said)


def test_what_the_platform_told_goes_too(core, talk, request_id, people):
    carry_out(core, request_id, people)

    with core.unit_of_work() as uow:
        assert uow.session.query(PlatformEvent).all() == []
        assert uow.session.query(NoticeConsent).all() == []


def test_the_case_stays_on_record(core, talk, request_id, people):
    extent = carry_out(core, request_id, people)

    with core.unit_of_work() as uow:
        [number] = extent.kept_cases
        assert cases.get(uow.session, number).content == "路灯坏了，晚上看不清路。"


def test_what_was_still_owed_is_neither_sent_nor_sent_again(core, talk, request_id, people):
    carry_out(core, request_id, people)

    with core.unit_of_work() as uow:
        reply = conversations.thread(uow.session, talk.id)[1]
        assert reply.delivery.state is DeliveryState.FAILED
        with pytest.raises(NothingToSendAgain):
            conversing.send_again(uow, reply.id, operator_id=people[1])


def test_it_is_logged_how_much_went_and_not_what(core, request_id, people):
    carry_out(core, request_id, people)

    with core.unit_of_work() as uow:
        logged = event_log.history(uow.session, f"erasure:{request_id}")
    assert [row.type for row in logged] == ["ErasureCleared", "CitizenDataErased"]
    assert logged[-1].data["messages"] == 2
    assert SECRET not in str([row.data for row in logged])


def test_it_is_done_once(core, request_id, people):
    carry_out(core, request_id, people)

    with pytest.raises(IllegalErasureStep), core.unit_of_work() as uow:
        services.carry_out_erasure(uow, request_id, operator_id=people[1])


def test_what_a_law_keeps_is_declined_and_may_be_thought_over(core, talk, request_id, people):
    with core.unit_of_work() as uow:
        services.decline_erasure(uow, request_id, operator_id=people[0], note="信访材料保存期内")
    assert SECRET in texts(core, talk)

    carry_out(core, request_id, people)

    with core.unit_of_work() as uow:
        assert uow.session.get_one(ErasureRequest, request_id).state is ErasureState.ERASED


def test_somebody_elses_words_are_not_touched(core, request_id, people):
    with core.unit_of_work() as uow:
        other = a_conversation(uow, text="别人的话")

    carry_out(core, request_id, people)

    assert texts(core, other)[0] == "别人的话"


def test_an_unknown_request_is_not_found(uow):
    with pytest.raises(ErasureNotFound):
        queries.get(uow.session, 0)
