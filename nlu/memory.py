"""How much of a conversation Rasa keeps in mind.

Every turn reads, replays and writes the whole memory, so its length is the time of a turn.
What was said is in the desk's own database; here the last few turns are enough.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)

LONGEST = 60  # events; from here on the memory is shortened
TURNS_KEPT = 4


def shortened(events: Sequence[Event]) -> list[Event]:
    """Return the last turns as a session of their own, with what was remembered before them.

    A cut is only made between turns and never inside a form.
    """
    if len(events) <= LONGEST:
        return list(events)
    turns = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    is_in_form, remembered, cut = False, {}, None
    latest_cut = turns[-TURNS_KEPT] if len(turns) >= TURNS_KEPT else 0
    kept_then: dict[str, object] = {}
    for i, event in enumerate(events[: latest_cut + 1]):
        if isinstance(event, UserUttered) and not is_in_form:
            cut, kept_then = i, dict(remembered)
        elif isinstance(event, ActiveLoop):
            is_in_form = event.name is not None
        elif isinstance(event, SlotSet):
            remembered[event.key] = event.value
        elif isinstance(event, (Restarted, SessionStarted)):
            is_in_form, remembered = False, {}
    if cut is None:
        return list(events)
    begun_at = events[cut].timestamp
    return [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=begun_at),
        SessionStarted(timestamp=begun_at),
        *(SlotSet(k, v, timestamp=begun_at) for k, v in kept_then.items() if v is not None),
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=begun_at),
        *events[cut:],
    ]
