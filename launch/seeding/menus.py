"""The menus of the demo's accounts, and telling a simulated platform of them at every start."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from config.settings import Settings
from core.bootstrap import Core
from core.events import SYSTEM
from core.menus import buttons, queries, services
from core.menus.limits import LIMITS
from core.menus.services import AccountRights, Place
from core.messaging import ChannelName
from core.unit_of_work import UnitOfWork
from launch.seeding.moments import Told
from launch.seeding.story import Cast

EVERYTHING = AccountRights(may_set_menus=True, may_group_citizens=True)


class MenuTold(Told):
    group: str = ""
    buttons: list[dict[str, Any]]


class Menus(Told):
    edited_by: str
    released_by: str
    groups: list[str]
    menus: list[MenuTold]


def publish(
    uow: UnitOfWork, cast: Cast, told: list[Menus], accounts: list[tuple[ChannelName, str]]
) -> None:
    """Let each account have its menus, as if the platform had taken them long ago."""
    for one in told:
        groups = {name: services.add_group(uow, name=name, actor=SYSTEM).id for name in one.groups}
        for channel, account in accounts:
            for menu in one.menus:
                if menu.group and not LIMITS[channel].has_group_menus:
                    continue
                place = Place(channel, account, groups.get(menu.group))
                _publish(uow, cast, one, menu, place)


def _publish(uow: UnitOfWork, cast: Cast, one: Menus, menu: MenuTold, place: Place) -> None:
    editor_id, releaser_id = cast.operators[one.edited_by], cast.operators[one.released_by]
    draft = services.open_draft(uow, place, operator_id=editor_id)
    wanted = _offered(buttons.read(menu.buttons), place.channel)
    draft = services.save_draft(
        uow, draft.id, wanted, seen_revision=draft.revision, operator_id=editor_id
    )
    seen = draft.revision
    services.submit_menu(uow, draft.id, seen_revision=seen, operator_id=editor_id)
    services.release_menu(
        uow, draft.id, rights=EVERYTHING, seen_revision=seen, operator_id=releaser_id
    )
    services.record_taken(uow, draft.id)


def _offered(wanted: buttons.Buttons, channel: ChannelName) -> buttons.Buttons:
    """Leave out what the platform does not know."""
    kinds = LIMITS[channel].kinds
    return tuple(
        replace(button, sub_buttons=tuple(sub for sub in button.sub_buttons if sub.kind in kinds))
        for button in wanted
        if button.kind in kinds
    )


def tell_simulated_platform(core: Core, settings: Settings) -> None:
    """A simulated platform forgets everything at its end, so it is told anew."""
    if urlsplit(settings.wechat_api_url).port != settings.simulator_port:
        return
    with replace(core, defers_jobs=True).unit_of_work() as uow:
        for menu in queries.all_online(uow.session):
            services.put_again(uow, menu.id, actor=SYSTEM)
