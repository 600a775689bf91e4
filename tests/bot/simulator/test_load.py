"""Load as a command: bounded, on this machine only, with a summary at the end."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.simulator.load import Load, LoadRefused, put, require_loopback, run, summary

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]

A_LOAD: dict[str, Any] = {"channel": "wechat", "citizens": 3, "messages": 6, "seconds": 0.1}


def a_load(**changes):
    return Load(**(A_LOAD | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"citizens": 0},
        {"citizens": 7},
        {"messages": 5001},
        {"seconds": 0},
        {"seconds": 601},
    ],
)
def test_a_load_without_bounds_is_refused(changes):
    with pytest.raises(LoadRefused):
        a_load(**changes)


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        ("http://127.0.0.1:8090", True),
        ("http://localhost:8090/", True),
        ("http://[::1]:8090", True),
        ("http://192.0.2.7:8090", False),
        ("https://m.api.weibo.com", False),
        ("http://127.0.0.1.example.org", False),
        ("", False),
    ],
)
def test_only_this_machine_is_put_under_load(url, is_own):
    if is_own:
        require_loopback(url, "模拟器")
        assert a_load().messages_each == 2
    else:
        with pytest.raises(LoadRefused):
            require_loopback(url, "模拟器")


async def test_the_citizens_write_and_the_summary_says_what_came_of_it(platform, gateway):
    gateway.replies("您好")
    address = str(platform.http.base_url)

    def let_loose():
        with httpx.Client(trust_env=False, timeout=20) as http:
            return put(a_load(), address, http=http)

    report = await asyncio.to_thread(let_loose)

    assert (report["messages"], report["outcomes"]["reply"], report["answers"]) == (6, 6, 6)
    words = "\n".join(summary(report))
    assert "市民 3 位，消息 6 条" in words
    assert "被动回复 6，空回复 0，答复无效 0" in words
    assert len({received.body for received in gateway.received}) == 6


async def test_a_gateway_elsewhere_is_not_put_under_load(platform, gateway):
    platform.account.push_url = "https://desk.example.gov.cn/webhooks/wechat/town"
    address = str(platform.http.base_url)

    def let_loose():
        with httpx.Client(trust_env=False, timeout=20) as http:
            put(a_load(), address, http=http)

    with pytest.raises(LoadRefused, match="不在本机"):
        await asyncio.to_thread(let_loose)
    assert gateway.received == []


async def test_a_platform_without_an_account_is_told(platform):
    arguments = ["--channel", "weibo", "--simulator", str(platform.http.base_url)]

    assert await asyncio.to_thread(lambda: run(arguments, default_url="")) == 2


def test_the_command_says_why_it_does_nothing(capsys):
    status = run(["--simulator", "http://192.0.2.7:1"], default_url="")

    assert status == 2
    assert "拒绝加压" in capsys.readouterr().out


def test_the_command_needs_none_of_the_desks_secrets(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DESK_ENV_FILE": "", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot.simulator", "load", "--citizens", "0"]

    ended = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stderr) == (2, "")
    assert "市民至少一位" in ended.stdout
