"""How a call of a control API comes in and goes out: JSON both ways, every refusal with a code."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator.citizens import TooManyCitizens, UnknownCitizen
from bot.simulator.errors import ApiError
from bot.simulator.gestures import NothingToTap
from bot.simulator.platform import NotFollowing, UnknownAccount

type Handler[P] = Callable[[P, Request], Awaitable[Any]]

STATUSES: dict[type[Exception], tuple[int, str]] = {
    UnknownCitizen: (404, "unknown_citizen"),
    UnknownAccount: (404, "unknown_account"),
    NothingToTap: (404, "nothing_to_tap"),
    NotFollowing: (409, "not_following"),
    TooManyCitizens: (409, "too_many_citizens"),
}


def routes_for[P](platform: P, table: Iterable[tuple[str, str, Handler[P]]]) -> list[Route]:
    return [_route(platform, method, path, handler) for method, path, handler in table]


def _is_same_origin(request: Request) -> bool:
    """Refuse other websites that happen to be open in the same browser."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _route[P](platform: P, method: str, path: str, handler: Handler[P]) -> Route:
    async def endpoint(request: Request) -> Response:
        if not _is_same_origin(request):
            return JSONResponse({"error": "foreign_origin"}, status_code=403)
        try:
            said = await handler(platform, request)
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
