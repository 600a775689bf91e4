"""/cgi-bin/menu/…: the menu for everybody, those for groups, and what is shown."""

from bot.simulator.accounts import Account
from bot.simulator.api.gate import OK, Answer, ApiCall
from bot.simulator.errors import ApiError
from bot.simulator.menus import GroupMenu, menu_from_json, tag_in_rule
from config.accounts import Right

FIRST_MENU_ID = 208_396_938


async def create(call: ApiCall) -> Answer:
    account = _admitted(call)
    account.menu = menu_from_json(call.json(), own_domain=account.own_domain)
    _announce(call)
    return OK


async def get(call: ApiCall) -> Answer:
    account = call.token_account
    if account.menu is None:
        raise ApiError(46003)
    said = {"menu": account.menu.as_json()}
    if not account.group_menus:
        return said
    return said | {"conditionalmenu": [menu.as_json() for menu in account.group_menus[::-1]]}


async def delete(call: ApiCall) -> Answer:
    account = _admitted(call)
    account.menu = None
    account.group_menus.clear()
    _announce(call)
    return OK


async def add_for_group(call: ApiCall) -> Answer:
    account, said = _admitted(call, Right.CITIZEN_GROUPS), call.json()
    if account.menu is None:
        raise ApiError(65303)
    tag_id = tag_in_rule(said)
    if tag_id not in account.tags:
        raise ApiError(45159)
    menu = menu_from_json(said, own_domain=account.own_domain)
    menu_id = max((it.menu_id for it in account.group_menus), default=FIRST_MENU_ID) + 1
    account.group_menus.append(GroupMenu(menu_id, tag_id, menu))
    _announce(call)
    return {"menuid": str(menu_id)}


async def delete_for_group(call: ApiCall) -> Answer:
    account, menu_id = _admitted(call), str(call.json().get("menuid", ""))
    kept = [menu for menu in account.group_menus if str(menu.menu_id) != menu_id]
    if len(kept) == len(account.group_menus):
        raise ApiError(65301)
    account.group_menus[:] = kept
    _announce(call)
    return OK


async def try_match(call: ApiCall) -> Answer:
    citizen = call.wechat.citizens.find(str(call.json().get("user_id", "")))
    account = call.token_account
    if citizen is None or citizen.account_key != account.key or not citizen.is_following:
        raise ApiError(65302)
    return account.menu_for(citizen.tag_ids).as_json()


async def shown(call: ApiCall) -> Answer:
    menu = call.token_account.menu
    buttons = [button.as_shown_json() for button in menu.buttons] if menu else []
    return {"is_menu_open": int(menu is not None), "selfmenu_info": {"button": buttons}}


def _admitted(call: ApiCall, right: Right = Right.CUSTOM_MENU) -> Account:
    account = call.token_account
    if not account.may(right):
        raise ApiError(48001)
    return account


def _announce(call: ApiCall) -> None:
    account = call.token_account
    call.wechat.feed.publish("menu", account=account.key, **account.menus_report())
