"""Free ports, and who sits on one that is not free."""

import socket
from collections.abc import Iterable
from contextlib import ExitStack, suppress

import psutil

from launch.failures import LaunchFailed

LOOPBACK = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Find ports that nobody uses at the moment."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return [one.getsockname()[1] for one in sockets]


def is_free(port: int, host: str = LOOPBACK) -> bool:
    with socket.socket() as probe:
        # As servers do; else a port just left would count as used for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(wanted: Iterable[tuple[str, int, str]], host: str = LOOPBACK) -> None:
    """Refuse to start on a used port; `wanted` holds program, port and the setting to change."""
    used = [
        f"端口 {port}（{program}）已被{owner_of(port)}占用，"
        f"请先停掉它，或在 .env 里用 {setting} 换一个端口。"
        for program, port, setting in wanted
        if not is_free(port, host)
    ]
    if used:
        raise LaunchFailed("\n    ".join(used))


def owner_of(port: int) -> str:
    """Name the program that listens there, as far as the system lets us see it."""
    with suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            here = connection.laddr[1:] == (port,) and connection.status == psutil.CONN_LISTEN
            if here and connection.pid is not None:
                return f"进程 {psutil.Process(connection.pid).name()}（{connection.pid}）"
    return "别的程序"
