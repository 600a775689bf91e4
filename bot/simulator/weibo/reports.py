"""What the control API and the panel tell about the state of the platform."""

from typing import Any

from bot.simulator.control.reports import faults_report
from bot.simulator.recording import traffic
from bot.simulator.weibo.accounts import SimulatedAccount
from bot.simulator.weibo.api.gate import EVERY_CALL
from bot.simulator.weibo.platform import SimulatedWeibo


def statistics(weibo: SimulatedWeibo) -> dict[str, Any]:
    return traffic(weibo) | {"comments": weibo.tally["comments"]}


def account_report(weibo: SimulatedWeibo, account: SimulatedAccount) -> dict[str, Any]:
    """Describe an account without its secrets."""
    calls_today = weibo.calls.made_today(account.key, EVERY_CALL, weibo.now())
    return {
        "key": account.key,
        "name": account.name,
        "uid": account.uid,
        "push_url": account.push_url,
        "push_format": account.push_format.value,
        "pushes_mentions": account.pushes_mentions,
        "may_comment": account.may_comment,
        "token_is_expired": account.token_is_expired,
        "menu": account.shown_menu.as_json(),
        "calls_today": calls_today,
        "calls_left": max(0, weibo.options.weibo_calls_a_day - calls_today),
    }


def panel_report(weibo: SimulatedWeibo, openid: str) -> dict[str, Any]:
    """Tell what the platform's side of the page shows beside pushes and calls."""
    told = {"stats": statistics(weibo), "windows": weibo.windows.report(openid, weibo.now())}
    return told | faults_report(weibo)
