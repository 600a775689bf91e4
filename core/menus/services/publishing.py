"""A second person lets a menu go out; the worker tells the platform and notes what it said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import jobs
from core.events import operator_actor
from core.menus import queries
from core.menus.errors import (
    CommonMenuMissing,
    GroupMenusNotOffered,
    MenusNotOffered,
    PublisherIsEditor,
)
from core.menus.events import (
    MenuLookedAt,
    MenuPublished,
    MenuPutAgain,
    MenuRefused,
    MenuReleased,
    MenuWithdrawalAsked,
    MenuWithdrawn,
)
from core.menus.limits import LIMITS
from core.menus.models import Menu, MenuLook
from core.menus.services.drafting import facts_of, require_seen, require_valid
from core.menus.states import LookOutcome, MenuState, MenuStep
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class AccountRights:
    """What the platform lets the account do, as the settings tell it."""

    may_set_menus: bool
    may_group_citizens: bool


def release_menu(
    uow: UnitOfWork, menu_id: int, *, rights: AccountRights, seen_revision: int, operator_id: int
) -> Menu:
    """Let the menu go out. Who had a hand in it may not; the platform is told by a job."""
    menu = queries.get_for_change(uow.session, menu_id)
    require_seen(menu, seen_revision)
    menu.apply(MenuStep.PUBLISH)
    if operator_id in menu.editor_ids:
        raise PublisherIsEditor()
    _require_rights(uow, menu, rights)
    require_valid(uow, menu)
    menu.released_by_id, menu.released_at = operator_id, uow.now
    menu.changed_at = uow.now
    menu.error = menu.error_code = None
    jobs.defer(uow, jobs.settle_menu(menu.id, menu.channel, menu.account))
    uow.announce(MenuReleased(at=uow.now, actor=operator_actor(operator_id), **facts_of(menu)))
    return menu


def withdraw_menu(uow: UnitOfWork, menu_id: int, *, operator_id: int) -> Menu:
    """Take the menu from the platform. The one for everybody takes all groups' menus along."""
    menu = queries.get_for_change(uow.session, menu_id)
    menu.apply(MenuStep.WITHDRAW)
    menu.changed_at = uow.now
    menu.error = menu.error_code = None
    jobs.defer(uow, jobs.settle_menu(menu.id, menu.channel, menu.account))
    uow.announce(
        MenuWithdrawalAsked(at=uow.now, actor=operator_actor(operator_id), **facts_of(menu))
    )
    return menu


def put_again(uow: UnitOfWork, menu_id: int, *, actor: str) -> Menu:
    """Tell the platform once more what was published: somebody changed it there, or it forgot."""
    menu = queries.get_for_change(uow.session, menu_id)
    if menu.state is MenuState.PUBLISHED:
        jobs.defer(uow, jobs.settle_menu(menu.id, menu.channel, menu.account))
        uow.announce(MenuPutAgain(at=uow.now, actor=actor, **facts_of(menu)))
    return menu


def promise_again(uow: UnitOfWork, *, before: datetime) -> int:
    """Find what the platform should have been told of by then, and promise it once more."""
    unsettled = queries.unsettled_since(uow.session, before)
    for menu in unsettled:
        jobs.defer(uow, jobs.settle_menu(menu.id, menu.channel, menu.account))
    return len(unsettled)


def record_taken(uow: UnitOfWork, menu_id: int, *, platform_menu_id: str | None = None) -> None:
    """Note that the platform did what it was told. A second note of the same changes nothing."""
    menu = queries.get_for_change(uow.session, menu_id)
    menu.error = menu.error_code = None
    if menu.state is MenuState.PUBLISHED:
        menu.platform_menu_id = platform_menu_id or menu.platform_menu_id
        return
    if menu.state is MenuState.WITHDRAWING:
        _withdrawn(uow, menu)
        return
    if menu.state is not MenuState.PUBLISHING:
        return  # somebody was faster
    before = queries.find_online(uow.session, menu.channel, menu.account, menu.group_id)
    if before is not None:
        before.apply(MenuStep.REPLACE)
        before.ended_at = uow.now
        uow.session.flush()  # the index knows one menu online for each place
    menu.apply(MenuStep.TAKE)
    menu.published_at = menu.changed_at = uow.now
    menu.platform_menu_id = platform_menu_id
    uow.announce(MenuPublished(at=uow.now, **facts_of(menu)))


def record_attempt(uow: UnitOfWork, menu_id: int, *, code: str, reason: str) -> None:
    """Keep why it did not work yet; it will be tried again."""
    menu = queries.get_for_change(uow.session, menu_id)
    menu.error_code, menu.error = code, reason
    menu.changed_at = uow.now


def record_refusal(uow: UnitOfWork, menu_id: int, *, code: str, reason: str) -> None:
    """Note that the platform will not: what was online before stays online."""
    menu = queries.get_for_change(uow.session, menu_id)
    if menu.state in {MenuState.PUBLISHING, MenuState.WITHDRAWING}:
        menu.apply(MenuStep.REFUSE)
    menu.error_code, menu.error = code, reason
    menu.changed_at = uow.now
    uow.announce(MenuRefused(at=uow.now, error_code=code, **facts_of(menu)))


def ask_for_look(uow: UnitOfWork, channel: ChannelName, account: str) -> None:
    """Have the worker compare what the platform shows with what was published."""
    jobs.defer(uow, jobs.look_at_menu(channel, account))


def record_look(
    uow: UnitOfWork,
    channel: ChannelName,
    account: str,
    outcome: LookOutcome,
    *,
    found: Sequence[Any] = (),
    error: str = "",
) -> None:
    look = queries.find_look(uow.session, channel, account)
    if look is None:
        look = MenuLook(channel=channel, account=account)
        uow.session.add(look)
    look.looked_at, look.outcome = uow.now, outcome
    look.error = error or None
    if outcome is not LookOutcome.FAILED:
        look.found = list(found)
    uow.announce(
        MenuLookedAt(at=uow.now, channel=channel.value, account=account, outcome=outcome.value)
    )


def _require_rights(uow: UnitOfWork, menu: Menu, rights: AccountRights) -> None:
    if not rights.may_set_menus:
        raise MenusNotOffered(account=menu.account)
    if menu.group_id is None:
        return
    if not (rights.may_group_citizens and LIMITS[menu.channel].has_group_menus):
        raise GroupMenusNotOffered(account=menu.account)
    if queries.find_online(uow.session, menu.channel, menu.account, None) is None:
        raise CommonMenuMissing(account=menu.account)


def _withdrawn(uow: UnitOfWork, menu: Menu) -> None:
    menu.apply(MenuStep.TAKE)
    menu.ended_at = menu.changed_at = uow.now
    uow.announce(MenuWithdrawn(at=uow.now, **facts_of(menu)))
    if menu.group_id is not None:
        return
    for other in queries.online(uow.session, menu.channel, menu.account):
        if other.id != menu.id:
            other.apply(MenuStep.LAPSE)
            other.ended_at = uow.now
            uow.announce(MenuWithdrawn(at=uow.now, **facts_of(other)))
