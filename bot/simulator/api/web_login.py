"""网页授权: the page that sends a browser back with a code, and the call that takes the code."""

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from bot.simulator.accounts import Account
from bot.simulator.api.gate import Answer, ApiCall, Handler
from bot.simulator.errors import ApiError
from bot.simulator.wechat import SimulatedWeChat
from config.accounts import Right

AUTHORIZE_PATH = "/connect/oauth2/authorize"
# Whose phone the browser stands for: the chat page sets it when a citizen is chosen there.
PHONE_COOKIE = "simulated_phone"
STATE = re.compile(r"[a-zA-Z0-9]{0,128}")
SCOPES = {"snsapi_base", "snsapi_userinfo"}
TEMPLATES = Path(__file__).parent.parent / "templates"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def web_login_routes(wechat: SimulatedWeChat) -> list[Route]:
    templates = Jinja2Templates(TEMPLATES)

    async def authorize(request: Request) -> Response:
        query = request.query_params
        account = wechat.account_by_app_id(query.get("appid", ""))
        trouble = _trouble(account, query)
        if account is None or trouble:
            facts = {"trouble": trouble}
            return templates.TemplateResponse(
                request, "authorize.html", facts, headers=HEADERS, status_code=400
            )
        chosen = query.get("phone") or request.cookies.get(PHONE_COOKIE, "")
        citizen = wechat.citizens.find(chosen)
        if citizen is None or citizen.account_key != account.key:
            people = {
                "account": account,
                "citizens": [it for it in wechat.citizens if it.account_key == account.key][:200],
                "address": f"{request.url.path}?{request.url.query}",
            }
            return templates.TemplateResponse(request, "authorize.html", people, headers=HEADERS)
        code = wechat.login_codes.give(
            account.key,
            citizen.openid,
            query["scope"],
            wechat.now(),
            is_snapshot=query.get("snapshot") == "1",
        )
        wechat.tally["web_logins"] += 1
        return RedirectResponse(_with(query["redirect_uri"], code, query.get("state", "")))

    return [Route(AUTHORIZE_PATH, authorize, methods=["GET"])]


async def access_token(call: ApiCall) -> Answer:
    query = call.query
    if query.get("grant_type") != "authorization_code":
        raise ApiError(40002)
    account = call.wechat.account_by_app_id(query.get("appid", ""))
    if account is None:
        raise ApiError(40013)
    if query.get("secret") != account.app_secret:
        raise ApiError(40125)
    if not query.get("code"):
        raise ApiError(41008)
    call.account = account
    code = call.wechat.login_codes.exchange(query["code"], account.key, call.wechat.now())
    call.openid = code.openid
    said = {
        "access_token": secrets.token_urlsafe(64),
        "expires_in": 7200,
        "refresh_token": secrets.token_urlsafe(64),
        "openid": code.openid,
        "scope": code.scope,
    }
    return said | ({"is_snapshotuser": 1} if code.is_snapshot else {})


EXCHANGE: tuple[str, str, Handler] = ("GET", "/sns/oauth2/access_token", access_token)


def _trouble(account: Account | None, asked: Mapping[str, str]) -> str:
    """Say what the platform's own page says against it; nothing when all is well."""
    if account is None:
        return "appid 参数错误"
    if not account.may(Right.WEB_LOGIN):
        return "Scope 参数错误或没有 Scope 权限，错误码：10005"
    if asked.get("scope") not in SCOPES or asked.get("response_type") != "code":
        return "Scope 参数错误或没有 Scope 权限，错误码：10005"
    host = urlsplit(asked.get("redirect_uri", "")).hostname
    if not host or (account.own_domain and host != account.own_domain):
        return "redirect_uri 域名与后台配置不一致，错误码：10003"
    if not STATE.fullmatch(asked.get("state", "")):
        return "state 参数错误，错误码：10004"
    return ""


def _with(address: str, code: str, state: str) -> str:
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("code", code), ("state", state)]
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))
