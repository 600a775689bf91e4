"""Which events an operator may hear of, and under which topics a page listens for them."""

import json
from dataclasses import dataclass

from core.operators.permissions import Permission

_P = Permission

# The first word of an event's subject is what it is about. An operator hears of the kind
# with any of these permissions …
AUDIENCE: dict[str, frozenset[Permission]] = {
    "conversation": frozenset({_P.VIEW_CONVERSATIONS}),
    "case": frozenset({_P.VIEW_ALL_CASES, _P.VIEW_OWN_UNIT_CASES}),
    "citizen": frozenset({_P.VIEW_CONVERSATIONS}),
    "entry": frozenset({_P.VIEW_KNOWLEDGE}),
    "model": frozenset({_P.VIEW_MODELS}),
    "gap": frozenset({_P.EDIT_KNOWLEDGE}),
    "menu": frozenset({_P.EDIT_MENU, _P.PUBLISH_MENU}),
    "group": frozenset({_P.EDIT_MENU, _P.PUBLISH_MENU}),
    "channel": frozenset({_P.VIEW_CHANNELS}),
    "erasure": frozenset({_P.VIEW_ERASURES}),
    "operator": frozenset({_P.VIEW_ORGANISATION, _P.CONVERSE}),
}

# … and, with any of these, also which one it was.
KNOWS_WHICH: dict[str, frozenset[Permission]] = AUDIENCE | {
    "case": frozenset({_P.VIEW_ALL_CASES}),
}

# Who waits and who speaks: rarer than words, so that counting again costs little.
QUEUE = "queue"
CHANGES_QUEUE = frozenset({
    "HandoffRequested", "ConversationTakenOver", "ConversationHandedBack", "ConversationClosed",
})  # fmt: skip


@dataclass(frozen=True)
class HeardEvent:
    """An event as it came over Redis: its type and subject, nothing of its content."""

    type: str
    subject: str

    @property
    def kind(self) -> str:
        return self.subject.partition(":")[0]

    @property
    def subject_id(self) -> str:
        return self.subject.partition(":")[2]

    @classmethod
    def parse(cls, raw: bytes | str) -> "HeardEvent | None":
        """Read a published event; None when it is not one of ours."""
        try:
            body = json.loads(raw)
            return cls(type=str(body["type"]), subject=str(body["subject"]))
        except (ValueError, KeyError, TypeError):
            return None


def topics_for(permissions: frozenset[Permission], event: HeardEvent) -> tuple[str, ...]:
    """Return what somebody with these permissions is told; nothing when it is not for them."""
    if permissions.isdisjoint(AUDIENCE.get(event.kind, frozenset())):
        return ()
    if permissions.isdisjoint(KNOWS_WHICH[event.kind]):
        return (event.kind,)
    which = (event.kind, f"{event.kind}-{event.subject_id}")
    return (*which, QUEUE) if event.type in CHANGES_QUEUE else which
