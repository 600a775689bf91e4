"""/cgi-bin/menu/create, get and delete."""

from bot.simulator.api.gate import OK, Answer, ApiCall
from bot.simulator.errors import ApiError
from bot.simulator.menus import menu_from_json


async def create(call: ApiCall) -> Answer:
    call.token_account.menu = menu_from_json(call.json())
    _announce(call)
    return OK


async def get(call: ApiCall) -> Answer:
    menu = call.token_account.menu
    if menu is None:
        raise ApiError(46003)
    return {"menu": menu.as_json()}


async def delete(call: ApiCall) -> Answer:
    call.token_account.menu = None
    _announce(call)
    return OK


def _announce(call: ApiCall) -> None:
    account = call.token_account
    call.wechat.feed.publish("menu", account=account.key, menu=account.shown_menu.as_json())
