"""How many pushes a second are acknowledged, in each mode, beside a bare wechatpy echo server.

Ours stores each message, numbers it and promises its answer before it acknowledges; the peer
keeps nothing. Nobody takes the answers up, so that only the door is measured.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import httpx

from config.accounts import PushMode
from launch.ports import free_ports
from launch.processes import Command, KeptProcess
from launch.programs import PYTHON, ROOT
from launch.supervisor import Desk
from tests.load import signed
from tests.load.firing import Volley, fire

CONNECTIONS = 20
CITIZENS = 200
WARM = 50
READY_SECONDS = 20.0


@dataclass(frozen=True)
class Door:
    title: str
    push: Callable[[str, int], signed.Request]
    path: str
    has_peer: bool = True


def doors() -> list[Door]:
    titles = {PushMode.PLAIN: "明文", PushMode.COMPATIBLE: "兼容", PushMode.SAFE: "安全"}
    wechat = [
        Door(
            f"微信 {title}",
            lambda path, number, mode=mode: signed.wechat_push(  # type: ignore[misc]
                path, mode, number=number, citizens=CITIZENS
            ),
            f"/webhooks/wechat/{mode.value}",
        )
        for mode, title in titles.items()
    ]
    weibo = Door(
        "微博 JSON",
        lambda path, number: signed.weibo_push(path, number=number, citizens=CITIZENS),
        "/webhooks/weibo/bench",
        has_peer=False,
    )
    return [*wechat, weibo]


def accounts() -> Mapping[str, str]:
    settings = {"DESK_PASSIVE_WAIT_SECONDS": "0", "DESK_WEBHOOK_FRESHNESS_SECONDS": "3600"}
    for mode in PushMode:
        for name, value in signed.wechat_account(mode).items():
            settings[f"DESK_WECHAT__{mode.value}__{name}"] = value
    settings["DESK_WEIBO__bench__UID"] = str(signed.WEIBO_UID)
    settings["DESK_WEIBO__bench__APP_SECRET"] = signed.APP_SECRET
    return settings


def measure(folder: Path, count: int) -> list[tuple[Door, Volley, Volley | None]]:
    """Fire `count` pushes at each door, ours and the peer's one after the other."""
    found = []
    only = ("gateway",)
    with Desk(folder / "desk", only=only, changes=accounts(), seed=False, durable=True) as desk:
        ours = desk.programs["gateway"].port
        with _echo_server(folder) as peers:
            for door in doors():
                volley = _volley(ours, door, door.path, count)
                beside = _volley(peers, door, "/push", count) if door.has_peer else None
                found.append((door, volley, beside))
    return found


def _volley(port: int, door: Door, path: str, count: int) -> Volley:
    numbers = iter(range(WARM + count))
    warm = [door.push(path, next(numbers)) for _ in range(WARM)]
    requests = [door.push(path, number) for number in numbers]
    fire(port, warm, connections=CONNECTIONS)
    return fire(port, requests, connections=CONNECTIONS)


@contextmanager
def _echo_server(folder: Path) -> Iterator[int]:
    [port] = free_ports(1)
    command = Command(
        name="echo",
        argv=(PYTHON, "-m", "tests.load.echo", "--port", str(port)),
        folder=ROOT,
        environment={},
    )
    kept = KeptProcess(command, folder, None)
    kept.start()
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz")
        yield port
    finally:
        kept.stop(5.0)


def _wait_for(url: str) -> None:
    with httpx.Client(trust_env=False, timeout=2.0) as client:
        for _ in range(int(READY_SECONDS / 0.1)):
            try:
                if client.get(url).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                pass
            sleep(0.1)
    raise TimeoutError(f"{url} is not ready")
