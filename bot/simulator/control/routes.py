"""The control API: /control/…, JSON in and out."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator.citizens import TooManyCitizens, UnknownCitizen
from bot.simulator.control import citizens, platform
from bot.simulator.errors import ApiError
from bot.simulator.gestures import NothingToTap
from bot.simulator.wechat import NotFollowing, SimulatedWeChat, UnknownAccount

Handler = Callable[[SimulatedWeChat, Request], Awaitable[Any]]

STATUSES: dict[type[Exception], tuple[int, str]] = {
    UnknownCitizen: (404, "unknown_citizen"),
    UnknownAccount: (404, "unknown_account"),
    NothingToTap: (404, "nothing_to_tap"),
    NotFollowing: (409, "not_following"),
    TooManyCitizens: (409, "too_many_citizens"),
}

TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/control/citizens", citizens.known),
    ("POST", "/control/citizens", citizens.create),
    ("POST", "/control/pictures", citizens.store_picture),
    ("POST", "/control/say", citizens.say),
    ("POST", "/control/ask", citizens.ask),
    ("POST", "/control/follow", citizens.follow),
    ("POST", "/control/unfollow", citizens.unfollow),
    ("POST", "/control/click", citizens.click),
    ("POST", "/control/tap", citizens.tap),
    ("POST", "/control/burst", citizens.burst),
    ("GET", "/control/transcript", citizens.transcript),
    ("GET", "/control/quota", citizens.quota),
    ("GET", "/control/stats", platform.stats),
    ("GET", "/control/pushes", platform.pushes),
    ("GET", "/control/pushes/{push_id}", platform.push),
    ("GET", "/control/calls", platform.calls),
    ("GET", "/control/faults", platform.faults),
    ("POST", "/control/faults", platform.switch_faults),
    ("GET", "/control/accounts", platform.accounts),
    ("POST", "/control/accounts", platform.change_account),
    ("POST", "/control/verify", platform.verify),
    ("POST", "/control/tokens/revoke", platform.revoke_tokens),
    ("POST", "/control/reset", platform.reset),
)


def control_routes(wechat: SimulatedWeChat) -> list[Route]:
    return [_route(wechat, method, path, handler) for method, path, handler in TABLE]


def _is_same_origin(request: Request) -> bool:
    """Refuse other websites that happen to be open in the same browser."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _route(wechat: SimulatedWeChat, method: str, path: str, handler: Handler) -> Route:
    async def endpoint(request: Request) -> Response:
        if not _is_same_origin(request):
            return JSONResponse({"error": "foreign_origin"}, status_code=403)
        try:
            said = await handler(wechat, request)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False, include_input=False)
            return JSONResponse({"error": "invalid", "details": details}, status_code=422)
        except ApiError as error:
            return JSONResponse({"error": "refused"} | error.as_json(), status_code=422)
        except tuple(STATUSES) as error:
            status, code = STATUSES[type(error)]
            return JSONResponse({"error": code}, status_code=status)
        return said if isinstance(said, Response) else JSONResponse(said)

    return Route(path, endpoint, methods=[method])
