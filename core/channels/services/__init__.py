"""Changes to what the desk knows about its accounts."""

from core.channels.services.alarms import (
    acknowledge_alarm,
    close_alarm,
    hold_alarm,
    raise_alarm,
    resolve_alarm,
)
from core.channels.services.noting import (
    note_calls,
    note_delivery,
    note_error,
    note_push,
    note_refused_push,
    note_token,
    spend_call,
)
from core.channels.services.reading import advance_reading, claim_reading
from core.channels.services.registering import (
    AccountFacts,
    assign_owner,
    clear_passive_only,
    note_menus_refused,
    register_accounts,
    set_passive_only,
)

__all__ = [
    "AccountFacts",
    "acknowledge_alarm",
    "advance_reading",
    "assign_owner",
    "claim_reading",
    "clear_passive_only",
    "close_alarm",
    "hold_alarm",
    "note_calls",
    "note_delivery",
    "note_error",
    "note_menus_refused",
    "note_push",
    "note_refused_push",
    "note_token",
    "raise_alarm",
    "register_accounts",
    "resolve_alarm",
    "set_passive_only",
    "spend_call",
]
