from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from bot.channels.wechat.client import WeChatApi
from tests.bot.channels.scripted_server import serving
from tests.bot.channels.wechat.api_server import ApiServer
from tests.bot.channels.wechat.platform import APP_ID, SECRET


@pytest.fixture
def redis(redis_url) -> Iterator[Redis]:
    """An empty Redis."""
    with Redis.from_url(redis_url, socket_timeout=5) as client:
        client.flushdb()
        yield client


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with serving(ApiServer) as api:
        yield api


@pytest.fixture
def make_api(server, redis) -> Iterator[Callable[..., WeChatApi]]:
    """Build clients of the server, each as if in a process of its own."""
    made: list[WeChatApi] = []

    def make(**options: Any) -> WeChatApi:
        options = {"redis": redis, "api_url": server.url} | options
        made.append(WeChatApi(app_id=APP_ID, app_secret=SECRET, **options))
        return made[-1]

    yield make
    for api in made:
        api.close()


@pytest.fixture
def api(make_api) -> WeChatApi:
    built: WeChatApi = make_api()
    return built
