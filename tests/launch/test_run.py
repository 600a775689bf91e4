"""`make run` as a person lives it, on free ports and a data folder of its own."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from launch.environment import for_tests
from launch.ports import is_free
from launch.programs import ROOT

PORTS = ("GATEWAY", "CONSOLE", "ACTIONS", "SIMULATOR", "WORKER_HEALTH")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return for_tests(tmp_path) | {"DESK_DATA_FOLDER": str(tmp_path)}


@pytest.fixture
def running(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    running = start(environment)
    yield running
    running.kill()
    running.communicate()


def start(environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "launch", "run"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said_until_ready(running: "subprocess.Popen[str]") -> list[str]:
    assert running.stdout is not None
    said: list[str] = []
    for line in running.stdout:
        said.append(line.strip())
        if said[-1] == "ready":
            return said
    raise AssertionError("\n".join(said))


@pytest.mark.rasa
@pytest.mark.timeout(400)
def test_a_start_ends_in_ready_and_a_signal_ends_it_whole(
    running: "subprocess.Popen[str]", environment: dict[str, str]
):
    said = said_until_ready(running)
    assert any("tianhui" in line for line in said)
    console = f"http://127.0.0.1:{environment['DESK_CONSOLE_PORT']}"
    assert httpx.get(f"{console}/healthz").is_success

    second = start(environment)
    assert "已经在运行" in second.communicate(timeout=60)[0]
    assert second.returncode == 1

    running.send_signal(signal.SIGTERM)
    assert "已停止" in running.communicate(timeout=60)[0]
    assert running.returncode == 0
    assert all(is_free(int(environment[f"DESK_{name}_PORT"])) for name in PORTS)


@pytest.mark.timeout(60)
def test_a_used_port_ends_the_start_with_one_message(environment: dict[str, str]):
    taken = int(environment["DESK_CONSOLE_PORT"])
    with socket.create_server(("127.0.0.1", taken)):
        refused = start(environment)
        said = refused.communicate(timeout=50)[0]

    assert refused.returncode == 1
    assert "DESK_CONSOLE_PORT" in said
    assert "Traceback" not in said
