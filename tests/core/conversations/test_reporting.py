"""What platforms report is kept, and has its consequences."""

import pytest

from core.conversations import queries, services
from core.conversations.events import AuthorizationRevoked
from core.conversations.models import ErasureRequest, NoticeConsent, PlatformEvent
from core.conversations.states import Author, DeliveryState, DeliveryWay, HeldFor, Visibility
from core.messaging import PlatformReport, ReportKind
from tests.builders import a_conversation, a_message, an_address
from tests.core.conversations.scenes import said_by_bot
from tests.fakes import MONDAY


def a_report(conversation, kind, *items, key="r-1", **payload):
    return PlatformReport(
        address=conversation.identity.address,
        dedupe_key=key,
        kind=kind,
        sent_at=MONDAY,
        payload=payload,
        items=items,
    )


def kept(uow):
    return uow.session.query(PlatformEvent).populate_existing().all()


def test_a_report_is_kept_once_and_no_line_of_the_thread(uow):
    conversation = a_conversation(uow)
    report = a_report(conversation, ReportKind.PAGE_OPENED, page="https://www.gov.cn/")

    assert services.note_report(uow, report)
    assert not services.note_report(uow, report)

    assert [event.payload for event in kept(uow)] == [{"page": "https://www.gov.cn/"}]
    assert len(queries.thread(uow.session, conversation.id)) == 1


def test_of_somebodys_places_only_the_newest_is_kept(uow):
    conversation = a_conversation(uow)
    for latitude in ("37.1", "37.2"):
        services.note_report(uow, a_report(conversation, ReportKind.PLACE, latitude=latitude))

    assert [event.payload["latitude"] for event in kept(uow)] == ["37.2"]


def test_nothing_is_kept_about_somebody_unknown(uow):
    stranger = PlatformReport(
        address=an_address(), dedupe_key="r", kind=ReportKind.PLACE, sent_at=MONDAY
    )

    assert not services.note_report(uow, stranger)
    assert kept(uow) == []


def test_each_yes_allows_one_notice_and_a_no_takes_all_back(uow):
    conversation = a_conversation(uow)
    for number, answer in enumerate(["accept", "accept"]):
        services.note_report(uow, a_report(
            conversation, ReportKind.CONSENT_CHANGED,
            {"template_id": "t-1", "answer": answer}, key=f"c-{number}",
        ))  # fmt: skip
    [consent] = uow.session.query(NoticeConsent)
    assert (consent.is_granted, consent.uses_left) == (True, 2)

    services.note_report(uow, a_report(
        conversation, ReportKind.CONSENT_CHANGED,
        {"template_id": "t-1", "answer": "reject"}, key="c-3",
    ))  # fmt: skip
    assert (consent.is_granted, consent.uses_left) == (False, 0)


def test_a_message_whose_notice_did_not_arrive_is_owed_again(uow):
    question = a_message(uow)
    conversation = queries.get(uow.session, question.conversation_id)
    [reply] = said_by_bot(uow, "工单已答复", message=question)
    services.record_delivery(uow, reply.id)
    reply.delivery.notice_id = "200163836"
    uow.session.flush()

    blocked = {"notice_id": "200163836", "status": "failed:user block"}
    services.note_report(uow, a_report(conversation, ReportKind.NOTICE_ENDED, blocked))

    assert (reply.delivery.state, reply.delivery.held_for) == (
        DeliveryState.HELD,
        HeldFor.NOTICE_REFUSED,
    )
    assert reply.delivery.error == "failed:user block"


@pytest.mark.parametrize(
    ("status", "state"),
    [("failed:user block", DeliveryState.HELD), ("success", DeliveryState.SENT)],
)
def test_an_end_reported_before_the_sending_is_recorded_counts_as_well(uow, status, state):
    question = a_message(uow)
    conversation = queries.get(uow.session, question.conversation_id)
    [reply] = said_by_bot(uow, "工单已答复", message=question)
    assert reply.delivery is not None
    services.lease_notice(uow, reply.delivery)
    uow.session.flush()

    services.note_report(
        uow, a_report(conversation, ReportKind.NOTICE_ENDED, {"notice_id": "7", "status": status})
    )
    services.record_notice(
        uow, reply.id, way=DeliveryWay.TEMPLATE_MESSAGE, notice_id="7", template_id="t-1"
    )

    assert reply.delivery.state is state


def test_a_notice_that_arrived_changes_nothing(uow):
    question = a_message(uow)
    conversation = queries.get(uow.session, question.conversation_id)
    [reply] = said_by_bot(uow, "工单已答复", message=question)
    services.record_delivery(uow, reply.id)
    reply.delivery.notice_id = "7"
    uow.session.flush()

    services.note_report(
        uow,
        a_report(conversation, ReportKind.NOTICE_ENDED, {"notice_id": "7", "status": "success"}),
    )

    assert reply.delivery.state is DeliveryState.SENT


def test_a_revoked_authorization_is_queued_for_erasure_and_shown_to_staff(core, announced):
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow)
    with core.unit_of_work() as uow:
        report = a_report(conversation, ReportKind.AUTHORIZATION_REVOKED, scopes="1,201")
        services.note_report(uow, report)

    with core.unit_of_work() as uow:
        [request] = uow.session.query(ErasureRequest)
        note = queries.thread(uow.session, conversation.id)[-1]
    assert (request.identity_id, request.scopes) == (conversation.identity_id, ["1", "201"])
    assert request.erased_at is None
    assert (note.author, note.visibility) == (Author.DESK, Visibility.PRIVATE)
    assert "撤回" in note.text
    assert any(isinstance(event, AuthorizationRevoked) for event in announced)
