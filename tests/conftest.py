"""What all tests share: a real PostgreSQL, a wired core whose changes are undone, a clock."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from argon2 import PasswordHasher
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from core.adapters.holidays import packaged_calendar
from core.bootstrap import Core
from core.database import migrate
from core.database.base import driver_url
from core.events import Event
from core.office import Office, OfficeHours
from core.sealing import Seal
from core.unit_of_work import UnitOfWork
from launch.embedded import start_postgres, start_valkey
from launch.supervisor import Desk
from setup.browser import HOW_TO_GET_ONE, find_chromium
from tests.fakes import FakeClock

ROOT = Path(__file__).parent.parent
_serial = count(1)


@pytest.fixture(scope="session")
def office() -> Office:
    notices = yaml.safe_load((ROOT / "config/notices.yml").read_text(encoding="utf-8"))
    hours = OfficeHours.parse("08:30-12:00,14:30-18:00")
    return Office("清河县人民政府", packaged_calendar(), hours, notices)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hashing a password is slow on purpose; hundreds of tests need people, not strength."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("core.operators.services._hasher", quick)
        yield


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    """A folder outside pytest's own, which a second run beside this one would close to us."""
    with TemporaryDirectory(prefix="desk-tests-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def database_url(servers_folder: Path) -> Iterator[str]:
    """A private PostgreSQL with all tables, started once for the whole run."""
    with start_postgres(servers_folder / "shared", durable=False) as postgres:
        migrate.upgrade(postgres.url)
        yield postgres.url


@pytest.fixture(scope="session")
def redis_url(servers_folder: Path) -> Iterator[str]:
    with start_valkey(servers_folder / "shared") as valkey:
        yield valkey.url


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(driver_url(database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose transaction is undone after the test, commits included."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def announced() -> list[Event]:
    """Every event published during the test."""
    return []


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def core(connection: Connection, announced: list[Event], clock: FakeClock, office: Office) -> Core:
    factory = sessionmaker(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    )
    return Core(factory, announced.append, office, Seal("only-for-the-tests"), clock)


@pytest.fixture
def uow(core: Core) -> Iterator[UnitOfWork]:
    with core.unit_of_work() as uow:
        yield uow


@pytest.fixture
def session(core: Core) -> Iterator[Session]:
    """For arranging and asserting; the code under test opens its own unit of work."""
    with core.session_factory() as session:
        yield session


@pytest.fixture
def fresh_database_url(database_url: str, engine: Engine) -> Iterator[str]:
    """A database of the test's own, where commits are real and connections are many."""
    name = f"fresh_{next(_serial)}"
    server = engine.execution_options(isolation_level="AUTOCOMMIT")
    url = engine.url.set(database=name, drivername="postgresql").render_as_string(
        hide_password=False
    )
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    migrate.upgrade(url)
    yield url
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
def fresh_core(
    fresh_database_url: str, announced: list[Event], clock: FakeClock, office: Office
) -> Iterator[Core]:
    """A core whose units of work really commit, for two people at once."""
    engine = create_engine(driver_url(fresh_database_url), pool_size=10)
    yield Core(
        sessionmaker(engine, expire_on_commit=False),
        announced.append,
        office,
        Seal("only-for-the-tests"),
        clock,
    )
    engine.dispose()


@pytest.fixture(scope="session")
def desk(servers_folder: Path) -> Iterator[Desk]:
    """The whole desk as `make run` starts it, with its demo office, on ports of its own."""
    with Desk(servers_folder / "desk") as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """The Chromium of this machine; where there is none, what needs it is skipped."""
    found = find_chromium()
    if found is None:
        pytest.skip(HOW_TO_GET_ONE)
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for one module: Playwright's loop must not run beside that of async tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
