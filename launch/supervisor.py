"""The whole desk on one machine: `make run` shows it to people, tests use it through `Desk`."""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self

import httpx

from config.settings import Settings
from launch import environment as environments
from launch import steps
from launch.embedded import require_postgres, require_redis, start_postgres, start_valkey
from launch.failures import LaunchFailed, last_words
from launch.ports import require_free
from launch.processes import Command, KeptProcess, Listener, end_leftovers
from launch.programs import ROOT, Program, programs

EVERY_PROGRAM = ("simulator", "rasa", "trainer", "actions", "gateway", "worker", "console")
# Rasa is ready long after the others, and needs no tables for it.
BEFORE_THE_TABLES = ("simulator", "rasa")
READY_SECONDS = 180.0
STOP_SECONDS = 15.0
DEATHS_TO_GIVE_UP = 3


LOCK_FILE = "desk.lock"
ADDRESSES_FILE = "addresses.json"
ADDRESSES = ("DATABASE_URL", "REDIS_URL")


class AlreadyRunning(LaunchFailed):
    """Another desk holds the data folder."""


@dataclass(frozen=True)
class Answer:
    text: str
    seconds: float


class Desk:
    """A running desk. Use as a context manager.

    Without `environment` it stands alone: free ports, secrets and data in `folder`.
    `only` names the programs to start; the servers they need are embedded unless the
    environment names real ones.
    """

    def __init__(
        self,
        folder: Path,
        *,
        only: Sequence[str] = EVERY_PROGRAM,
        environment: Mapping[str, str] | None = None,
        changes: Mapping[str, str] | None = None,
        table: Callable[[Settings], Sequence[Program]] = programs,
        seed: bool = True,
        durable: bool = False,
        listener: Listener | None = None,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.folder = folder.resolve()
        self.environment = dict(environment or environments.for_tests(self.folder))
        self.environment |= {"DESK_DATA_FOLDER": str(self.folder)} | dict(changes or {})
        self._only = only
        self._table = table
        self._seed = seed
        self._durable = durable
        self._listener = listener
        self._say = say
        self._kept: dict[str, KeptProcess] = {}
        self.programs: dict[str, Program] = {}
        self._open = ExitStack()

    # --- life ---------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Bring everything up, each program ready to work."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._take_folder()
        end_leftovers(self.folder)
        self._start_servers()
        self.settings = environments.settings_from(self.environment)
        table = self._table(self.settings)
        self.programs = {program.name: program for program in table if program.name in self._only}
        if not self.programs:
            return
        require_free([(p.title, p.port, p.setting) for p in self.programs.values()])
        if "rasa" in self.programs and not steps.model_is_current():
            self._say("训练模型（约一分钟）…")
            steps.train_when_needed(self.environment)
        if "rasa" in self.programs:
            steps.prepare_models(self.environment)
        self._start_programs(name for name in self.programs if name in BEFORE_THE_TABLES)
        self._say("更新数据库 …")
        steps.migrate(self.environment)
        if self._seed:
            steps.seed(self.environment)
        self._say("启动程序 …")
        self._start_programs(self.programs)
        self.wait_until_ready()

    def stop(self) -> None:
        """Stop the programs together, then the servers they use."""
        for kept in self._kept.values():
            kept.ask_to_stop()
        for kept in self._kept.values():
            kept.stop(STOP_SECONDS)
        self._kept.clear()
        self._open.close()

    # --- one program --------------------------------------------------------------------------

    def url(self, program: str) -> str:
        return self.programs[program].url

    def pid(self, program: str) -> int | None:
        return self._kept[program].pid

    def kill(self, program: str) -> None:
        """Kill -9. It is started again at once, as after any crash."""
        self._kept[program].kill()

    def halt(self, program: str) -> None:
        """Stop one program and leave it down, until `resume`."""
        self._kept[program].stop(STOP_SECONDS)

    def resume(self, program: str) -> None:
        self._kept[program].start()
        self.wait_until_ready(program)

    def wait_until_ready(self, *names: str, seconds: float = READY_SECONDS) -> None:
        """Wait for the named programs, else all, to answer that they can work."""
        deadline = monotonic() + seconds
        with httpx.Client(timeout=5.0, trust_env=False) as client:
            for name in names or tuple(self.programs):
                while not self._is_ready(client, name):
                    self._give_up_on_failed(name, too_late=monotonic() > deadline)
                    sleep(0.25)

    def last_lines(self, program: str) -> list[str]:
        return list(self._kept[program].last_lines)

    # --- the citizen's side -------------------------------------------------------------------

    def ask(self, text: str, *, openid: str = "", name: str = "", seconds: float = 20.0) -> Answer:
        """Say something as a citizen in the simulator; wait for what the desk answers."""
        question = {"text": text, "openid": openid, "name": name}
        answer = httpx.post(
            self.url("simulator") + "/control/ask", json=question, timeout=seconds, trust_env=False
        )
        answer.raise_for_status()
        said = answer.json()
        return Answer(said["reply"], said["seconds"])

    # --- inside -------------------------------------------------------------------------------

    def _take_folder(self) -> None:
        """Hold the data folder; the hold ends with this process, however it ends."""
        file = (self.folder / LOCK_FILE).open("a+")
        self._open.callback(file.close)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "未知"
            raise AlreadyRunning(
                f"这个目录里的系统已经在运行（进程 {holder}），不能再启动一次。"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()

    def _start_servers(self) -> None:
        """Start the private servers that the environment does not name."""
        named = environments.settings_from(self.environment)
        if named.database_url:
            require_postgres(named.database_url)
        else:
            postgres = start_postgres(self.folder, durable=self._durable)
            self._open.callback(postgres.stop)
            self.environment["DATABASE_URL"] = postgres.url
        if named.redis_url:
            require_redis(named.redis_url)
        else:
            valkey = start_valkey(self.folder)
            self._open.callback(valkey.stop)
            self.environment["REDIS_URL"] = valkey.url
        addresses = {name: self.environment.get(name, "") for name in ADDRESSES}
        file = self.folder / ADDRESSES_FILE
        file.touch(mode=0o600)
        file.write_text(json.dumps({name: url for name, url in addresses.items() if url}))

    def _start_programs(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._kept:
                program = self.programs[name]
                command = Command(
                    name=name,
                    argv=program.argv,
                    folder=ROOT,
                    environment={**self.environment, **program.environment},
                )
                self._kept[name] = KeptProcess(command, self.folder, self._listener)
                self._kept[name].start()

    def _is_ready(self, client: httpx.Client, name: str) -> bool:
        if self._kept[name].pid is None:
            return False
        try:
            return client.get(self.programs[name].ready_url).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def _give_up_on_failed(self, name: str, *, too_late: bool) -> None:
        kept = self._kept[name]
        if too_late or kept.deaths >= DEATHS_TO_GIVE_UP:
            trouble = "迟迟没有就绪" if kept.deaths < DEATHS_TO_GIVE_UP else "一启动就退出"
            log = self.folder / "logs" / f"{name}.log"
            raise LaunchFailed(
                f"{self.programs[name].title}（{name}）{trouble}，日志 {log} 的末尾是："
                + last_words(kept.last_lines)
            )


def addresses_in_use(folder: Path) -> dict[str, str]:
    """Tell where the servers of a desk that runs on this data folder are; empty without one."""
    try:
        with (folder / LOCK_FILE).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return dict(json.loads((folder / ADDRESSES_FILE).read_text()))
    except FileNotFoundError:
        pass
    return {}
