"""Menus as far as a test needs them, and who works on them."""

from typing import Any

from core.menus import queries, services
from core.menus.buttons import Button
from core.menus.models import Menu
from core.menus.services import AccountRights, Place
from core.menus.states import ButtonKind
from core.messaging import ChannelName
from core.operators.permissions import Role
from core.unit_of_work import UnitOfWork
from tests.builders import an_operator

EVERYTHING = AccountRights(may_set_menus=True, may_group_citizens=True)
HERE = Place(ChannelName.WECHAT, "demo")
BUTTONS = (
    Button(name="提问", value="ask"),
    Button(
        name="办事",
        kind=ButtonKind.SUB_MENU,
        sub_buttons=(
            Button(name="反映问题", value="case"),
            Button(name="政府网站", kind=ButtonKind.LINK, value="https://www.gov.cn/"),
        ),
    ),
    Button(name="人工", value="human"),
)


def somebody(uow: UnitOfWork, role: Role = Role.KNOWLEDGE_REVIEWER) -> int:
    return an_operator(uow, role).id


def a_draft(uow: UnitOfWork, **given: Any) -> Menu:
    """Return a draft with buttons in it, saved once."""
    place = given.pop("place", HERE)
    operator_id = given.pop("operator_id", None) or somebody(uow)
    menu = services.open_draft(uow, place, operator_id=operator_id, **given)
    return services.save_draft(
        uow, menu.id, BUTTONS, seen_revision=menu.revision, operator_id=operator_id
    )


def a_submitted(uow: UnitOfWork, **given: Any) -> Menu:
    menu = a_draft(uow, **given)
    editor_id = menu.changed_by_id
    return services.submit_menu(uow, menu.id, seen_revision=menu.revision, operator_id=editor_id)


def a_released(uow: UnitOfWork, **given: Any) -> Menu:
    menu = a_submitted(uow, **given)
    return services.release_menu(
        uow,
        menu.id,
        rights=EVERYTHING,
        seen_revision=menu.revision,
        operator_id=somebody(uow),
    )


def a_published(uow: UnitOfWork, **given: Any) -> Menu:
    menu = a_released(uow, **given)
    services.record_taken(uow, menu.id, platform_menu_id=given.get("platform_menu_id"))
    return queries.get(uow.session, menu.id)
