"""The very commands of docker-compose.yml, run on this machine until their probes are content."""

import re
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from launch.embedded import start_postgres, start_valkey
from launch.environment import made_once
from launch.processes import KeptProcess
from launch.programs import MODELS, RASA_PYTHON
from launch.seeding import accounts
from tests.deploy import compose
from tests.deploy.front_door import FrontDoor, find_nginx
from tests.deploy.without_docker import Place, Service

pytestmark = pytest.mark.timeout(400)

QUICK = ("actions", "gateway", "worker", "console", "simulator")
HAS_RASA = Path(RASA_PYTHON).exists() and any(MODELS.glob("*.tar.gz"))
DEMO_PASSWORD = "demo password of the tests"
QUESTION = "结婚登记需要带什么材料？"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place.find(tmp_path_factory.mktemp("deploy"))


@pytest.fixture(scope="module")
def settings_file(place: Place) -> Iterator[dict[str, str]]:
    """What an office writes into .env, with the storage of the tests."""
    with (
        start_postgres(place.folder / "storage", durable=False) as postgres,
        start_valkey(place.folder / "storage") as valkey,
    ):
        yield made_once(place.folder / "secrets") | {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "POSTGRES_PASSWORD": "unused",
            "REDIS_PASSWORD": "unused",
            "DESK_PUBLIC_URL": "https://wenzheng.example.gov.cn",
            "DESK_DEMO_PASSWORD": DEMO_PASSWORD,
            "DESK_WECHAT_API_URL": f"http://127.0.0.1:{place.ports['8090']}",
        }


@pytest.fixture(scope="module")
def services(settings_file: dict[str, str], place: Place) -> dict[str, Service]:
    described = compose.read(settings_file)["services"]
    return {
        name: Service(name, service, settings_file, place)
        for name, service in described.items()
        if "build" in service and name != "nginx"
    }


@pytest.fixture(scope="module")
def prepared(services: dict[str, Service]) -> str:
    """The tables are made and the demo is in; tells what was said about it."""
    services["migrate"].run_to_its_end()
    return services["seed"].run_to_its_end()


@pytest.fixture(scope="module")
def running(services: dict[str, Service], prepared: str) -> Iterator[dict[str, Service]]:
    names = (*QUICK, "rasa") if HAS_RASA else QUICK
    for name in names:
        services[name].start()
    yield services
    for name in names:
        services[name].stop()


@pytest.fixture(scope="module")
def browser(
    running: dict[str, Service], place: Place, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A browser outside, with nginx between it and the programs."""
    running["console"].wait_until_well(seconds=60)
    upstreams = {
        f"{name}:{port}": f"127.0.0.1:{place.ports[port]}"
        for name, port in (("gateway", "8080"), ("console", "8000"))
    }
    door = FrontDoor(tmp_path_factory.mktemp("door"), "tls", upstreams)
    kept = KeptProcess(door.command, door.command.folder)
    kept.start()
    door.wait_until_open()
    context = ssl.create_default_context(cafile=str(door.certificate))
    with httpx.Client(base_url=door.secure_url, verify=context, trust_env=False) as client:
        yield client
    kept.stop()


def test_one_command_makes_the_tables(prepared: str, settings_file: dict[str, str]):
    with psycopg.connect(settings_file["DATABASE_URL"]) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables").fetchall()

    assert {("conversations",), ("cases",), ("procrastinate_jobs",)} <= set(tables)


def test_one_command_fills_the_demo(prepared: str):
    assert "已写入演示数据" in prepared


def test_the_commands_done_once_may_be_done_again(services: dict[str, Service], prepared: str):
    services["migrate"].run_to_its_end()

    assert "已有数据" in services["seed"].run_to_its_end()


@pytest.mark.parametrize("name", QUICK)
def test_a_program_comes_up_and_its_probe_is_content(running: dict[str, Service], name: str):
    running[name].wait_until_well(seconds=60)


@pytest.mark.skipif(not HAS_RASA, reason="needs .venv-rasa (make setup) and a model (make train)")
@pytest.mark.rasa
def test_rasa_comes_up_and_a_citizens_question_is_answered(
    running: dict[str, Service], place: Place
):
    for name in ("rasa", *QUICK):
        running[name].wait_until_well(seconds=240)

    answer = httpx.post(
        f"http://127.0.0.1:{place.ports['8090']}/control/ask",
        json={"text": QUESTION},
        timeout=30,
        trust_env=False,
    )

    assert "《" in answer.json()["reply"]


def test_a_probe_is_not_content_with_a_program_that_is_not_there(services: dict[str, Service]):
    unstarted = compose.read(dict.fromkeys(compose.variables(), "x"))["services"]["gateway"]
    elsewhere = Place.find(Path("/nonexistent"))

    assert not Service("gateway", unstarted, {}, elsewhere).is_well


@pytest.mark.skipif(find_nginx() is None, reason="needs nginx (apt install nginx-light)")
def test_an_operator_signs_in_and_hears_live_events_through_the_front_door(browser: httpx.Client):
    page = browser.get("/sign-in")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    form = {
        "csrf_token": token[1],
        "login": accounts.shown()[0].login,
        "password": DEMO_PASSWORD,
    }

    entered = browser.post("/sign-in", data=form, headers={"Referer": str(page.url)})

    assert entered.is_redirect
    assert list(browser.cookies) == ["__Host-desk"]
    with browser.stream("GET", "/live", timeout=30) as stream:
        assert next(stream.iter_lines()) == "event: state"
