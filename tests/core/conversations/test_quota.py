"""The ledger of what a platform lets us send: opened by what citizens do, spent by sending."""

from datetime import timedelta

import pytest

from core.channels import services as accounts
from core.channels.services import AccountFacts
from core.conversations import queries, services
from core.conversations.allowances import ALLOWANCES, Room
from core.conversations.states import DeliveryState, HeldFor
from core.messaging import ChannelName, InboundKind, Trigger
from tests.builders import a_conversation, a_message, an_address
from tests.core.conversations.scenes import delivered, said_by_bot
from tests.fakes import MONDAY

MINUTE, TWO_DAYS = timedelta(minutes=1), timedelta(hours=48)


def room(uow, conversation_id) -> Room:
    uow.session.flush()
    conversation = queries.get(uow.session, conversation_id)
    return queries.room_for(uow.session, conversation.identity, uow.now)


@pytest.mark.parametrize(
    ("given", "left", "lasts"),
    [
        ({}, 5, TWO_DAYS),
        ({"kind": InboundKind.IMAGE}, 5, TWO_DAYS),
        ({"kind": InboundKind.FOLLOW}, 3, MINUTE),
        ({"kind": InboundKind.SCAN}, 3, MINUTE),
        ({"kind": InboundKind.MENU_CLICK}, 3, MINUTE),
        ({"counts_as": Trigger.MENU_CLICK}, 3, MINUTE),
    ],
)
def test_wechat_lets_us_send_by_what_the_citizen_did(uow, given, left, lasts):
    conversation = a_conversation(uow, **given)

    assert room(uow, conversation.id) == Room(left, MONDAY + lasts)


@pytest.mark.parametrize(
    "kind", [InboundKind.TEXT, InboundKind.FOLLOW, InboundKind.SCAN, InboundKind.MENU_CLICK]
)
def test_weibo_lets_us_send_without_limit_for_two_days(uow, kind):
    conversation = a_conversation(uow, kind=kind, address=an_address(channel=ChannelName.WEIBO))

    assert room(uow, conversation.id) == Room(None, MONDAY + TWO_DAYS)


def test_each_mention_on_weibo_gives_one_message(uow):
    address = an_address(channel=ChannelName.WEIBO)
    for post_id in ("1", "2"):
        payload = {"public": "status", "post_id": post_id}
        conversation = a_conversation(
            uow, kind=InboundKind.MENTION, address=address, payload=payload
        )

    assert room(uow, conversation.id) == Room(2, MONDAY + TWO_DAYS)


def test_every_trigger_of_a_platform_has_an_end():
    for rules in ALLOWANCES.values():
        assert all(rule.lasts > timedelta(0) and rule.messages != 0 for rule in rules.values())


def test_what_counts_as_nothing_opens_no_window(uow):
    conversation = a_conversation(uow, kind=InboundKind.MENU_CLICK, counts_as=Trigger.NOTHING)

    assert room(uow, conversation.id) == Room(0, None, HeldFor.WINDOW_CLOSED)


def test_sending_spends_the_window_that_closes_first(uow):
    address = an_address()
    a_message(uow, address=address)
    conversation = a_conversation(uow, kind=InboundKind.MENU_CLICK, address=address)

    services.spend(uow, conversation.id, 4)

    left = {w.trigger: (w.allowed or 0) - w.sent for w in windows(uow, conversation)}
    assert left == {Trigger.MENU_CLICK: 0, Trigger.MESSAGE: 4}


def test_the_next_message_starts_the_count_anew(uow):
    address = an_address()
    conversation = a_conversation(uow, address=address)
    services.spend(uow, conversation.id, 5)
    assert room(uow, conversation.id).closed_for is HeldFor.QUOTA_USED

    a_message(uow, address=address)

    assert room(uow, conversation.id).left == 5


def test_a_window_ends_by_itself(uow):
    conversation = a_conversation(uow)

    uow.now += TWO_DAYS

    assert room(uow, conversation.id) == Room(0, None, HeldFor.WINDOW_CLOSED)


@pytest.mark.parametrize("held_for", [HeldFor.QUOTA_USED, HeldFor.WINDOW_CLOSED])
def test_the_platforms_word_corrects_the_ledger(uow, held_for):
    conversation = a_conversation(uow)

    services.correct(uow, conversation.id, held_for)

    assert room(uow, conversation.id) == Room(0, None, held_for)


def test_who_has_left_can_be_sent_nothing(uow):
    address = an_address()
    conversation = a_conversation(uow, address=address)
    a_message(uow, kind=InboundKind.UNFOLLOW, address=address)

    assert room(uow, conversation.id).closed_for is HeldFor.CITIZEN_LEFT


def test_with_nothing_left_everything_owed_is_held_without_asking_the_platform(uow):
    message = a_message(uow)
    services.spend(uow, message.conversation_id, 5)
    replies = said_by_bot(uow, "一", "二", message=message)

    assert services.lease_delivery(uow, message.conversation_id) is None

    states = [(reply.delivery.state, reply.delivery.held_for) for reply in replies]
    assert states == [(DeliveryState.HELD, HeldFor.QUOTA_USED)] * 2
    assert [reply.delivery.attempts for reply in replies] == [0, 0]


def test_what_is_said_behind_a_held_message_is_held_as_well(uow):
    message = a_message(uow)
    services.spend(uow, message.conversation_id, 5)
    said_by_bot(uow, "一", message=message)
    services.lease_delivery(uow, message.conversation_id)
    later = services.say_as_desk(uow, message.conversation_id, text="二")

    services.lease_delivery(uow, message.conversation_id)

    assert later.delivery is None or later.delivery.state is DeliveryState.HELD
    states = [d.state for d in queries.open_deliveries(uow.session, message.conversation_id)]
    assert states == [DeliveryState.HELD] * 2


def test_what_was_held_goes_out_in_order_when_the_citizen_writes(uow):
    address = an_address()
    message = a_message(uow, address=address)
    services.spend(uow, message.conversation_id, 5)
    said_by_bot(uow, "一", "二", message=message)
    services.lease_delivery(uow, message.conversation_id)

    a_message(uow, address=address)

    assert delivered(uow, message.conversation_id) == ["一", "二"]


def test_an_account_without_the_right_only_answers_pushes(uow):
    register(uow, rights=frozenset())
    conversation = a_conversation(uow)

    assert room(uow, conversation.id).closed_for is HeldFor.PASSIVE_ONLY


def test_what_the_platform_refused_the_account_is_remembered_for_a_day(uow):
    register(uow, rights=frozenset({"customer_service"}))
    conversation = a_conversation(uow)
    assert room(uow, conversation.id).is_open

    accounts.set_passive_only(uow, ChannelName.WECHAT, "demo", reason="48001")
    assert room(uow, conversation.id).closed_for is HeldFor.PASSIVE_ONLY

    uow.now += timedelta(days=1)
    assert room(uow, conversation.id).is_open
    assert accounts.set_passive_only(uow, ChannelName.WECHAT, "demo", reason="48001")
    assert room(uow, conversation.id).closed_for is HeldFor.PASSIVE_ONLY


def test_a_citizen_the_platform_cannot_reach_is_marked_until_they_write(uow, announced):
    address = an_address()
    conversation = a_conversation(uow, address=address)

    services.note_unreachable(uow, conversation.id, code="43004")
    identity = conversation.identity
    assert (identity.unreachable_since, identity.unreachable_code) == (MONDAY, "43004")

    a_message(uow, address=address)
    assert identity.unreachable_since is None


def register(uow, *, rights):
    facts = AccountFacts(
        channel=ChannelName.WECHAT, account="demo", name="号", kind="service", rights=rights
    )
    accounts.register_accounts(uow, [facts])


def windows(uow, conversation):
    return queries.open_windows(uow.session, conversation.identity_id, uow.now)
