"""What the control API and the panel tell about the state of the platform."""

from typing import Any

from bot.simulator.accounts import Account
from bot.simulator.api.messages import SEND_PATH
from bot.simulator.platform import AnyPlatform
from bot.simulator.recording import traffic
from bot.simulator.tokens import TokenFamily
from bot.simulator.wechat import SimulatedWeChat

TOKEN_PATHS = {
    TokenFamily.BASIC: "/cgi-bin/token",
    TokenFamily.STABLE: "/cgi-bin/stable_token",
}


def stats(wechat: SimulatedWeChat) -> dict[str, Any]:
    tally = wechat.tally
    return traffic(wechat) | {
        "token_calls": tally["calls_token"],
        "stable_token_calls": tally["calls_stable_token"],
        "typing_calls": tally["typing"],
    }


def account_report(wechat: SimulatedWeChat, account: Account) -> dict[str, Any]:
    """Describe an account without its secrets."""
    return {
        "key": account.key,
        "name": account.name,
        "app_id": account.app_id,
        "original_id": account.original_id,
        "push_url": account.push_url,
        "mode": account.mode.value,
        "push_format": account.push_format.value,
        "is_verified": account.is_verified,
        "is_test_account": account.is_test_account,
        "ip_whitelist": list(account.ip_whitelist),
        **account.menus_report(),
        "tokens": [_token_report(wechat, account, family) for family in TokenFamily],
        "sends_today": wechat.calls.made_today(account.key, SEND_PATH, wechat.now()),
    }


def quota_report(wechat: SimulatedWeChat, openid: str) -> list[dict[str, Any]]:
    return [window.as_json() for window in wechat.windows.open_windows(openid, wechat.now())]


def panel_report(wechat: SimulatedWeChat, openid: str) -> dict[str, Any]:
    """Tell what the platform's side of the page shows beside pushes and calls."""
    told = {"stats": stats(wechat), "windows": quota_report(wechat, openid)}
    return told | faults_report(wechat)


def faults_report(platform: AnyPlatform) -> dict[str, Any]:
    return {
        "faults": [fault.as_json() for fault in platform.faults.switched_on()],
        "struck": {name.value: times for name, times in platform.faults.struck.items()},
    }


def _token_report(wechat: SimulatedWeChat, account: Account, family: TokenFamily) -> dict[str, Any]:
    now, token = wechat.now(), wechat.tokens.current(account.key, family)
    is_valid = token is not None and token.expires_at > now and not token.superseded_at
    return {
        "family": family.value,
        "calls_today": wechat.calls.made_today(account.key, TOKEN_PATHS[family], now),
        "is_valid": is_valid,
        "expires_in_seconds": token.expires_in_seconds(now) if token and is_valid else 0,
    }
