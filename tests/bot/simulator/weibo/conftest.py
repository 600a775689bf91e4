from collections.abc import AsyncIterator

import httpx
import pytest

from bot.simulator.accounts import Account
from bot.simulator.app import create_app
from bot.simulator.options import Options
from bot.simulator.wechat import SimulatedWeChat
from bot.simulator.weibo.accounts import SimulatedAccount
from bot.simulator.weibo.platform import SimulatedWeibo
from tests.bot.simulator.conftest import MovableClock
from tests.bot.simulator.gateway import FakeGateway
from tests.bot.simulator.serving import serving
from tests.bot.simulator.weibo.platform import ACCOUNT_UID, TOKEN, UID, WeiboByHttp


@pytest.fixture
def weibo_account(gateway: FakeGateway) -> SimulatedAccount:
    return SimulatedAccount(
        key="town",
        name="清河发布",
        uid=ACCOUNT_UID,
        app_secret="a-secret-for-tests",
        access_token=TOKEN,
        push_url=f"{gateway.address}/webhooks/weibo/town",
    )


@pytest.fixture
async def weibo(
    weibo_account: SimulatedAccount, clock: MovableClock
) -> AsyncIterator[SimulatedWeibo]:
    """The simulated platform in process, with a short patience and one citizen."""
    options = Options(push_cut_seconds=0.15, demo_citizens=False)
    async with SimulatedWeibo([weibo_account], options=options, clock=clock) as weibo:
        weibo.add_citizen(openid=UID, name="王建国")
        yield weibo


@pytest.fixture
async def by_http(
    weibo: SimulatedWeibo, account: Account, clock: MovableClock
) -> AsyncIterator[WeiboByHttp]:
    """The same platform behind real HTTP, beside the simulated WeChat."""
    wechat = SimulatedWeChat([account], options=weibo.options, clock=clock)
    async with (
        serving(create_app(wechat, weibo)) as address,
        httpx.AsyncClient(base_url=address, trust_env=False, timeout=10) as http,
    ):
        yield WeiboByHttp(weibo, http)
