"""What every call of the API passes through: misfortunes, the token, the count, the refusal."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator import misfortunes
from bot.simulator.accounts import Account
from bot.simulator.errors import ApiError
from bot.simulator.faults import FaultName
from bot.simulator.recording import record
from bot.simulator.wechat import SimulatedWeChat

Answer = Mapping[str, Any] | Response
Handler = Callable[["ApiCall"], Awaitable[Answer]]

OK: Mapping[str, Any] = {"errcode": 0, "errmsg": "ok"}

# A \uXXXX escape, not the text of one: an even number of backslashes stands before it.
_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")

_REFUSALS = {FaultName.BUSY: -1, FaultName.DAILY_QUOTA: 45009}


@dataclass
class ApiCall:
    wechat: SimulatedWeChat
    request: Request
    body: bytes
    account: Account | None = None
    openid: str = ""
    fault: str = ""

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @property
    def token_account(self) -> Account:
        """The account the token speaks for; only behind a gate that wants a token."""
        assert self.account is not None  # noqa: S101 - the gate has set it
        return self.account

    def json(self) -> dict[str, Any]:
        if not self.body:
            raise ApiError(44002)
        if _ESCAPE.search(self.body):
            raise ApiError(40033)
        try:
            said = json.loads(self.body)
        except ValueError:
            raise ApiError(47001) from None
        if not isinstance(said, dict):
            raise ApiError(47001)
        return said


def answered(said: Mapping[str, Any]) -> Response:
    return JSONResponse(dict(said), headers={"content-type": "application/json; encoding=utf-8"})


def refusal(error: ApiError) -> Response:
    return answered(error.as_json())


def route(
    wechat: SimulatedWeChat,
    path: str,
    handler: Handler,
    *,
    method: str | None,
    wants_token: bool = True,
) -> Route:
    """Make a route; without `method` every method will do."""

    async def endpoint(request: Request) -> Response:
        return await _pass(wechat, request, handler, method=method, wants_token=wants_token)

    return Route(path, endpoint, methods=["GET", "POST"])


async def _pass(
    wechat: SimulatedWeChat,
    request: Request,
    handler: Handler,
    *,
    method: str | None,
    wants_token: bool,
) -> Response:
    loop = asyncio.get_running_loop()
    started, path = loop.time(), request.url.path
    call = ApiCall(wechat, request, await misfortunes.read(request))
    errcode: int | None = 0
    try:
        response = await _misfortune(call, path)
        if response is None:
            response = await _handle(call, handler, method=method, wants_token=wants_token)
            if wechat.faults.strikes(FaultName.LOST_ANSWER, path=path):
                call.fault, response = FaultName.LOST_ANSWER.value, misfortunes.BrokenResponse()
        else:
            errcode = None
    except ApiError as error:
        errcode, response = error.errcode, refusal(error)
    record(wechat, call, path, errcode, response, loop.time() - started)
    return response


async def _misfortune(call: ApiCall, path: str) -> Response | None:
    faults = call.wechat.faults
    call.fault, answer = await misfortunes.befall(faults, path)
    if answer is not None:
        return answer
    for name, errcode in _REFUSALS.items():
        if faults.strikes(name, path=path):
            call.fault = name.value
            raise ApiError(errcode)
    return None


async def _handle(
    call: ApiCall, handler: Handler, *, method: str | None, wants_token: bool
) -> Response:
    if method is not None and call.request.method != method:
        raise ApiError(43002 if method == "POST" else 43001)
    if wants_token:
        _admit(call)
    said = await handler(call)
    return said if isinstance(said, Response) else answered(said)


def _admit(call: ApiCall) -> None:
    wechat, token = call.wechat, call.query.get("access_token", "")
    key = wechat.tokens.account_of(token, wechat.now())
    if wechat.faults.strikes(FaultName.TOKEN_REVOKED, path=call.request.url.path):
        call.fault = FaultName.TOKEN_REVOKED.value
        wechat.tokens.revoke(key, wechat.now())
        raise ApiError(40001)
    call.account = wechat.account(key)
