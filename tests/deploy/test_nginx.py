"""The real nginx with the configuration of the production form, before a pretended console."""

import json
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from launch.ports import free_ports, is_free
from launch.processes import Command, KeptProcess
from tests.deploy.front_door import FrontDoor, find_nginx
from tests.launch.waiting import wait_until

pytestmark = pytest.mark.skipif(
    find_nginx() is None, reason="no nginx on this machine (apt install nginx-light)"
)

DOORS = ("tls", "behind_proxy")
PRETEND = str(Path(__file__).with_name("pretend_upstream.py"))


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("upstream")
    [port] = free_ports(1)
    kept = KeptProcess(Command("upstream", (sys.executable, PRETEND, str(port)), folder), folder)
    kept.start()
    wait_until(lambda: not is_free(port))
    yield f"127.0.0.1:{port}"
    kept.stop()


@pytest.fixture(scope="module", params=DOORS)
def front_door(
    request: pytest.FixtureRequest, upstream: str, tmp_path_factory: pytest.TempPathFactory
) -> FrontDoor:
    folder = tmp_path_factory.mktemp(request.param)
    return FrontDoor(folder, request.param, {"gateway:8080": upstream, "console:8000": upstream})


@pytest.fixture(scope="module")
def running(front_door: FrontDoor) -> Iterator[FrontDoor]:
    folder = front_door.command.folder
    kept = KeptProcess(front_door.command, folder)
    kept.start()
    front_door.wait_until_open()
    yield front_door
    kept.stop()


@pytest.fixture(scope="module")
def visitor(running: FrontDoor) -> Iterator[httpx.Client]:
    """A browser at the door that is meant for it."""
    context = ssl.create_default_context(cafile=str(running.certificate))
    address = running.url if "behind_proxy" in str(running.command.argv) else running.secure_url
    with httpx.Client(base_url=address, verify=context, trust_env=False) as client:
        yield client


def told(answer: httpx.Response) -> dict[str, str]:
    """Return the headers that reached the program behind."""
    assert answer.status_code == 200
    return {name.lower(): value for name, value in json.loads(answer.text)["headers"].items()}


def test_nginx_finds_no_fault_with_the_configuration(front_door: FrontDoor):
    said = front_door.check()

    assert "syntax is ok" in said
    assert "warn" not in said


def test_the_programs_behind_learn_the_visitors_address_and_that_it_was_https(
    visitor: httpx.Client,
):
    headers = told(visitor.get("/desk/"))

    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-host"] == headers["host"] == visitor.base_url.netloc.decode()
    assert headers["x-request-id"]


def test_a_visitor_cannot_pretend_to_be_somebody_else(visitor: httpx.Client):
    claim = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "gopher",
        "Forwarded": "for=203.0.113.9",
    }

    headers = told(visitor.get("/desk/", headers=claim))

    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert "forwarded" not in headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_health_and_numbers_are_not_shown_outside(visitor: httpx.Client, path: str):
    assert visitor.get(path).status_code == 404


def test_a_push_reaches_the_gateway_whole(visitor: httpx.Client):
    body = b"x" * 192 * 1024  # the largest: compatible mode

    answer = visitor.post("/webhooks/wechat/town?signature=s", content=body)

    assert answer.json()["path"] == "/webhooks/wechat/town?signature=s"
    assert answer.json()["length"] == len(body)


def test_a_push_that_no_platform_sends_ends_at_the_door(visitor: httpx.Client):
    answer = visitor.post("/webhooks/wechat/town", content=b"x" * 300 * 1024)

    assert answer.status_code == 413


def test_live_events_pass_at_once(visitor: httpx.Client):
    with visitor.stream("GET", "/live", timeout=20) as stream:
        first = next(stream.iter_lines())

    assert first == "event: notice"


def test_static_files_are_kept_by_browsers(visitor: httpx.Client):
    file = next(Path("console/static/css").glob("*.css"))

    answer = visitor.get(f"/static/css/{file.name}", headers={"Accept-Encoding": "gzip"})

    assert answer.text == file.read_text(encoding="utf-8")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"


def test_a_flood_from_one_address_is_slowed_down(visitor: httpx.Client):
    statuses = [visitor.get("/c/").status_code for _ in range(80)]

    assert statuses[0] == 200
    assert 429 in statuses


@pytest.mark.parametrize("front_door", ["tls"], indirect=True)
def test_plain_http_leads_to_https(running: FrontDoor):
    answer = httpx.get(f"{running.url}/desk/?a=b", trust_env=False)

    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://127.0.0.1/desk/?a=b"


def test_nothing_but_the_path_of_a_request_is_logged(running: FrontDoor, visitor: httpx.Client):
    """Queries hold signatures, OpenIDs and query codes; also where a limit or a failure speaks."""
    visitor.get("/c/cases?query_code=SECRET")
    log = running.command.folder / "logs" / "nginx.log"

    wait_until(lambda: '"/c/cases"' in log.read_text())

    assert "SECRET" not in log.read_text()
