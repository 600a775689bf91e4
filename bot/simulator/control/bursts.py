"""Many citizens writing at once."""

import asyncio
from typing import Any

from bot.simulator.control.requests import Burst
from bot.simulator.platform import AnyPlatform
from bot.simulator.pushing import Push
from bot.simulator.verdicts import Outcome


async def run_burst(platform: AnyPlatform, burst: Burst, openids: list[str]) -> dict[str, Any]:
    """Let every citizen say every line, in order, `gap_ms` apart, without waiting for answers."""
    loop = asyncio.get_running_loop()
    started, before = loop.time(), platform.transcripts.last_seq
    said = await asyncio.gather(*(_speak(platform, openid, burst) for openid in openids))
    pushes = [push for pushes in said for push in pushes]
    report = _report(pushes) | {"citizens": len(openids)}
    report["seconds_until_pushed"] = round(loop.time() - started, 4)
    if burst.wait_for_answers:
        left = max(0.01, burst.timeout_seconds - (loop.time() - started))
        waiting = (_hear(platform, openid, len(burst.lines), before, left) for openid in openids)
        report["answers"] = sum(await asyncio.gather(*waiting))
        report["seconds_until_answered"] = round(loop.time() - started, 4)
    return report


async def _speak(platform: AnyPlatform, openid: str, burst: Burst) -> list[Push]:
    pushes, exchanges = [], []
    for number, line in enumerate(burst.lines):
        if number and burst.gap_ms:
            await asyncio.sleep(burst.gap_ms / 1000)
        payload = platform.in_words(line)
        push = platform.begin(openid, payload)
        pushes.append(push)
        exchanges.append(asyncio.create_task(platform.finish(push, payload)))
        # Gives the push its turn on the wire before the next line is begun.
        await asyncio.sleep(0)
    await asyncio.gather(*exchanges)
    return pushes


async def _hear(
    platform: AnyPlatform, openid: str, wanted: int, after_seq: int, timeout_seconds: float
) -> int:
    """Count the account's answers until there are as many as lines, or time is up."""
    loop = asyncio.get_running_loop()
    until, heard = loop.time() + timeout_seconds, 0
    while heard < wanted and loop.time() < until:
        entry = await platform.transcripts.wait_for(
            openid,
            lambda entry: entry.is_answer,
            after_seq=after_seq,
            timeout_seconds=until - loop.time(),
        )
        if entry is None:
            break
        heard, after_seq = heard + 1, entry.seq
    return heard


def _report(pushes: list[Push]) -> dict[str, Any]:
    seconds = sorted(push.seconds for push in pushes)
    counts = {outcome.value: 0 for outcome in Outcome}
    for push in pushes:
        counts[push.verdict.outcome.value] += 1
    return {
        "messages": len(pushes),
        "outcomes": counts,
        "deliveries": sum(len(push.deliveries) for push in pushes),
        "push_seconds": {
            name: round(_at_share(seconds, share), 4)
            for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
        },
    }


def _at_share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
