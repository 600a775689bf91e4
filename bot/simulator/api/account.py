"""Calls about the account itself: addresses, quota, followers."""

from bot.simulator.api.gate import OK, Answer, ApiCall
from bot.simulator.errors import ApiError


async def addresses(call: ApiCall) -> Answer:
    return {"ip_list": ["127.0.0.1"]}


async def clear_quota(call: ApiCall) -> Answer:
    account = call.token_account
    if call.json().get("appid") != account.app_id:
        raise ApiError(40013)
    call.wechat.calls.clear(account.key, call.wechat.now())
    return OK


async def citizen_info(call: ApiCall) -> Answer:
    """Tell what /cgi-bin/user/info still tells: no name, no picture, since 2021."""
    citizen = call.wechat.citizens.find(call.query.get("openid", ""))
    if citizen is None or citizen.account_key != call.token_account.key:
        raise ApiError(40003)
    said = {"subscribe": int(citizen.is_following), "openid": citizen.openid}
    return said | ({"language": "zh_CN", "remark": ""} if citizen.is_following else {})


async def unknown(call: ApiCall) -> Answer:
    raise ApiError(40066)
