"""Controls on WeChat's side: figures, accounts, tokens."""

from typing import Any

from starlette.requests import Request

from bot.simulator.control import reports, requests
from bot.simulator.wechat import SimulatedWeChat


async def stats(wechat: SimulatedWeChat, _request: Request) -> Any:
    return reports.stats(wechat)


async def accounts(wechat: SimulatedWeChat, _request: Request) -> Any:
    listed = [reports.account_report(wechat, account) for account in wechat.accounts.values()]
    return {"accounts": listed}


async def change_account(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.ChangeAccount.model_validate_json(await request.body())
    account = wechat.account(asked.account)
    for name, value in asked.model_dump(exclude={"account"}, exclude_none=True).items():
        setattr(account, name, tuple(value) if name == "ip_whitelist" else value)
    wechat.feed.publish("account", account=account.key)
    return reports.account_report(wechat, account)


async def revoke_tokens(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.OnAccount.model_validate_json(await request.body() or b"{}")
    wechat.tokens.revoke(wechat.account(asked.account).key, wechat.now())
    return {"revoked": True}
