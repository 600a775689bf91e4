"""The stream as a browser gets it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from werkzeug.test import TestResponse

from config.settings import Settings
from console.app import create_app
from console.live.views import THREADS_FOR_PAGES
from core.adapters.redis_events import RedisEvents
from core.bootstrap import Core
from core.conversations.events import HandoffRequested
from core.conversations.states import HandoffReason
from core.operators.models import Operator
from core.operators.permissions import Role
from tests.console.browsing import Visitor
from tests.console.conftest import SignInAs
from tests.fakes import MONDAY

ASKED = HandoffRequested(at=MONDAY, conversation_id=7, reason=HandoffReason.EMERGENCY)


def parse(chunk: bytes | str) -> tuple[str, dict[str, Any]]:
    text = chunk.decode() if isinstance(chunk, bytes) else chunk
    lines = dict(line.split(": ", 1) for line in text.strip().splitlines())
    return lines["event"], json.loads(lines["data"])


def events(answer: TestResponse) -> Iterator[tuple[str, dict[str, Any]]]:
    for chunk in answer.response:
        yield parse(chunk)


@pytest.fixture
def stream(seat: Visitor) -> Iterator[TestResponse]:
    answer = seat.client.get("/live", headers={"Accept": "text/event-stream"})
    yield answer
    answer.close()


def test_the_stream_is_not_held_back_or_kept(stream: TestResponse):
    assert stream.mimetype == "text/event-stream"
    assert stream.headers["Cache-Control"] == "no-store"
    assert stream.headers["X-Accel-Buffering"] == "no"


def test_an_event_arrives_with_its_type_and_topics_and_nothing_else(
    stream: TestResponse, redis: "Redis"
):
    heard = events(stream)
    while next(heard) != ("state", {"state": "connected"}):
        pass

    RedisEvents(redis).publish(ASKED)

    notice = {"type": "HandoffRequested", "topics": ["conversation", "conversation-7", "queue"]}
    assert next(heard) == ("notice", notice)


def test_the_stream_ends_when_the_console_stops(stream: TestResponse, app: Flask):
    heard = events(stream)
    while next(heard) != ("state", {"state": "connected"}):
        pass

    app.extensions["live"].stop()

    assert list(heard) == [("state", {"state": "ended"})]


def test_streams_leave_threads_for_everything_else(
    settings: Settings, core: Core, redis: "Redis", operator: Operator
):
    app = create_app(
        settings.model_copy(update={"console_threads": THREADS_FOR_PAGES + 1}), core, redis
    )
    visitor = Visitor(app)
    visitor.sign_in(operator.login)

    first = visitor.client.get("/live")
    assert next(events(first)) is not None
    second = visitor.client.get("/live")

    assert second.status_code == 503
    first.close()
    assert app.extensions["live"].listener_count == 0
    app.extensions["live"].stop()
    app.extensions["live"].join()


def test_strangers_get_no_stream_and_no_redirect_to_a_page(visitor: Visitor):
    answer = visitor.client.get("/live", headers={"Accept": "text/event-stream"})

    assert answer.status_code == 401


def test_signing_out_elsewhere_ends_the_stream(
    app: Flask, operator: Operator, stream: TestResponse, redis: "Redis", announced: list[object]
):
    heard = events(stream)
    while next(heard) != ("state", {"state": "connected"}):
        pass
    elsewhere = Visitor(app)
    elsewhere.sign_in(operator.login)

    elsewhere.post("/sign-out")
    RedisEvents(redis).publish(announced[-1])  # type: ignore[arg-type]

    assert next(heard) == ("state", {"state": "ended"})


def test_the_menu_counts_what_waits(sign_in_as: SignInAs):
    visitor = sign_in_as(Role.OPERATOR)

    answer = visitor.get_fragment("/menu?here=desk")

    assert 'data-badge="desk" data-count="0"' in " ".join(answer.text.split())
    assert 'aria-current="page"' in answer.text
