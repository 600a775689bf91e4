"""Changes to cases. Each function is one thing a citizen, the bot or a member of staff does."""

from core.cases.services.answering import (
    close_case,
    draft_reply,
    rate_case,
    reply_to_case,
    send_back_reply,
)
from core.cases.services.handling import (
    accept_case,
    dispatch_case,
    reject_case,
    return_case,
    sign_for_case,
    urge_case,
    urge_own_case,
)
from core.cases.services.submitting import (
    Contact,
    acknowledge_case,
    add_information,
    cases_with_phone,
    mark_phones,
    read_contact,
    submit_case,
)

__all__ = [
    "Contact",
    "accept_case",
    "acknowledge_case",
    "add_information",
    "cases_with_phone",
    "close_case",
    "dispatch_case",
    "draft_reply",
    "mark_phones",
    "rate_case",
    "read_contact",
    "reject_case",
    "reply_to_case",
    "return_case",
    "send_back_reply",
    "sign_for_case",
    "submit_case",
    "urge_case",
    "urge_own_case",
]
