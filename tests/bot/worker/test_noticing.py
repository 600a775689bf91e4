"""Outside the reply window a case's progress is told by a notice, where the citizen wants one."""

from datetime import timedelta

import pytest

from bot.channels.base import DeliveryFailed, NoticeOffer, Remedy
from bot.worker.delivery import Deliveries
from core.cases import services as cases
from core.cases.states import CaseClass
from core.conversations import queries
from core.conversations.services import record_consent
from core.conversations.states import DeliveryState, DeliveryWay, HeldFor
from core.messaging import CaseNotice, ChannelName
from tests.builders import a_case, a_conversation, a_message, an_operator
from tests.fakes import FakeChannel

SUBSCRIPTION = NoticeOffer(DeliveryWay.SUBSCRIPTION_NOTICE, "t-sub", {})
TEMPLATE = NoticeOffer(DeliveryWay.TEMPLATE_MESSAGE, "t-msg", {}, needs_consent=False)
ONE_TIME = NoticeOffer(DeliveryWay.ONE_TIME_NOTICE, "t-one", {})


class NoticingChannel(FakeChannel):
    """A channel that can also send notices; `notice_refusals` as `refusals` of messages."""

    def __init__(self) -> None:
        super().__init__()
        self.offers = [SUBSCRIPTION, TEMPLATE, ONE_TIME]
        self.notices: list[tuple[str, CaseNotice, str]] = []
        self.notice_refusals: list[DeliveryFailed | None] = []

    def notice_offers(self, kind):
        return self.offers

    def notify(self, address, notice, offer, *, scene=""):
        if self.notice_refusals and (refusal := self.notice_refusals.pop(0)) is not None:
            raise refusal
        self.notices.append((offer.template_id, notice, scene))
        return f"n-{len(self.notices)}"


@pytest.fixture
def channel():
    return NoticingChannel()


@pytest.fixture
def deliveries(core, channel):
    return Deliveries(core, {(ChannelName.WECHAT, "demo"): channel})


@pytest.fixture
def talk(core, clock):
    """A conversation whose case is accepted three days after the citizen's last word."""
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow)
        case = a_case(
            uow,
            conversation_id=conversation.id,
            content="路灯坏了" * 10,
        )
        operator = an_operator(uow)
        for delivery in queries.open_deliveries(uow.session, conversation.id):
            delivery.state = DeliveryState.SENT
    clock.advance(timedelta(days=3))
    with core.unit_of_work() as uow:
        cases.accept_case(uow, case.number, operator_id=operator.id, case_class=CaseClass.GENERAL)
    return conversation


def consent(core, talk, *template_ids):
    with core.unit_of_work() as uow:
        identity = queries.get(uow.session, talk.id).identity
        for template_id in template_ids:
            record_consent(uow, identity, template_id, is_granted=True, scene="7")


def last_delivery(core, talk):
    with core.unit_of_work() as uow:
        return queries.thread(uow.session, talk.id)[-1].delivery


def test_who_agreed_gets_a_notice_by_subscription(core, talk, deliveries, channel):
    consent(core, talk, "t-sub")

    deliveries.deliver(talk.id)

    [(template_id, notice, scene)] = channel.notices
    assert (template_id, scene, notice.kind) == ("t-sub", "7", "case_accepted")
    assert notice.facts["what"] == "已受理"
    assert all(len(fact) <= 20 and "\n" not in fact for fact in notice.facts.values())
    assert "/c/case?number=" in notice.url
    assert channel.delivered_texts == []
    delivery = last_delivery(core, talk)
    assert (delivery.state, delivery.way) == (
        DeliveryState.SENT, DeliveryWay.SUBSCRIPTION_NOTICE,
    )  # fmt: skip


def test_one_consent_is_for_one_notice(core, talk, deliveries, channel):
    consent(core, talk, "t-sub")
    deliveries.deliver(talk.id)

    with core.unit_of_work() as uow:
        identity = queries.get(uow.session, talk.id).identity
        left = queries.find_consent(uow.session, identity.id, "t-sub").uses_left
    assert left == 0


def test_without_consent_a_template_message_goes_out(core, talk, deliveries, channel):
    deliveries.deliver(talk.id)

    assert [template_id for template_id, _, _ in channel.notices] == ["t-msg"]
    assert last_delivery(core, talk).way is DeliveryWay.TEMPLATE_MESSAGE


def test_who_takes_the_consent_back_gets_the_next_form(core, talk, deliveries, channel):
    consent(core, talk, "t-sub")
    channel.notice_refusals = [DeliveryFailed("拒绝", remedy=Remedy.NO_CONSENT)]

    deliveries.deliver(talk.id)

    assert [template_id for template_id, _, _ in channel.notices] == ["t-msg"]
    with core.unit_of_work() as uow:
        identity = queries.get(uow.session, talk.id).identity
        assert not queries.find_consent(uow.session, identity.id, "t-sub").is_granted


def test_with_no_way_at_all_the_message_waits_and_comes_as_written(core, talk, deliveries, channel):
    channel.offers = [SUBSCRIPTION, ONE_TIME]
    deliveries.deliver(talk.id)
    assert channel.notices == []
    assert last_delivery(core, talk).held_for is HeldFor.WINDOW_CLOSED

    with core.unit_of_work() as uow:
        a_message(uow, address=queries.get(uow.session, talk.id).identity.address)
    deliveries.deliver(talk.id)

    assert len(channel.delivered_texts) == 1
    assert "已受理，我们将在" in channel.delivered_texts[0]


def test_a_refused_notice_is_tried_once_and_then_waits(core, talk, deliveries, channel):
    channel.offers = [TEMPLATE]
    channel.notice_refusals = [DeliveryFailed("未关注", remedy=Remedy.UNREACHABLE)]
    deliveries.deliver(talk.id)
    deliveries.deliver(talk.id)

    assert channel.notices == []
    delivery = last_delivery(core, talk)
    assert (delivery.state, delivery.held_for) == (DeliveryState.HELD, HeldFor.WINDOW_CLOSED)


def test_within_the_window_the_message_itself_goes_out(core, deliveries, channel):
    with core.unit_of_work() as uow:
        conversation = a_conversation(uow)
        case = a_case(uow, conversation_id=conversation.id)
        operator = an_operator(uow)
    with core.unit_of_work() as uow:
        cases.accept_case(uow, case.number, operator_id=operator.id, case_class=CaseClass.GENERAL)

    deliveries.deliver(conversation.id)

    assert channel.notices == []
    assert any("已受理" in text for text in channel.delivered_texts)
