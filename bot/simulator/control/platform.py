"""Controls on the platform's side: figures, records, misfortunes, accounts."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.simulator.control import reports, requests
from bot.simulator.faults import Fault
from bot.simulator.wechat import SimulatedWeChat

MAX_LISTED = 500


async def stats(wechat: SimulatedWeChat, _request: Request) -> Any:
    return reports.stats(wechat)


async def pushes(wechat: SimulatedWeChat, request: Request) -> Any:
    openid = request.query_params.get("openid")
    recent = wechat.pushes.recent(wechat.options.remembered_pushes)
    wanted = [push for push in recent if openid in {None, push.openid}]
    return {"pushes": [push.as_json() for push in wanted[-_limit(request) :]]}


async def push(wechat: SimulatedWeChat, request: Request) -> Any:
    found = wechat.pushes.find(request.path_params["push_id"])
    if found is None:
        return JSONResponse({"error": "unknown_push"}, status_code=404)
    return found.as_json() | {"body": found.body.decode("utf-8", "replace")}


async def calls(wechat: SimulatedWeChat, request: Request) -> Any:
    return {"calls": [call.as_json() for call in list(wechat.calls.recent)[-_limit(request) :]]}


async def faults(wechat: SimulatedWeChat, _request: Request) -> Any:
    return reports.faults_report(wechat)


async def switch_faults(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.Faults.model_validate_json(await request.body())
    if asked.reset:
        wechat.faults.switch_off()
    for switch in asked.faults:
        if switch.on:
            facts = switch.model_dump(exclude={"on"})
            wechat.faults.switch_on(Fault(**facts))
        else:
            wechat.faults.switch_off(switch.name)
    return reports.faults_report(wechat)


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


async def verify(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.OnAccount.model_validate_json(await request.body() or b"{}")
    return {"is_verified": await wechat.pushes.verify_address(wechat.account(asked.account))}


async def revoke_tokens(wechat: SimulatedWeChat, request: Request) -> Any:
    asked = requests.OnAccount.model_validate_json(await request.body() or b"{}")
    wechat.tokens.revoke(wechat.account(asked.account).key, wechat.now())
    return {"revoked": True}


async def reset(wechat: SimulatedWeChat, _request: Request) -> Any:
    await wechat.reset()
    return {"reset": True}


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", "100")
    return max(1, min(MAX_LISTED, int(given))) if given.isdigit() else 100
