import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import psycopg
import pytest

from config.settings import Settings
from launch.failures import LaunchFailed
from launch.ports import is_free
from launch.programs import Program
from launch.supervisor import AlreadyRunning, Desk, addresses_in_use
from tests.launch.waiting import wait_until

PRETEND = str(Path(__file__).with_name("pretend_program.py"))


def pretended(settings: Settings) -> Sequence[Program]:
    return [
        Program(name, name, (sys.executable, PRETEND, str(port)), port, setting)
        for name, port, setting in [
            ("gateway", settings.gateway_port, "DESK_GATEWAY_PORT"),
            ("console", settings.console_port, "DESK_CONSOLE_PORT"),
        ]
    ]


def broken(settings: Settings) -> Sequence[Program]:
    argv = (sys.executable, "-c", "raise SystemExit('缺少配置')")
    return [Program("gateway", "消息网关", argv, settings.gateway_port, "DESK_GATEWAY_PORT")]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, table=pretended, seed=False) as desk:
        yield desk


def test_a_started_desk_is_ready_and_has_its_tables(desk: Desk):
    for program in ("gateway", "console"):
        assert httpx.get(desk.url(program) + "/readyz").is_success
    with psycopg.connect(desk.environment["DATABASE_URL"]) as connection:
        tables = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
    assert tables == ("alembic_version",)


def test_a_killed_program_heals_by_itself(desk: Desk):
    first = desk.pid("gateway")

    desk.kill("gateway")

    wait_until(lambda: desk.pid("gateway") not in {None, first})
    desk.wait_until_ready("gateway")


def test_a_halted_program_stays_down_until_it_is_resumed(desk: Desk):
    desk.halt("gateway")
    assert desk.pid("gateway") is None

    desk.resume("gateway")

    assert httpx.get(desk.url("gateway") + "/readyz").is_success


def test_one_data_folder_carries_one_desk(desk: Desk):
    second = Desk(desk.folder, table=pretended, seed=False)

    with pytest.raises(AlreadyRunning, match="已经在运行"), second:
        pass


def test_a_running_desk_tells_other_commands_where_its_servers_are(desk: Desk):
    in_use = addresses_in_use(desk.folder)

    assert in_use["DATABASE_URL"] == desk.environment["DATABASE_URL"]
    assert in_use["REDIS_URL"] == desk.environment["REDIS_URL"]


def test_a_stopped_desk_leaves_nothing_running(tmp_path: Path):
    with Desk(tmp_path, table=pretended, seed=False) as desk:
        ports = [program.port for program in desk.programs.values()]

    assert all(is_free(port) for port in ports)
    assert not addresses_in_use(tmp_path)
    assert not list((tmp_path / "run").iterdir())


def test_a_program_that_dies_at_once_ends_the_start_with_its_last_words(tmp_path: Path):
    with (
        pytest.raises(LaunchFailed, match=r"(?s)消息网关（gateway）一启动就退出.*缺少配置"),
        Desk(tmp_path, table=broken, seed=False),
    ):
        pass

    assert not addresses_in_use(tmp_path)


def test_servers_named_in_the_environment_are_used_instead_of_embedded_ones(
    desk: Desk, tmp_path: Path
):
    named = {name: desk.environment[name] for name in ("DATABASE_URL", "REDIS_URL")}

    second_folder = tmp_path / "second"
    with Desk(second_folder, table=pretended, seed=False, changes=named) as second:
        assert second.environment["DATABASE_URL"] == named["DATABASE_URL"]

    assert not (second_folder / "postgres").exists()
    assert not (second_folder / "valkey").exists()
