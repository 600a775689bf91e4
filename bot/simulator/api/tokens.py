"""/cgi-bin/token and /cgi-bin/stable_token."""

from bot.simulator.accounts import Account
from bot.simulator.api.gate import Answer, ApiCall
from bot.simulator.errors import ApiError
from bot.simulator.tokens import Token


async def token(call: ApiCall) -> Answer:
    query = call.query
    account = _credentials(call, query.get("grant_type"), query.get("appid"), query.get("secret"))
    _count(call, account, limit=call.wechat.options.token_calls_a_day)
    now = call.wechat.now()
    return _granted(call, call.wechat.tokens.issue_basic(account.key, now))


async def stable_token(call: ApiCall) -> Answer:
    said = call.json()
    account = _credentials(call, said.get("grant_type"), said.get("appid"), said.get("secret"))
    _count(call, account, limit=call.wechat.options.stable_token_calls_a_day)
    now, force = call.wechat.now(), said.get("force_refresh") is True
    return _granted(call, call.wechat.tokens.issue_stable(account.key, now, force_refresh=force))


def _credentials(call: ApiCall, grant_type: object, app_id: object, secret: object) -> Account:
    if grant_type != "client_credential":
        raise ApiError(40002)
    if not app_id:
        raise ApiError(41002)
    if not secret:
        raise ApiError(41004)
    account = call.wechat.account_by_app_id(str(app_id))
    if account is None:
        raise ApiError(40013)
    if secret != account.app_secret:
        raise ApiError(40125)
    address = call.request.client.host if call.request.client else ""
    if not account.admits(address):
        raise ApiError(40164, address=address)
    call.account = account
    return account


def _count(call: ApiCall, account: Account, *, limit: int) -> None:
    path = call.request.url.path
    call.wechat.tally[f"calls_{path.rsplit('/', 1)[1]}"] += 1
    call.wechat.calls.count(account.key, path, call.wechat.now(), limit=limit)


def _granted(call: ApiCall, token: Token) -> Answer:
    seconds = token.expires_in_seconds(call.wechat.now())
    return {"access_token": token.text, "expires_in": seconds}
