"""A console that real browsers reach, over a Redis that can be stopped."""

import dataclasses
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from redis import Redis
from werkzeug.serving import make_server

from config.settings import Settings
from console.app import create_app
from core.adapters.redis_events import RedisEvents
from core.bootstrap import Core
from core.clock import utc_now
from core.operators.models import Operator
from core.operators.permissions import Role
from launch.embedded import EmbeddedServer, start_valkey
from tests.builders import PASSWORD, an_operator
from tests.console.desk.conversations import Talk
from tests.console.in_browser.pages import DESK, SitDown, wait_until_live

# A refusal is told by a status, which a browser and htmx note as an error.
EXPECTED = re.compile(r"Failed to load resource|Response Status Error Code (?:401|403|409|422|502)")


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedServer]:
    with start_valkey(tmp_path) as valkey:
        yield valkey


@pytest.fixture
def live_core(fresh_core: Core, valkey: EmbeddedServer) -> Iterator[Core]:
    """A core that commits, tells Redis and goes with the time."""
    with Redis.from_url(valkey.url, socket_timeout=2) as redis:
        yield dataclasses.replace(fresh_core, publish=RedisEvents(redis).publish, clock=utc_now)


@pytest.fixture
def address(settings: Settings, live_core: Core, valkey: EmbeddedServer) -> Iterator[str]:
    with Redis.from_url(valkey.url, socket_timeout=2, socket_connect_timeout=1) as redis:
        app = create_app(settings, live_core, redis)
        with served(app) as url:
            yield url


class served:  # noqa: N801 - reads as a verb
    """Answer requests of browsers in threads of its own until the block is left."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._app.extensions["live"].stop()
        self._app.extensions["live"].join()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def sit_down(browser: Browser, address: str, live_core: Core) -> Iterator[SitDown]:
    """Open the desk as a new operator; whatever the browser complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_desk(name: str, *roles: Role, viewport: dict[str, int] = DESK) -> Page:
        with live_core.unit_of_work() as uow:
            operator: Operator = an_operator(uow, *roles, display_name=name)
        context = browser.new_context(viewport=viewport, locale="zh-CN")  # type: ignore[arg-type]
        contexts.append(context)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and not EXPECTED.search(said.text)
                else None
            ),
        )
        page = context.new_page()
        page.goto(f"{address}/desk/")
        page.fill("#login", operator.login)
        page.fill("#password", PASSWORD)
        page.click("text=登录")
        wait_until_live(page)
        return page

    yield open_desk
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def talk(live_core: Core) -> Talk:
    return Talk(live_core)
