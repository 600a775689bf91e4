"""The simulator as a web application: the platforms' APIs, control APIs, chat pages."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.simulator.accounts import account_from_settings
from bot.simulator.api.routes import api_routes
from bot.simulator.control.reports import account_report, panel_report
from bot.simulator.control.routes import control_routes
from bot.simulator.options import Options
from bot.simulator.page import Page, page_routes, static_files
from bot.simulator.wechat import SimulatedWeChat
from bot.simulator.weibo import accounts as weibo_accounts
from bot.simulator.weibo import reports as weibo_reports
from bot.simulator.weibo.api.routes import api_routes as weibo_api_routes
from bot.simulator.weibo.control import control_routes as weibo_control_routes
from bot.simulator.weibo.platform import SimulatedWeibo
from config.settings import Settings

WECHAT_PAGE = Page(
    platform="wechat",
    title="微信",
    owner="腾讯",
    account="公众号",
    kind="服务号",
    address="/",
    data="/page",
    control="/control",
    pictures="/media/pictures",
    report_account=account_report,
    report_panel=panel_report,
)
WEIBO_PAGE = Page(
    platform="weibo",
    title="微博",
    owner="新浪",
    account="微博",
    kind="蓝 V 认证",
    address="/weibo",
    data="/weibo/page",
    control="/control/weibo",
    pictures="/media/weibo",
    report_account=weibo_reports.account_report,
    report_panel=weibo_reports.panel_report,
)


def simulator_from_settings(settings: Settings) -> SimulatedWeChat:
    own_domain = urlsplit(settings.public_url).hostname or ""
    accounts = [
        account_from_settings(
            key,
            account,
            push_url=_webhook(settings, f"wechat/{key}"),
            own_domain=own_domain,
        )
        for key, account in settings.wechat.items()
    ]
    return SimulatedWeChat(accounts, options=Options(public_url=_public_url(settings)))


def weibo_from_settings(settings: Settings) -> SimulatedWeibo | None:
    """Build the simulated Weibo; None when the settings name no account there."""
    if not settings.weibo:
        return None
    accounts = [
        weibo_accounts.account_from_settings(
            key, account, push_url=_webhook(settings, f"weibo/{key}")
        )
        for key, account in settings.weibo.items()
    ]
    return SimulatedWeibo(accounts, options=Options(public_url=_public_url(settings)))


def create_app(wechat: SimulatedWeChat, weibo: SimulatedWeibo | None = None) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(wechat)
            if weibo is not None:
                await stack.enter_async_context(weibo)
            yield

    return Starlette(
        routes=[
            *(_weibo_routes(weibo) if weibo is not None else []),
            *api_routes(wechat),
            *control_routes(wechat),
            *page_routes(wechat, WECHAT_PAGE, other=WEIBO_PAGE if weibo else None),
            static_files(),
            Route("/healthz", _healthy),
            Route("/readyz", _healthy),
        ],
        lifespan=lifespan,
    )


def _weibo_routes(weibo: SimulatedWeibo) -> list[BaseRoute]:
    return [
        *weibo_api_routes(weibo),
        *weibo_control_routes(weibo),
        *page_routes(weibo, WEIBO_PAGE, other=WECHAT_PAGE),
    ]


def _host(settings: Settings) -> str:
    # A container listens on every address, which is none to be reached at.
    return "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104


def _webhook(settings: Settings, path: str) -> str:
    gateway = settings.gateway_url or f"http://{_host(settings)}:{settings.gateway_port}"
    return f"{gateway}/webhooks/{path}"


def _public_url(settings: Settings) -> str:
    return f"http://{_host(settings)}:{settings.simulator_port}"


async def _healthy(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})
