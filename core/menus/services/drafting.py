"""A menu is drafted, checked, and handed to a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from core.events import operator_actor
from core.knowledge import queries as knowledge
from core.knowledge.errors import AnswerRepealed, EntryNotFound, EntryNotPublished
from core.menus import limits, queries
from core.menus.buttons import Button, Buttons, leaves, written
from core.menus.errors import (
    MenuAlreadyOpen,
    MenuInvalid,
    MenuReasonMissing,
    MenusNotOffered,
    StaleMenu,
)
from core.menus.events import (
    MenuDiscarded,
    MenuDraftOpened,
    MenuSaved,
    MenuSentBack,
    MenuSubmitted,
)
from core.menus.limits import LIMITS, Known, MenuLimits, Problem
from core.menus.models import Menu
from core.menus.states import ButtonKind, MenuState, MenuStep, next_state
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Place:
    """Whose menu it is: an account's, for everybody or for one group."""

    channel: ChannelName
    account: str
    group_id: int | None = None


def open_draft(
    uow: UnitOfWork, place: Place, *, operator_id: int, based_on: Menu | None = None
) -> Menu:
    """Begin a version: from `based_on`, else from what citizens see now, else from nothing."""
    if place.channel not in LIMITS:
        raise MenusNotOffered(account=place.account)
    if queries.find_open(uow.session, place.channel, place.account, place.group_id) is not None:
        raise MenuAlreadyOpen()
    source = based_on or queries.find_online(
        uow.session, place.channel, place.account, place.group_id
    )
    last = queries.last_number(uow.session, place.channel, place.account, place.group_id)
    menu = Menu(
        channel=place.channel,
        account=place.account,
        group_id=place.group_id,
        number=last + 1,
        state=MenuState.DRAFT,
        content=list(source.content) if source else [],
        revision=1,
        based_on=source.number if source else None,
        editor_ids=[operator_id],
        created_at=uow.now,
        changed_at=uow.now,
        changed_by_id=operator_id,
    )
    uow.session.add(menu)
    try:
        uow.session.flush()  # two people at once: the index lets one of them through
    except IntegrityError:
        raise MenuAlreadyOpen() from None
    uow.announce(
        MenuDraftOpened(
            at=uow.now,
            actor=operator_actor(operator_id),
            based_on=menu.based_on,
            **facts_of(menu),
        )
    )
    return menu


def save_draft(
    uow: UnitOfWork,
    menu_id: int,
    buttons: Sequence[Button],
    *,
    seen_revision: int,
    operator_id: int,
) -> Menu:
    """Keep what was typed, right or wrong; what is wrong is told when it is handed in."""
    menu = queries.get_for_change(uow.session, menu_id)
    next_state(menu.state, MenuStep.SUBMIT)  # only a draft is edited
    content = written(buttons)
    if menu.revision != seen_revision:
        if menu.content == content:
            return menu
        raise StaleMenu(operator_id=menu.changed_by_id)
    if menu.content == content:
        return menu
    menu.content = content
    menu.revision += 1
    _touch(uow, menu, operator_id)
    if operator_id not in menu.editor_ids:
        menu.editor_ids = [*menu.editor_ids, operator_id]
    uow.announce(
        MenuSaved(
            at=uow.now,
            actor=operator_actor(operator_id),
            revision=menu.revision,
            **facts_of(menu),
        )
    )
    return menu


def discard_draft(uow: UnitOfWork, menu_id: int, *, seen_revision: int, operator_id: int) -> Menu:
    menu = queries.get_for_change(uow.session, menu_id)
    require_seen(menu, seen_revision)
    menu.apply(MenuStep.DISCARD)
    menu.ended_at = uow.now
    _touch(uow, menu, operator_id)
    uow.announce(MenuDiscarded(at=uow.now, actor=operator_actor(operator_id), **facts_of(menu)))
    return menu


def submit_menu(uow: UnitOfWork, menu_id: int, *, seen_revision: int, operator_id: int) -> Menu:
    """Hand the draft to a second person; what the platform would refuse goes no further."""
    menu = queries.get_for_change(uow.session, menu_id)
    require_seen(menu, seen_revision)
    menu.apply(MenuStep.SUBMIT)
    require_valid(uow, menu)
    menu.sent_back_reason = None
    _touch(uow, menu, operator_id)
    uow.announce(MenuSubmitted(at=uow.now, actor=operator_actor(operator_id), **facts_of(menu)))
    return menu


def send_back(uow: UnitOfWork, menu_id: int, *, reason: str, operator_id: int) -> Menu:
    """Make it a draft again: a second person found something, or its editor did."""
    if not reason.strip():
        raise MenuReasonMissing()
    menu = queries.get_for_change(uow.session, menu_id)
    menu.apply(MenuStep.SEND_BACK)
    menu.sent_back_reason = reason
    menu.error = menu.error_code = None
    _touch(uow, menu, operator_id)
    uow.announce(
        MenuSentBack(at=uow.now, actor=operator_actor(operator_id), reason=reason, **facts_of(menu))
    )
    return menu


def problems_of(uow: UnitOfWork, channel: ChannelName, buttons: Buttons) -> list[Problem]:
    """Return what speaks against these buttons today, errors and warnings."""
    return limits.problems(buttons, limits_of(channel), known_targets(uow, buttons))


def known_targets(uow: UnitOfWork, buttons: Buttons) -> Known:
    slugs = {it.value for _, it in leaves(buttons) if it.kind is ButtonKind.ENTRY and it.value}
    return Known(
        entries={slug for slug in slugs if _is_servable(uow, slug)},
        groups={group.code for group in queries.groups(uow.session)},
        own_url=uow.office.public_url,
    )


def require_valid(uow: UnitOfWork, menu: Menu) -> None:
    found = limits.errors(problems_of(uow, menu.channel, menu.buttons))
    if found:
        raise MenuInvalid(count=len(found))


def require_seen(menu: Menu, seen_revision: int) -> None:
    if menu.revision != seen_revision:
        raise StaleMenu(operator_id=menu.changed_by_id)


def limits_of(channel: ChannelName) -> MenuLimits:
    try:
        return LIMITS[channel]
    except KeyError:
        raise MenusNotOffered(channel=channel.value) from None


def facts_of(menu: Menu) -> dict[str, Any]:
    return {
        "channel": menu.channel.value,
        "account": menu.account,
        "menu_id": menu.id,
        "number": menu.number,
    }


def _is_servable(uow: UnitOfWork, slug: str) -> bool:
    try:
        knowledge.get_servable(uow.session, slug, today=uow.today)
    except (EntryNotFound, EntryNotPublished, AnswerRepealed):
        return False
    return True


def _touch(uow: UnitOfWork, menu: Menu, operator_id: int) -> None:
    menu.changed_at = uow.now
    menu.changed_by_id = operator_id
