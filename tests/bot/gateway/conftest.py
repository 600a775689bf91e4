"""A real gateway on loopback, with a thread in the worker's place."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import sleep
from typing import Any

import httpx
import pytest
import uvicorn
from redis import Redis
from sqlalchemy import text

from bot.channels.base import Channel
from bot.gateway.app import create_app
from bot.notes import Notes
from bot.parts import Parts
from bot.worker.delivery import Deliveries
from config.accounts import PushMode, WeChatAccount
from config.settings import Settings
from core.adapters.redis_events import RedisEvents
from core.bootstrap import Core
from core.clock import Clock, utc_now
from core.conversations.services import Reply, record_turn
from core.messaging import ChannelName
from launch.ports import free_ports
from tests.bot.channels.wechat.platform import FakeApi, a_channel, an_account


@dataclass
class Gateway:
    url: str
    core: Core
    api: Any
    deliveries: Deliveries
    platform: ChannelName
    notes: Notes = field(default_factory=Notes)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))

    def push(self, query: dict[str, str], body: bytes, account: str = "town") -> httpx.Response:
        address = f"{self.url}/webhooks/{self.platform}/{account}"
        return self.client.post(address, params=query, content=body)

    def verify(self, query: dict[str, str], account: str = "town") -> httpx.Response:
        return self.client.get(f"{self.url}/webhooks/{self.platform}/{account}", params=query)

    def count(self, table: str) -> int:
        with self.core.unit_of_work() as uow:
            return uow.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608

    def unanswered(self) -> list[int]:
        with self.core.unit_of_work() as uow:
            rows = uow.session.execute(
                text(
                    "SELECT id FROM messages"
                    " WHERE author = 'citizen' AND outcome IS NULL ORDER BY id"
                )
            )
            return [row.id for row in rows]

    def answer(self, message_id: int, *texts: str) -> None:
        with self.core.unit_of_work() as uow:
            record_turn(uow, message_id, [Reply(words) for words in texts])

    def answering(
        self, say: Callable[[int], tuple[str, ...]], *, after: float = 0.0
    ) -> "Answering":
        return Answering(self, say, after)


class Answering:
    """Answers whatever comes in, as a worker would, until the block ends."""

    def __init__(
        self, gateway: Gateway, say: Callable[[int], tuple[str, ...]], after: float
    ) -> None:
        self._gateway, self._say, self._after = gateway, say, after
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def _work(self) -> None:
        while not self._ends.is_set():
            for message_id in self._gateway.unanswered():
                sleep(self._after)
                self._gateway.answer(message_id, *self._say(message_id))
            sleep(0.01)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_exc: object) -> None:
        self._ends.set()
        self._thread.join()


@pytest.fixture
def mode() -> PushMode:
    return PushMode.PLAIN


@pytest.fixture
def gateway(fresh_core: Core, redis_url: str, mode: PushMode) -> Iterator[Gateway]:
    yield from run_gateway(fresh_core, redis_url, mode)


@pytest.fixture
def deaf_gateway(fresh_core: Core, mode: PushMode) -> Iterator[Gateway]:
    """A gateway whose Redis is down."""
    yield from run_gateway(fresh_core, "redis://127.0.0.1:9/0", mode)


def run_gateway(
    core: Core,
    redis_url: str,
    mode: PushMode,
    *,
    account: WeChatAccount | None = None,
    clock: Clock = utc_now,
    text_limit_bytes: int = 200,
    passive_wait_seconds: float = 2.5,
) -> Iterator[Gateway]:
    account = account or an_account(mode)
    api = FakeApi()
    channel = a_channel(account=account, api=api, clock=clock, text_limit_bytes=text_limit_bytes)
    yield from run_gateway_of(core, redis_url, channel, api, passive_wait_seconds)


def run_gateway_of(
    core: Core,
    redis_url: str,
    channel: Channel,
    api: Any,
    passive_wait_seconds: float = 2.5,
    *,
    beside: Sequence[Channel] = (),
    accounts: Mapping[str, Any] | None = None,
) -> Iterator[Gateway]:
    """Serve one channel, whose messages go to `api`, and others beside it."""
    redis = Redis.from_url(redis_url, socket_connect_timeout=1)
    core = Core(core.session_factory, RedisEvents(redis).publish, core.office, core.seal, utc_now)
    settings = Settings(
        _env_file=None,
        redis_url=redis_url,
        secret_key="only-for-the-tests",
        data_key="only-for-the-tests",
        passive_wait_seconds=passive_wait_seconds,
        passive_hold_seconds=0.5,
        **(accounts or {}),
    )
    channels = {(one.name, one.account_name): one for one in (channel, *beside)}
    (port,) = free_ports(1)
    parts = Parts(settings, core, redis, channels)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(parts),
            host="127.0.0.1",
            port=port,
            log_config=None,
            access_log=False,
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        sleep(0.01)
    url = f"http://127.0.0.1:{port}"
    gateway = Gateway(url, core, api, Deliveries(core, channels), channel.name, parts.notes)
    try:
        yield gateway
    finally:
        gateway.client.close()
        server.should_exit = True
        thread.join()
        redis.close()
