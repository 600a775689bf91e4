"""Who hears what: types and topics, never content."""

import pytest

from console.live.topics import AUDIENCE, QUEUE, HeardEvent, topics_for
from core.conversations import events
from core.operators.permissions import Role, permissions_of

CONVERSATION = HeardEvent("MessageReceived", "conversation:7")
CASE = HeardEvent("CaseAccepted", "case:WZ202603020001")
ENTRY = HeardEvent("EntryImported", "entry:id_card_loss")


@pytest.mark.parametrize(
    ("role", "event", "topics"),
    [
        (Role.OPERATOR, CONVERSATION, ("conversation", "conversation-7")),
        (Role.OPERATOR, CASE, ("case", "case-WZ202603020001")),
        (Role.HANDLER, CONVERSATION, ()),
        (Role.HANDLER, ENTRY, ("entry", "entry-id_card_loss")),
        (Role.SYSTEM_ADMIN, CASE, ()),
        (
            Role.SYSTEM_ADMIN,
            HeardEvent("AlarmRaised", "channel:wechat-town"),
            ("channel", "channel-wechat-town"),
        ),
        (Role.OPERATOR, HeardEvent("AlarmRaised", "channel:wechat-town"), ()),
        (Role.SYSTEM_ADMIN, HeardEvent("DutyChanged", "operator:3"), ("operator", "operator-3")),
    ],
)
def test_a_role_hears_of_what_it_may_see(role: Role, event: HeardEvent, topics: tuple[str, ...]):
    assert topics_for(permissions_of({role}), event) == topics


def test_who_sees_one_units_cases_is_not_told_the_numbers_of_others():
    assert topics_for(permissions_of({Role.HANDLER}), CASE) == ("case",)


@pytest.mark.parametrize(
    "type_",
    ["HandoffRequested", "ConversationTakenOver", "ConversationHandedBack", "ConversationClosed"],
)
def test_what_changes_the_queue_is_told_as_that_too(type_: str):
    event = HeardEvent(type_, "conversation:7")

    assert topics_for(permissions_of({Role.OPERATOR}), event)[-1] == QUEUE
    assert hasattr(events, type_)


def test_an_unknown_kind_of_event_is_told_to_nobody():
    everybody = permissions_of(set(Role))

    assert topics_for(everybody, HeardEvent("SecretKept", "secret:1")) == ()


@pytest.mark.parametrize("raw", [b"", b"not json", b"[]", b"{}", b'{"type": "X"}', b"null", b"1"])
def test_what_is_not_an_event_is_not_read(raw: bytes):
    assert HeardEvent.parse(raw) is None


def test_every_kind_of_event_is_for_somebody():
    assert all(AUDIENCE.values())
