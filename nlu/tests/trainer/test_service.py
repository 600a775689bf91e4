"""The trainer as the worker meets it: over HTTP, one training at a time, each in its process."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import ClientSession

from nlu.tests.trainer.asking import PATIENCE_SECONDS, TOKEN, ended, told, trainer_of, wanted
from nlu.trainer.service import LARGEST_REQUEST_BYTES
from nlu.trainer.service import TOKEN as SECRET
from nlu.trainer.working import REQUEST

ROOT = Path(__file__).parents[3]


def ask(places, *asked, token=TOKEN):
    """Send requests one after the other; return the status and the body of each answer."""

    async def run():
        async with trainer_of(places, token) as client:
            return [await told(await client.request(*one[:2], **dict(*one[2:]))) for one in asked]

    return asyncio.run(run())


def test_health_is_told_to_everybody(places):
    asked = [("GET", path, {"headers": {"Authorization": ""}}) for path in ("/healthz", "/readyz")]

    assert ask(places, *asked) == [(200, {"status": "ok"})] * 2


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Bearer 错", TOKEN[:-1]])
def test_without_the_token_nothing_is_told_or_done(places, store, given):
    headers = {"headers": {"Authorization": given}}

    answers = ask(
        places,
        ("GET", "/models", headers),
        ("POST", "/trainings", headers | {"json": wanted(store)}),
        ("POST", "/models/20260101-000000/live", headers),
    )

    assert answers == [(401, {"code": "unauthorised", "detail": ""})] * 3
    assert not places.models.candidates.exists()


def test_a_service_without_a_token_serves_nobody(places):
    asked = ("GET", "/models", {"headers": {"Authorization": "Bearer "}})

    assert ask(places, asked, token="")[0][0] == 401


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '"r1"', "{}", '{"version": "r1"}', '{"version": 1, "entries": []}',
             '{"version": "r1", "entries": {}, "changes": []}', b"\xff\xfe"],
)  # fmt: skip
def test_a_request_that_cannot_be_read_is_refused_and_the_next_one_is_heard(places, body):
    [(status, refusal), (_, models)] = ask(
        places, ("POST", "/trainings", {"data": body}), ("GET", "/models")
    )

    assert (status, refusal["code"]) == (400, "bad_request")
    assert models["live"] == "20260101-000000"


@pytest.mark.parametrize("version", ["../r1", "", ".r1", "a/b"])
def test_a_version_that_is_no_plain_name_writes_nothing(places, store, version):
    [(status, _)] = ask(places, ("POST", "/trainings", {"json": wanted(store, version)}))

    assert status == 404
    assert not (places.models.path / "r1").exists()


def test_a_request_that_is_too_large_is_refused(places):
    body = b" " * (LARGEST_REQUEST_BYTES + 1)

    [(status, refusal)] = ask(places, ("POST", "/trainings", {"data": body}))

    assert (status, refusal["code"]) == (413, "too_large")


@pytest.mark.parametrize("body", ["{", "[]", '{"keep": 5}'])
def test_a_wrong_request_for_a_live_model_changes_nothing(places, body):
    before = places.models.live()

    [(status, _)] = ask(places, ("POST", "/models/20260101-000000/live", {"data": body}))

    assert status == 400
    assert places.models.live() == before


def test_a_training_or_model_that_is_unknown_is_not_found(places):
    answers = ask(
        places,
        *(("GET", "/trainings/r9"), ("DELETE", "/trainings/r9"), ("POST", "/models/r9/keep")),
        *(("POST", "/models/r9/fit"), ("POST", "/models/r9/live")),
    )

    assert answers == [(404, {"code": "no_such_model", "detail": "r9"})] * 5


def test_a_training_is_done_kept_and_made_live(places, store):
    async def run():
        async with trainer_of(places) as client:
            assert (await client.post("/trainings", json=wanted(store))).status == 202
            about = await ended(client, "r1")
            kept = await told(await client.post("/models/r1/keep"))
            live = await told(await client.post("/models/r1/live", json={"keep": []}))
            return about, kept, live

    about, (_, kept), (status, _) = asyncio.run(run())

    assert (about["state"], about["report"]["verdict"]) == ("done", "passed")
    assert (kept["is_whole"], kept["questions"]) == (True, 8)
    assert status == 200
    assert places.models.live().name == "r1.tar.gz"


def test_one_training_at_a_time_and_a_cancelled_one_makes_room(places, store):
    async def run():
        async with trainer_of(places) as client:
            await client.post("/trainings", json=wanted(store, "r1"))
            busy = await told(await client.post("/trainings", json=wanted(store, "r2")))
            _, cancelled = await told(await client.delete("/trainings/r1"))
            kept = await client.post("/models/r1/keep")
            again = await client.post("/trainings", json=wanted(store, "r2"))
            await client.delete("/trainings/r2")
            return busy, cancelled, kept.status, again.status

    busy, cancelled, kept, again = asyncio.run(run())

    assert busy == (409, {"code": "busy", "detail": "r1"})
    assert (cancelled["state"], cancelled["failure"]["code"]) == ("failed", "process_died")
    assert (kept, again) == (404, 202)


@pytest.fixture
def start(places):
    """Start the service as `make run` does; every one started is ended."""
    started = []

    def run(port):
        places.models.vectors.touch()
        command = [
            *(sys.executable, "-m", "nlu.trainer", "serve", "--port", str(port)),
            *("--models", str(places.models.path), "--base", str(places.base)),
            *("--data", str(places.nlu_data)),
        ]
        service = subprocess.Popen(command, cwd=ROOT, env=os.environ | {SECRET: TOKEN})
        started.append(service)
        return service

    yield run
    for service in started:
        service.kill()
        service.wait()


def test_a_killed_service_takes_its_training_along_and_knows_nothing_of_it_afterwards(
    start, places, store
):
    """The worker hears that nobody knows the training, and notes it as failed."""
    port, live = free_port(), places.models.live().read_bytes()

    async def run():
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with ClientSession(f"http://127.0.0.1:{port}", headers=headers) as client:
            first = start(port)
            await answering(client)
            await client.post("/trainings", json=wanted(store))
            [training] = children_of(first)
            os.kill(training, signal.SIGSTOP)
            first.kill()
            first.wait()
            os.kill(training, signal.SIGCONT)
            await gone(training)
            left = sorted(file.name for file in (places.models.candidates / "r1").iterdir())
            start(port)
            await answering(client)
            return left, await told(await client.get("/trainings/r1"))

    left, answer = asyncio.run(run())

    assert left == [REQUEST]
    assert answer == (404, {"code": "no_such_model", "detail": "r1"})
    assert not places.models.candidates.exists()
    assert places.models.live().read_bytes() == live


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def children_of(process):
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return [int(pid) for pid in listed.split()]


async def answering(client):
    await until(lambda: healthy(client))


async def healthy(client):
    with suppress(OSError):
        return (await client.get("/healthz")).status == 200
    return False


async def gone(pid):
    async def is_gone():
        with suppress(FileNotFoundError):
            return ") Z " in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        return True

    await until(is_gone)


async def until(is_so):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await is_so():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.05)
