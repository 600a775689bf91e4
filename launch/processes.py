"""Keeps commands running: starts them, writes their logs, starts them again when they die."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from time import monotonic
from typing import IO

import psutil

from launch.failures import LaunchFailed, last_words, reason

TETHER = Path(__file__).with_name("tether.py")
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 15.0
STEADY_AFTER_SECONDS = 30.0
LOG_BYTES = 10_000_000
REMEMBERED_LINES = 40

Listener = Callable[[str, str], None]


@dataclass(frozen=True)
class Command:
    """What to run. `user` is another account of this machine to run it as, seldom needed."""

    name: str
    argv: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    stop_signal: signal.Signals = signal.SIGTERM


class LogFile(RotatingFileHandler):
    """A program's own lines, kept to two files of bounded size."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)

    def write_line(self, line: str) -> None:
        self.handle(logging.LogRecord("", 0, "", 0, line, None, None))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Lose the line: a full disk must not stop the program that wrote it."""


class KeptProcess:
    """One command, kept alive by a thread of its own until it is stopped."""

    def __init__(self, command: Command, folder: Path, listener: Listener | None = None) -> None:
        self.command = command
        self.deaths = 0
        self.last_lines: deque[str] = deque(maxlen=REMEMBERED_LINES)
        self._listener = listener
        self._pid_file = folder / "run" / f"{command.name}.pid"
        self._log = LogFile(folder / "logs" / f"{command.name}.log")
        self._process: subprocess.Popen[str] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The process id while the command runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        if self._thread is not None:
            return
        for path in (self._pid_file, Path(self._log.baseFilename)):
            path.parent.mkdir(parents=True, exist_ok=True)
        self.deaths = 0
        self._stopping.clear()
        self._thread = threading.Thread(
            target=self._keep_running, name=self.command.name, daemon=True
        )
        self._thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Ask the command to end, with everything it started, and make sure that it did."""
        self.ask_to_stop()
        if self._thread is not None:
            self._thread.join(seconds)
            if self._thread.is_alive():
                self._signal(signal.SIGKILL)
                self._thread.join()
        self._thread = None

    def ask_to_stop(self) -> None:
        self._stopping.set()
        self._signal(self.command.stop_signal)

    def kill(self) -> None:
        """Kill -9: what a crash or the memory guard of the system does. It will come back."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        pid = self.pid
        if pid is not None:
            signal_group(pid, number)

    def _keep_running(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            started = monotonic()
            self._run_once()
            if self._stopping.is_set():
                break
            self.deaths += 1
            if monotonic() - started > STEADY_AFTER_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            self._note(f"意外退出（{self._how_it_ended()}），{pause:.1f} 秒后重新启动")
            self._stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        self._pid_file.unlink(missing_ok=True)
        self._log.close()

    def _run_once(self) -> None:
        try:
            process = self._spawn()
        except OSError as error:
            self._note(f"无法启动：{reason(error)}")
            return
        self._process = process
        if self._stopping.is_set():
            self._signal(self.command.stop_signal)
        self._remember(process.pid)
        reader = threading.Thread(target=self._read, args=[process.stdout], daemon=True)
        reader.start()
        process.wait()
        # What it started itself must not outlive it, nor keep its port.
        signal_group(process.pid, signal.SIGKILL)
        reader.join()

    def _how_it_ended(self) -> str:
        code = self._process.returncode if self._process is not None else None
        if code is None:
            return "没有启动起来"
        return f"退出码 {code}" if code >= 0 else signal.Signals(-code).name

    def _read(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self._note(line.rstrip("\n"))

    def _remember(self, pid: int) -> None:
        """Write down who runs, for `end_leftovers` of the next start."""
        with suppress(OSError, psutil.NoSuchProcess):
            self._pid_file.write_text(f"{pid} {psutil.Process(pid).create_time()}")

    def _spawn(self) -> subprocess.Popen[str]:
        command = self.command
        return subprocess.Popen(
            [
                *(sys.executable, "-S", "-E", str(TETHER), str(os.getpid()), command.user),
                *command.argv,
            ],
            cwd=command.folder,
            env=dict(command.environment) or None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )

    def _note(self, line: str) -> None:
        self.last_lines.append(line)
        self._log.write_line(line)
        # Complaints on the way out are nobody's concern; the log has them.
        if self._listener is not None and not self._stopping.is_set():
            self._listener(self.command.name, line)


def signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def end_leftovers(folder: Path) -> None:
    """End what an earlier supervisor, killed without a chance to tidy up, left running."""
    for pid_file in sorted((folder / "run").glob("*.pid")):
        with suppress(ValueError, psutil.Error, OSError):
            pid, created = pid_file.read_text().split()
            process = psutil.Process(int(pid))
            # Another process may have been given the same number since.
            if abs(process.create_time() - float(created)) < 2:
                signal_group(process.pid, signal.SIGTERM)
                psutil.wait_procs([process], timeout=10)
                signal_group(process.pid, signal.SIGKILL)
        pid_file.unlink(missing_ok=True)


def run_once(command: Command, *, doing: str, log: Path | None = None) -> None:
    """Run a command to its end; its failure ends the start with its last lines."""
    try:
        done = subprocess.run(
            command.argv,
            cwd=command.folder,
            env=dict(command.environment) or None,
            user=command.user or None,
            group=command.user or None,
            extra_groups=[] if command.user else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise LaunchFailed(f"{doing}失败：{reason(error)}") from None
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout, encoding="utf-8")
    if done.returncode != 0:
        whole = f"\n    完整输出见 {log}" if log else ""
        raise LaunchFailed(f"{doing}失败：{last_words(done.stdout.splitlines())}{whole}")
