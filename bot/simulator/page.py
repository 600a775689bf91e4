"""The chat pages: what a citizen's phone shows of a platform, live."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.simulator.errors import ApiError
from bot.simulator.platform import AnyPlatform

HERE = Path(__file__).parent
SHOWN_CITIZENS = 2000
SHOWN_PUSHES = 30
SHOWN_CALLS = 30

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the page of one platform is called and how its state is told.

    `address` is its own; below `data` it asks, below `control` it acts. `account` is what
    citizens call the office's account there, `kind` what the platform registered it as.
    """

    platform: str
    title: str
    owner: str
    account: str
    kind: str
    address: str
    data: str
    control: str
    pictures: str
    report_account: Callable[[Any, Any], dict[str, Any]]
    report_panel: Callable[[Any, str], dict[str, Any]]


def page_routes(platform: AnyPlatform, page: Page, *, other: Page | None = None) -> list[BaseRoute]:
    """Serve the page of a platform; `other` is the page that can be changed to."""
    templates = Jinja2Templates(HERE / "templates")

    async def chat(request: Request) -> Response:
        accounts = list(platform.accounts.values())
        facts = {"accounts": accounts, "page": page, "other": other}
        return templates.TemplateResponse(request, "chat.html", facts, headers=HEADERS)

    async def state(_request: Request) -> Response:
        """Tell everything the page shows but the chats themselves."""
        citizens = [
            citizen.as_json() | {"last": _last_line(platform, citizen.openid)}
            for citizen in islice(platform.citizens, SHOWN_CITIZENS)
        ]
        accounts = [page.report_account(platform, a) for a in platform.accounts.values()]
        return JSONResponse({"accounts": accounts, "citizens": citizens})

    async def panel(request: Request) -> Response:
        """Tell what the platform side shows for the citizen in view."""
        openid = request.query_params.get("openid", "")
        pushes = [p for p in platform.pushes.recent(1000) if p.openid == openid][-SHOWN_PUSHES:]
        calls = list(platform.calls.recent)[-SHOWN_CALLS:]
        said = {
            "pushes": [push.as_json() for push in reversed(pushes)],
            "calls": [call.as_json() for call in reversed(calls)],
        }
        return JSONResponse(said | page.report_panel(platform, openid))

    async def events(_request: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_lines(platform), media_type="text/event-stream", headers=headers)

    async def picture(request: Request) -> Response:
        try:
            media = platform.media.get(request.path_params["media_id"], platform.now())
        except ApiError:
            return Response(status_code=404)
        headers = {"Content-Type": media.content_type, "X-Content-Type-Options": "nosniff"}
        return Response(media.content, headers=headers)

    return [
        Route(page.address, chat),
        Route(f"{page.data}/state", state),
        Route(f"{page.data}/panel", panel),
        Route(f"{page.data}/events", events),
        Route(f"{page.pictures}/{{media_id}}", picture),
    ]


def static_files() -> BaseRoute:
    return Mount("/static", StaticFiles(directory=HERE / "static"))


async def _lines(platform: AnyPlatform) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    async for event in platform.feed.follow():
        if event is None:
            yield ": still here\n\n"
        else:
            yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"


def _last_line(platform: AnyPlatform, openid: str) -> dict[str, str] | None:
    entries = platform.transcripts.of(openid)
    if not entries:
        return None
    return {"text": entries[-1].text[:60], "at": entries[-1].at.isoformat()}
