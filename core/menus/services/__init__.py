"""Changes of menus and groups. Every function takes the open unit of work first."""

from core.menus.services.drafting import (
    Place,
    discard_draft,
    known_targets,
    open_draft,
    problems_of,
    save_draft,
    send_back,
    submit_menu,
)
from core.menus.services.grouping import (
    add_group,
    choose_group,
    record_tagging,
    rename_group,
    set_group_active,
    set_tag,
)
from core.menus.services.publishing import (
    AccountRights,
    ask_for_look,
    promise_again,
    put_again,
    record_attempt,
    record_look,
    record_refusal,
    record_taken,
    release_menu,
    withdraw_menu,
)

__all__ = [
    "AccountRights",
    "Place",
    "add_group",
    "ask_for_look",
    "choose_group",
    "discard_draft",
    "known_targets",
    "open_draft",
    "problems_of",
    "promise_again",
    "put_again",
    "record_attempt",
    "record_look",
    "record_refusal",
    "record_tagging",
    "record_taken",
    "release_menu",
    "rename_group",
    "save_draft",
    "send_back",
    "set_group_active",
    "set_tag",
    "submit_menu",
    "withdraw_menu",
]
