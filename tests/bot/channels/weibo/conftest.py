from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.channels.weibo.client import WeiboApi
from tests.bot.channels.scripted_server import serving
from tests.bot.channels.weibo.api_server import ApiServer
from tests.bot.channels.weibo.platform import ACCESS_TOKEN


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with serving(ApiServer) as api:
        yield api


@pytest.fixture
def make_api(server) -> Iterator[Callable[..., WeiboApi]]:
    made: list[WeiboApi] = []

    def make(access_token: str = ACCESS_TOKEN, **options: Any) -> WeiboApi:
        defaults: dict[str, Any] = {
            "api_url": server.url,
            "open_api_url": server.url,
            "upload_url": server.url,
            "pause": lambda _seconds: None,
        }
        made.append(WeiboApi(access_token, **(defaults | options)))
        return made[-1]

    yield make
    for api in made:
        api.close()


@pytest.fixture
def api(make_api) -> WeiboApi:
    built: WeiboApi = make_api()
    return built
