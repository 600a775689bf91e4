"""A console that real browsers can open: over a database that commits and a Redis of its own."""

import dataclasses
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, expect
from redis import Redis
from werkzeug.serving import make_server

from config.settings import Settings
from console.app import create_app
from core.adapters.redis_events import RedisEvents
from core.bootstrap import Core
from core.clock import utc_now
from launch.embedded import start_valkey
from tests.builders import PASSWORD

DESK = {"width": 1440, "height": 900}
TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}


@dataclasses.dataclass(frozen=True)
class Served:
    """`core` tells the open pages what happens and goes with the time."""

    core: Core
    url: str


@contextmanager
def served(settings: Settings, core: Core, folder: Path) -> Iterator[Served]:
    with start_valkey(folder) as valkey, Redis.from_url(valkey.url, socket_timeout=2) as redis:
        live_core = dataclasses.replace(core, publish=RedisEvents(redis).publish, clock=utc_now)
        with _listening(create_app(settings, live_core, redis)) as url:
            yield Served(live_core, url)


@contextmanager
def _listening(app: Flask) -> Iterator[str]:
    """Answer requests in threads of its own until the block is left."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    app.extensions["live"].stop()
    app.extensions["live"].join()
    server.shutdown()
    thread.join()
    server.server_close()


def sign_in(page: Page, url: str, login: str) -> None:
    page.goto(f"{url}/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("text=登录")
    page.wait_for_url(f"{url}/")


def wait_until_live(page: Page) -> None:
    expect(page.locator("#live-state")).to_have_attribute("data-state", "connected")
