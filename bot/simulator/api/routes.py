"""The address table of the API."""

from starlette.routing import Route

from bot.simulator.api import account, media, menus, messages, notices, tags, tokens, web_login
from bot.simulator.api.gate import Handler, route
from bot.simulator.wechat import SimulatedWeChat

WITHOUT_TOKEN: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/cgi-bin/token", tokens.token),
    ("POST", "/cgi-bin/stable_token", tokens.stable_token),
    web_login.EXCHANGE,
)
WITH_TOKEN: tuple[tuple[str, str, Handler], ...] = (
    ("POST", messages.SEND_PATH, messages.send),
    ("POST", "/cgi-bin/message/custom/typing", messages.typing),
    ("POST", "/cgi-bin/message/template/send", notices.send_template),
    ("POST", "/cgi-bin/message/subscribe/bizsend", notices.send_subscription),
    ("POST", "/cgi-bin/message/template/subscribe", notices.send_once),
    ("POST", "/cgi-bin/menu/create", menus.create),
    ("GET", "/cgi-bin/menu/get", menus.get),
    ("GET", "/cgi-bin/menu/delete", menus.delete),
    ("POST", "/cgi-bin/menu/addconditional", menus.add_for_group),
    ("POST", "/cgi-bin/menu/delconditional", menus.delete_for_group),
    ("POST", "/cgi-bin/menu/trymatch", menus.try_match),
    ("GET", "/cgi-bin/get_current_selfmenu_info", menus.shown),
    ("POST", "/cgi-bin/tags/create", tags.create),
    ("GET", "/cgi-bin/tags/get", tags.known),
    ("POST", "/cgi-bin/tags/members/batchtagging", tags.tag),
    ("POST", "/cgi-bin/tags/members/batchuntagging", tags.untag),
    ("GET", "/cgi-bin/media/get", media.get),
    ("POST", "/cgi-bin/media/upload", media.upload),
    ("GET", "/cgi-bin/getcallbackip", account.addresses),
    ("GET", "/cgi-bin/get_api_domain_ip", account.addresses),
    ("POST", "/cgi-bin/clear_quota", account.clear_quota),
    ("GET", "/cgi-bin/user/info", account.citizen_info),
)


def api_routes(wechat: SimulatedWeChat) -> list[Route]:
    known = [
        route(wechat, path, handler, method=method, wants_token=wants_token)
        for table, wants_token in ((WITHOUT_TOKEN, False), (WITH_TOKEN, True))
        for method, path, handler in table
    ]
    rest = route(wechat, "/cgi-bin/{rest:path}", account.unknown, method=None, wants_token=False)
    return [*known, *web_login.web_login_routes(wechat), rest]
