import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from launch.failures import LaunchFailed
from launch.ports import free_ports, is_free
from launch.processes import Command, KeptProcess, end_leftovers, run_once
from tests.launch.waiting import wait_until

PRETEND = str(Path(__file__).with_name("pretend_program.py"))


@pytest.fixture
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture
def kept(tmp_path: Path, port: int) -> Iterator[KeptProcess]:
    command = Command("pretend", (sys.executable, PRETEND, str(port)), folder=tmp_path)
    kept = KeptProcess(command, tmp_path)
    kept.start()
    wait_until(lambda: not is_free(port) and kept.last_lines)
    yield kept
    kept.stop()


def helper_of(kept: KeptProcess) -> int:
    [line] = [line for line in kept.last_lines if line.startswith("helper")][-1:]
    return int(line.split()[1])


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_killed_command_is_started_again(kept: KeptProcess, port: int):
    first = kept.pid

    kept.kill()

    wait_until(lambda: kept.pid not in {None, first})
    wait_until(lambda: not is_free(port))
    assert kept.deaths == 1
    assert any("SIGKILL" in line for line in kept.last_lines)


def test_what_a_killed_command_had_started_does_not_outlive_it(kept: KeptProcess):
    helper = helper_of(kept)

    kept.kill()

    wait_until(lambda: not is_alive(helper))


def test_stopping_ends_the_command_and_what_it_started(kept: KeptProcess, port: int):
    pids = [kept.pid or 0, helper_of(kept)]

    kept.stop()

    assert is_free(port)
    wait_until(lambda: not any(is_alive(pid) for pid in pids))


def test_a_command_deaf_to_signals_is_stopped_all_the_same(tmp_path: Path):
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(600)"
    kept = KeptProcess(Command("deaf", (sys.executable, "-uc", deaf), tmp_path), tmp_path)
    kept.start()
    wait_until(lambda: "deaf" in kept.last_lines)

    kept.stop(seconds=0.2)

    assert kept.pid is None


def test_a_stopped_command_can_be_started_again(kept: KeptProcess, port: int):
    kept.stop()
    kept.start()

    wait_until(lambda: not is_free(port))


def test_a_command_that_cannot_be_run_is_tried_again_and_noted(tmp_path: Path):
    kept = KeptProcess(Command("missing", ("/no/such/program",), tmp_path), tmp_path)
    kept.start()
    wait_until(lambda: kept.deaths >= 2)
    kept.stop()

    assert any("/no/such/program" in line for line in kept.last_lines)


def test_every_line_reaches_the_log_as_it_was(tmp_path: Path):
    line = "办结率 100% {ok} %s"
    command = Command("talker", (sys.executable, "-c", f"print({line!r})"), tmp_path)
    kept = KeptProcess(command, tmp_path)
    kept.start()
    wait_until(lambda: line in kept.last_lines)
    kept.stop()

    assert line in (tmp_path / "logs" / "talker.log").read_text(encoding="utf-8").splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_command_ends_when_its_supervisor_is_killed(tmp_path: Path, port: int):
    supervisor = start_a_supervisor(tmp_path, port)
    wait_until(lambda: not is_free(port))

    supervisor.kill()
    supervisor.wait()

    wait_until(lambda: is_free(port))


def test_leftovers_of_a_killed_supervisor_are_ended_by_the_next(tmp_path: Path, port: int):
    orphan = subprocess.Popen([sys.executable, PRETEND, str(port)], start_new_session=True)
    created = psutil.Process(orphan.pid).create_time()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "pretend.pid").write_text(f"{orphan.pid} {created}")

    end_leftovers(tmp_path)

    assert orphan.poll() is not None
    assert not list((tmp_path / "run").iterdir())


def test_a_stranger_with_a_leftovers_number_is_left_alone(tmp_path: Path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "pretend.pid").write_text(f"{os.getpid()} 1.0")

    end_leftovers(tmp_path)

    assert not list((tmp_path / "run").iterdir())


def test_a_failed_step_ends_with_its_last_words(tmp_path: Path):
    broken = Command("broken", (sys.executable, "-c", "raise SystemExit('没有词典')"), tmp_path)

    with pytest.raises(LaunchFailed, match=r"训练模型失败：\n +没有词典"):
        run_once(broken, doing="训练模型")


def start_a_supervisor(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    code = f"""
        import sys, time
        from pathlib import Path
        from launch.processes import Command, KeptProcess

        folder = Path({str(folder)!r})
        command = Command("pretend", (sys.executable, {PRETEND!r}, "{port}"), folder)
        KeptProcess(command, folder).start()
        time.sleep(600)
    """
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)])
