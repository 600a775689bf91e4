"""Many citizens writing to a desk on this machine, and what came of it."""

import argparse
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.simulator.control.requests import MAX_BURST_MESSAGES

CONTROL = {"wechat": "/control", "weibo": "/control/weibo"}
MOST_SECONDS = 600.0

# What citizens say, one after the other.
LINES = (
    "身份证丢了怎么补办",
    "居住证需要什么材料",
    "怎么申请政府信息公开",
    "我要反映问题",
    "查询办理进度",
    "社保卡怎么办",
    "路灯坏了归哪里管",
    "谢谢",
)


class LoadRefused(Exception):
    """The load is not let loose; the message says why, in Chinese."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """`messages` in all, spread over `citizens` and, where given, over `seconds`."""

    channel: str
    citizens: int
    messages: int
    seconds: float
    waits_for_answers: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.citizens <= self.messages:
            raise LoadRefused("市民至少一位，消息不能少于市民")
        if self.citizens * self.messages_each > MAX_BURST_MESSAGES:
            raise LoadRefused(f"一次最多 {MAX_BURST_MESSAGES} 条消息")
        if not 0 < self.seconds <= MOST_SECONDS:
            raise LoadRefused(f"时长应在 0 到 {MOST_SECONDS:.0f} 秒之间")

    @property
    def messages_each(self) -> int:
        return -(-self.messages // self.citizens)

    def as_burst(self) -> dict[str, Any]:
        each = self.messages_each
        # The last line is said before the time is over, the first at once.
        gap_ms = min(60_000.0, self.seconds * 1000 / each) if each > 1 else 0.0
        return {
            "citizens": self.citizens,
            # A number tells the lines apart: the desk hears nobody twice who repeats a word.
            "lines": [f"{LINES[n % len(LINES)]}（{n + 1}）" for n in range(each)],
            "gap_ms": gap_ms,
            "wait_for_answers": self.waits_for_answers,
            "timeout_seconds": min(MOST_SECONDS, self.seconds + 60),
        }


def put(load: Load, simulator_url: str, *, http: httpx.Client) -> dict[str, Any]:
    """Let the citizens of a running simulator write; return what came of it."""
    require_loopback(simulator_url, "模拟器")
    control = f"{simulator_url.rstrip('/')}{CONTROL[load.channel]}"
    try:
        accounts = http.get(f"{control}/accounts")
        if accounts.status_code == httpx.codes.NOT_FOUND:
            raise LoadRefused("模拟器里没有这个平台的账号")
        # The simulator pushes to wherever its account says.
        require_loopback(accounts.raise_for_status().json()["accounts"][0]["push_url"], "推送地址")
        answer = http.post(f"{control}/burst", json=load.as_burst())
        report: dict[str, Any] = answer.raise_for_status().json()
    except httpx.HTTPError as error:
        raise LoadRefused(f"模拟器没有回应：{type(error).__name__}") from None
    return report


def require_loopback(url: str, what: str) -> None:
    """Refuse to put load on anything but this machine."""
    host = urlsplit(url).hostname or ""
    try:
        is_own = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_own = False
    if not is_own:
        raise LoadRefused(f"{what} {url} 不在本机，拒绝加压")


def summary(report: dict[str, Any]) -> list[str]:
    seconds = max(report["seconds_until_pushed"], 0.001)
    outcomes, push_seconds = report["outcomes"], report["push_seconds"]
    lines = [
        f"市民 {report['citizens']} 位，消息 {report['messages']} 条，"
        f"用时 {seconds:.1f} 秒（每秒 {report['messages'] / seconds:.1f} 条）",
        f"被动回复 {outcomes['reply']}，空回复 {outcomes['silent']}，"
        f"答复无效 {outcomes['malfunction']}，投递 {report['deliveries']} 次",
        "推送耗时 " + "，".join(f"{name} {push_seconds[name]:.3f} 秒" for name in push_seconds),
    ]
    if "answers" in report:
        waited = report["seconds_until_answered"]
        lines.append(f"{waited:.1f} 秒内共收到答复 {report['answers']} 条")
    return lines


def run(arguments: Sequence[str], *, default_url: str) -> int:
    """Read the command line, put the load, print what came of it; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bot.simulator load")
    parser.add_argument("--channel", choices=sorted(CONTROL), default="wechat")
    parser.add_argument("--citizens", type=int, default=20)
    parser.add_argument("--messages", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20.0, help="以多长时间发完")
    parser.add_argument("--simulator", default=default_url, help="模拟器的地址，只能在本机")
    parser.add_argument("--no-wait", action="store_true", help="不等待全部答复")
    asked = parser.parse_args(arguments)
    try:
        load = Load(
            channel=asked.channel,
            citizens=asked.citizens,
            messages=asked.messages,
            seconds=asked.seconds,
            waits_for_answers=not asked.no_wait,
        )
        with httpx.Client(trust_env=False, timeout=MOST_SECONDS + 60) as http:
            report = put(load, asked.simulator, http=http)
    except LoadRefused as refusal:
        print(refusal)  # noqa: T201 - this is what the command says
        return 2
    for line in summary(report):
        print(line)  # noqa: T201 - this is what the command says
    return 1 if report["outcomes"]["malfunction"] else 0
