from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.simulator.accounts import Account
from bot.simulator.app import create_app
from bot.simulator.options import Options
from bot.simulator.wechat import SimulatedWeChat
from config.accounts import PushMode
from tests.bot.simulator.gateway import FakeGateway
from tests.bot.simulator.platform import Platform
from tests.bot.simulator.serving import serving

OPENID = "oSimulatedCitizen00000000001"


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **lengths: float) -> None:
        self.now += timedelta(**lengths)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="module")
async def gateway_server() -> AsyncIterator[FakeGateway]:
    gateway = FakeGateway()
    async with serving(gateway.app) as gateway.address:
        yield gateway


@pytest.fixture
def gateway(gateway_server: FakeGateway) -> FakeGateway:
    gateway_server.forget()
    return gateway_server


@pytest.fixture
def account(gateway: FakeGateway) -> Account:
    return Account(
        key="town",
        name="清河县人民政府",
        app_id="wx5823bf96d3bd56c7",
        app_secret="a-secret-for-tests",
        original_id="gh_0123456789ab",
        token="QDG6eK",
        encoding_aes_key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
        push_url=f"{gateway.address}/webhooks/wechat/town",
        mode=PushMode.PLAIN,
    )


@pytest.fixture
async def wechat(account: Account, clock: MovableClock) -> AsyncIterator[SimulatedWeChat]:
    """The simulated platform in process, with a short patience and one citizen."""
    options = Options(push_cut_seconds=0.15, demo_citizens=False)
    async with SimulatedWeChat([account], options=options, clock=clock) as wechat:
        wechat.add_citizen(openid=OPENID, name="王建国")
        yield wechat


@pytest.fixture
async def platform(wechat: SimulatedWeChat) -> AsyncIterator[Platform]:
    """The same platform behind real HTTP."""
    async with (
        serving(create_app(wechat)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False, timeout=10) as http,
    ):
        yield Platform(wechat, http)
