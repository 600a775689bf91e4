"""The address table of the API."""

from starlette.routing import Route

from bot.simulator.weibo.api import messages, public
from bot.simulator.weibo.api.gate import MESSAGES, Handler, route, unknown
from bot.simulator.weibo.platform import SimulatedWeibo

TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("POST", MESSAGES, messages.reply),
    ("POST", "/2/messages/menu/create.json", messages.create_menu),
    ("GET", "/2/messages/menu/show.json", messages.show_menu),
    ("POST", "/2/messages/menu/delete.json", messages.delete_menu),
    ("POST", "/2/eps/push/set_format.json", messages.set_format),
    ("GET", "/2/mss/msget", messages.download),
    ("GET", "/2/statuses/mentions.json", public.statuses_mentions),
    ("GET", "/2/comments/mentions.json", public.comments_mentions),
    ("GET", "/2/comments/to_me.json", public.comments_to_me),
    ("POST", "/2/comments/create.json", public.create_comment),
    ("POST", "/2/comments/reply.json", public.reply_to_comment),
)


def api_routes(weibo: SimulatedWeibo) -> list[Route]:
    known = [route(weibo, method, path, handler) for method, path, handler in TABLE]
    return [*known, route(weibo, "GET", "/2/{rest:path}", unknown)]
