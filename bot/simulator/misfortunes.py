"""What befalls calls of a platform's API: slowness, broken answers, lost ones."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from bot.simulator.faults import FaultName, Faults

MAX_BODY_BYTES = 12 * 1024 * 1024


class BrokenResponse(Response):
    """Promises more than it sends, so that the server hangs up in the middle."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


# A broken server breaks in more than one way: the first strike is a 502.
_STATUSES = (
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.GATEWAY_TIMEOUT,
)

# What takes the place of the answer, before anything is done.
_BROKEN_ANSWERS: dict[FaultName, Callable[[], Response]] = {
    FaultName.DROP: BrokenResponse,
    FaultName.HTML: lambda: HTMLResponse("<html><body><h1>502 Bad Gateway</h1></body></html>"),
}


async def befall(faults: Faults, path: str) -> tuple[str, Response | None]:
    """Let what is switched on strike; return its name and what takes the answer's place."""
    name = ""
    if slow := faults.strikes(FaultName.SLOW, path=path):
        name = FaultName.SLOW.value
        await asyncio.sleep(slow.seconds)
    if faults.strikes(FaultName.SERVER_ERROR, path=path):
        status = _STATUSES[(faults.struck[FaultName.SERVER_ERROR] - 1) % len(_STATUSES)]
        return FaultName.SERVER_ERROR.value, PlainTextResponse(status.phrase, status)
    for fault, answer in _BROKEN_ANSWERS.items():
        if faults.strikes(fault, path=path):
            return fault.value, answer()
    return name, None


async def read(request: Request) -> bytes:
    """Read the body of a call, as far as any platform would."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            break
    return body
