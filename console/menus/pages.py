"""What the page of one menu shows."""

from dataclasses import dataclass
from typing import Any

from console.context import operator
from console.menus import telling
from console.menus.places import EVERYBODY, Account, accounts
from core.knowledge import queries as knowledge
from core.menus import queries
from core.menus.buttons import Button, Buttons
from core.menus.limits import LIMITS, errors
from core.menus.services import Place, problems_of
from core.menus.states import OPEN, ButtonKind, LookOutcome, MenuState, OwnPage, Wish
from core.operators import queries as operators
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

# Not told while somebody is still typing: what is empty is not wrong yet.
TOLD_LATE = frozenset({
    "no_buttons", "sub_menu_empty", "name_missing", "entry_missing", "phrase_missing",
    "path_missing", "address_missing", "app_id_invalid",
})  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """What was typed and not saved, and why it was not."""

    buttons: Buttons
    seen_revision: int
    refusal: str = ""
    is_stale: bool = False
    is_checked: bool = False


def editor_facts(uow: UnitOfWork, menu: Any, typed: Typed | None = None) -> dict[str, Any]:
    """Return what the editor shows: what was typed, else what is saved."""
    buttons = typed.buttons if typed else menu.buttons
    found = problems_of(uow, menu.channel, buttons)
    if typed is None or not typed.is_checked:
        found = [problem for problem in found if problem.code not in TOLD_LATE]
    limits = LIMITS[menu.channel]
    kinds = [kind for kind in ButtonKind if kind in limits.kinds]
    return {
        "edited": menu,
        "buttons": buttons,
        "typed": typed,
        "seen_revision": typed.seen_revision if typed else menu.revision,
        "problems": telling.worded(found),
        "error_count": len(errors(found)),
        "limits": limits,
        "kinds": kinds,
        "sub_kinds": [kind for kind in kinds if kind is not ButtonKind.SUB_MENU],
        "wishes": list(Wish),
        "own_pages": list(OwnPage),
        "groups": queries.groups(uow.session),
        "entries": knowledge.published(uow.session),
        "names": names(uow, [menu]),
    }


def status_facts(uow: UnitOfWork, account: Account, place: Place, group: str) -> dict[str, Any]:
    """Return what may change while the page is open."""
    draft = queries.find_open(uow.session, place.channel, place.account, place.group_id)
    online = queries.find_online(uow.session, place.channel, place.account, place.group_id)
    versions = queries.versions(uow.session, place.channel, place.account, place.group_id)
    before: Buttons = online.buttons if online else ()
    after: Buttons = draft.buttons if draft else ()
    known = telling.titles(uow, before, after)
    me = operator()
    return {
        "account": account,
        "group_code": group,
        "draft": draft,
        "online": online,
        "versions": versions,
        "look": queries.find_look(uow.session, place.channel, place.account),
        "names": names(uow, versions),
        "difference": telling.differences(before, after, known) if draft else [],
        "may_release": me.can(Permission.PUBLISH_MENU),
        "is_mine": draft is not None and me.id in draft.editor_ids,
        "states": MenuState,
        "outcomes": LookOutcome,
    }


def page_facts(
    uow: UnitOfWork, account: Account, place: Place, group: str, typed: Typed | None = None
) -> dict[str, Any]:
    facts = status_facts(uow, account, place, group)
    draft, online = facts["draft"], facts["online"]
    is_edited = draft is not None and draft.state is MenuState.DRAFT
    shown: Buttons = draft.buttons if draft else online.buttons if online else ()
    facts |= {
        "accounts": accounts(),
        "everybody": EVERYBODY,
        "groups": queries.groups(uow.session),
        "limits": LIMITS[account.channel],
        "shown": shown,
        "rows": rows(uow, shown),
        "is_edited": is_edited and operator().can(Permission.EDIT_MENU),
        "open_states": OPEN,
    }
    if facts["is_edited"]:
        facts |= editor_facts(uow, draft, typed) | {"names": facts["names"]}
    return facts


def rows(uow: UnitOfWork, buttons: Buttons) -> list[dict[str, Any]]:
    """Return what every button does, those of a sub-menu below theirs."""
    known = telling.titles(uow, buttons)

    def row(button: Button) -> dict[str, Any]:
        is_sub_menu = button.kind is ButtonKind.SUB_MENU
        return {
            "name": button.name,
            "target": "" if is_sub_menu else telling.target(button, known),
            "subs": [row(sub) for sub in button.shown_buttons],
        }

    return [row(button) for button in buttons]


def names(uow: UnitOfWork, menus: Any) -> dict[int, str]:
    ids = {menu.changed_by_id for menu in menus} | {
        menu.released_by_id for menu in menus if menu.released_by_id
    }
    return operators.names(uow.session, ids)
