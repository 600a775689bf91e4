"""The simulator as a web application: platform API, control API, chat page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator.accounts import account_from_settings
from bot.simulator.api.routes import api_routes
from bot.simulator.control.routes import control_routes
from bot.simulator.options import Options
from bot.simulator.page import page_routes
from bot.simulator.wechat import SimulatedWeChat
from config.settings import Settings


def simulator_from_settings(settings: Settings) -> SimulatedWeChat:
    # A container listens on every address, which is none to be reached at.
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104
    gateway = settings.gateway_url or f"http://{host}:{settings.gateway_port}"
    own_domain = urlsplit(settings.public_url).hostname or ""
    accounts = [
        account_from_settings(
            key,
            account,
            push_url=f"{gateway}/webhooks/wechat/{key}",
            own_domain=own_domain,
        )
        for key, account in settings.wechat.items()
    ]
    public_url = f"http://{host}:{settings.simulator_port}"
    return SimulatedWeChat(accounts, options=Options(public_url=public_url))


def create_app(wechat: SimulatedWeChat) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with wechat:
            yield

    return Starlette(
        routes=[
            *api_routes(wechat),
            *control_routes(wechat),
            *page_routes(wechat),
            Route("/healthz", _healthy),
            Route("/readyz", _healthy),
        ],
        lifespan=lifespan,
    )


async def _healthy(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})
