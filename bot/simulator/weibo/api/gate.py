"""What every call of the API passes through: misfortunes, the token, the count, the refusal."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator import misfortunes
from bot.simulator.faults import FaultName
from bot.simulator.recording import record
from bot.simulator.weibo.accounts import SimulatedAccount
from bot.simulator.weibo.platform import SimulatedWeibo
from bot.simulator.weibo.refusals import WeiboRefusal

Answer = Mapping[str, Any] | Response
Handler = Callable[["ApiCall"], Awaitable[Answer]]

TAKEN: Mapping[str, Any] = {"result": True}

# All calls of a day in the name of one token are counted together.
EVERY_CALL = "*"
MESSAGES = "/2/messages/reply.json"

_REFUSALS = {
    FaultName.BUSY: 10001,
    FaultName.DAILY_QUOTA: 10023,
    FaultName.TOKEN_REVOKED: 21327,
}


@dataclass
class ApiCall:
    weibo: SimulatedWeibo
    request: Request
    body: bytes
    account: SimulatedAccount | None = None
    openid: str = ""
    fault: str = ""

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The fields of the body and the query, each decoded once, as forms are."""
        body = self.body.decode("utf-8", "replace")
        return dict(self.request.query_params) | dict(parse_qsl(body, keep_blank_values=True))

    @property
    def token_account(self) -> SimulatedAccount:
        assert self.account is not None  # noqa: S101 - the gate has set it
        return self.account

    def required(self, name: str) -> str:
        value = self.form.get(name, "")
        if not value:
            raise WeiboRefusal(10016, name=name)
        return value


def route(weibo: SimulatedWeibo, method: str, path: str, handler: Handler) -> Route:
    async def endpoint(request: Request) -> Response:
        return await _pass(weibo, request, handler, method)

    return Route(path, endpoint, methods=["GET", "POST"])


async def unknown(call: ApiCall) -> Answer:
    raise WeiboRefusal(10020)


async def _pass(weibo: SimulatedWeibo, request: Request, handler: Handler, method: str) -> Response:
    loop = asyncio.get_running_loop()
    started, path = loop.time(), request.url.path
    call = ApiCall(weibo, request, await misfortunes.read(request))
    error_code: int | None = 0
    try:
        call.fault, response = await misfortunes.befall(weibo.faults, path)
        if response is None:
            response = await _handle(call, path, handler, method)
            if weibo.faults.strikes(FaultName.LOST_ANSWER, path=path):
                call.fault, response = FaultName.LOST_ANSWER.value, misfortunes.BrokenResponse()
        else:
            error_code = None
    except WeiboRefusal as refusal:
        error_code = refusal.error_code
        response = JSONResponse(refusal.as_json(path), status_code=refusal.status)
    record(weibo, call, path, error_code, response, loop.time() - started)
    return response


async def _handle(call: ApiCall, path: str, handler: Handler, method: str) -> Response:
    for name, error_code in _REFUSALS.items():
        if call.weibo.faults.strikes(name, path=path):
            call.fault = name.value
            raise WeiboRefusal(error_code)
    if call.request.method != method:
        raise WeiboRefusal(10021)
    _admit(call, path)
    said = await handler(call)
    return said if isinstance(said, Response) else JSONResponse(dict(said))


def _admit(call: ApiCall, path: str) -> None:
    weibo, token = call.weibo, call.form.get("access_token", "")
    if not token:
        raise WeiboRefusal(10006)
    account = weibo.account_by_token(token)
    if account is None:
        raise WeiboRefusal(21332)
    call.account = account
    if account.token_is_expired:
        raise WeiboRefusal(21327)
    options, now = weibo.options, weibo.now()
    if path != MESSAGES or options.weibo_messages_count_as_calls:
        if weibo.calls.made_today(account.key, EVERY_CALL, now) >= options.weibo_calls_a_day:
            raise WeiboRefusal(10023)
        weibo.calls.count(account.key, EVERY_CALL, now, limit=None)
