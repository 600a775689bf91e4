"""How a simulated platform remembers what was called and what came of it."""

from collections import Counter
from typing import Any, Protocol

from starlette.responses import Response

from bot.simulator.calls import Call
from bot.simulator.platform import Account, AnyPlatform


class CallToApi(Protocol):
    @property
    def account(self) -> Account | None: ...
    @property
    def openid(self) -> str: ...
    @property
    def fault(self) -> str: ...


def record(
    platform: AnyPlatform,
    call: CallToApi,
    path: str,
    code: int | None,
    response: Response,
    seconds: float,
) -> None:
    platform.tally["api_calls"] += 1
    if code:
        platform.tally[f"errcode_{code}"] += 1
    if call.fault:
        platform.tally[f"fault_{call.fault}"] += 1
    platform.calls.recent.append(
        Call(
            at=platform.now(),
            account_key=call.account.key if call.account else "",
            path=path,
            openid=call.openid,
            errcode=code,
            status=response.status_code,
            seconds=round(seconds, 4),
            fault=call.fault,
        )
    )
    platform.feed.publish("call", path=path, openid=call.openid)


def traffic(platform: AnyPlatform) -> dict[str, Any]:
    """Count what every platform counts."""
    tally: Counter[str] = platform.tally
    return {
        "pushes": tally["pushes"],
        "deliveries": tally["deliveries"],
        "cut_deliveries": tally["cut"],
        "unreachable_deliveries": tally["unreachable"],
        "passive_replies": tally["outcome_reply"],
        "silent_answers": tally["outcome_silent"],
        "malfunctions": tally["outcome_malfunction"],
        "api_calls": tally["api_calls"],
        "api_sends": tally["api_sends"],
        "errors": _under(tally, "errcode_"),
        "faults": _under(tally, "fault_"),
        "citizens": len(platform.citizens),
    }


def _under(tally: Counter[str], prefix: str) -> dict[str, int]:
    return {
        name.removeprefix(prefix): count
        for name, count in sorted(tally.items())
        if name.startswith(prefix)
    }
