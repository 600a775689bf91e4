import socket
from collections.abc import Iterator

import pytest

from launch.failures import LaunchFailed
from launch.ports import free_ports, require_free


@pytest.fixture
def used_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_free_ports_are_free_and_differ():
    ports = free_ports(6)

    assert len(set(ports)) == 6
    require_free([("网关", port, "DESK_GATEWAY_PORT") for port in ports])


def test_a_used_port_is_named_with_the_setting_that_moves_the_program(used_port: int):
    with pytest.raises(LaunchFailed, match=f"端口 {used_port}（工作台）已被.*DESK_CONSOLE_PORT"):
        require_free([("工作台", used_port, "DESK_CONSOLE_PORT")])


def test_all_used_ports_are_told_at_once(used_port: int):
    wanted = [("工作台", used_port, "DESK_CONSOLE_PORT"), ("网关", used_port, "DESK_GATEWAY_PORT")]

    with pytest.raises(LaunchFailed, match=r"(?s)工作台.*网关"):
        require_free(wanted)
