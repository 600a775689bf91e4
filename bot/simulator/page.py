"""The chat page: what a citizen's phone shows, live."""

import json
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.simulator.control import reports
from bot.simulator.errors import ApiError
from bot.simulator.wechat import SimulatedWeChat

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


def page_routes(wechat: SimulatedWeChat) -> list[BaseRoute]:
    templates = Jinja2Templates(HERE / "templates")

    async def chat(request: Request) -> Response:
        accounts = list(wechat.accounts.values())
        return templates.TemplateResponse(
            request, "chat.html", {"accounts": accounts}, headers=HEADERS
        )

    async def state(_request: Request) -> Response:
        """Tell everything the page shows but the chats themselves."""
        citizens = [
            citizen.as_json() | {"last": _last_line(wechat, citizen.openid)}
            for citizen in islice(wechat.citizens, SHOWN_CITIZENS)
        ]
        accounts = [reports.account_report(wechat, a) for a in wechat.accounts.values()]
        return JSONResponse({"accounts": accounts, "citizens": citizens})

    async def panel(request: Request) -> Response:
        """Tell what the platform side shows for the citizen in view."""
        openid = request.query_params.get("openid", "")
        pushes = [p for p in wechat.pushes.recent(1000) if p.openid == openid][-SHOWN_PUSHES:]
        calls = list(wechat.calls.recent)[-SHOWN_CALLS:]
        said = {
            "stats": reports.stats(wechat),
            "windows": reports.quota_report(wechat, openid),
            "pushes": [push.as_json() for push in reversed(pushes)],
            "calls": [call.as_json() for call in reversed(calls)],
        }
        return JSONResponse(said | reports.faults_report(wechat))

    async def events(_request: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_lines(wechat), media_type="text/event-stream", headers=headers)

    async def picture(request: Request) -> Response:
        try:
            media = wechat.media.get(request.path_params["media_id"], wechat.now())
        except ApiError:
            return Response(status_code=404)
        headers = {"Content-Type": media.content_type, "X-Content-Type-Options": "nosniff"}
        return Response(media.content, headers=headers)

    return [
        Route("/", chat),
        Route("/page/state", state),
        Route("/page/panel", panel),
        Route("/page/events", events),
        Route("/media/pictures/{media_id}", picture),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


async def _lines(wechat: SimulatedWeChat) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    async for event in wechat.feed.follow():
        if event is None:
            yield ": still here\n\n"
        else:
            yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"


def _last_line(wechat: SimulatedWeChat, openid: str) -> dict[str, str] | None:
    entries = wechat.transcripts.of(openid)
    if not entries:
        return None
    return {"text": entries[-1].text[:60], "at": entries[-1].at.isoformat()}
