"""Changes to conversations. Each function is one thing a citizen, the bot or an operator does."""

from core.conversations.services.delivering import (
    ERASED,
    MAX_ATTEMPTS,
    lease_along,
    lease_delivery,
    record_delivery,
    record_delivery_failure,
    record_unknown_outcome,
    send_again,
)
from core.conversations.services.handing_over import (
    close_conversation,
    hand_back,
    hand_off,
    pass_on,
    return_from_outage,
    take_over,
)
from core.conversations.services.noticing import hold_again, lease_notice, record_notice
from core.conversations.services.passive import (
    Fit,
    PassiveWords,
    claim_owed,
    claim_passive,
    open_passive_window,
    shut_passive_window,
)
from core.conversations.services.quota import correct, note_unreachable, spend
from core.conversations.services.receiving import Receipt, identify, receive
from core.conversations.services.reporting import note_report, record_consent
from core.conversations.services.speaking import (
    add_note,
    mark_seen,
    note_as_desk,
    say_as_desk,
    say_as_operator,
)
from core.conversations.services.turns import (
    Reply,
    bot_speaks,
    clear_misses,
    leave_to_people,
    note_miss,
    record_recognition,
    record_turn,
    set_noted,
)
from core.conversations.services.typing import claim_typing, note_typing

__all__ = [
    "ERASED",
    "MAX_ATTEMPTS",
    "Fit",
    "PassiveWords",
    "Receipt",
    "Reply",
    "add_note",
    "bot_speaks",
    "claim_owed",
    "claim_passive",
    "claim_typing",
    "clear_misses",
    "close_conversation",
    "correct",
    "hand_back",
    "hand_off",
    "hold_again",
    "identify",
    "lease_along",
    "lease_delivery",
    "lease_notice",
    "leave_to_people",
    "mark_seen",
    "note_as_desk",
    "note_miss",
    "note_report",
    "note_typing",
    "note_unreachable",
    "open_passive_window",
    "pass_on",
    "receive",
    "record_consent",
    "record_delivery",
    "record_delivery_failure",
    "record_notice",
    "record_recognition",
    "record_turn",
    "record_unknown_outcome",
    "return_from_outage",
    "say_as_desk",
    "say_as_operator",
    "send_again",
    "set_noted",
    "shut_passive_window",
    "spend",
    "take_over",
]
