"""Build and serve the gateway."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from http import HTTPStatus

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.asyncio import Redis as AsyncRedis
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.accounts import Registry, account_states
from bot.gateway import metrics
from bot.gateway.waiting import Waiting
from bot.gateway.webhooks import Webhooks
from bot.parts import Parts, build_parts
from config.settings import Settings


def create_app(parts: Parts) -> Starlette:
    settings = parts.settings
    live = AsyncRedis.from_url(settings.redis_url, socket_connect_timeout=2.0)
    waiting = Waiting(live)
    webhooks = Webhooks(
        parts.core,
        parts.channels,
        waiting,
        timedelta(seconds=settings.passive_wait_seconds),
        parts.notes,
        timedelta(seconds=settings.passive_hold_seconds),
    )
    registry = Registry(parts.core, parts.settings, parts.notes)
    metrics.WAITING.set_function(lambda: waiting.count)

    @asynccontextmanager
    async def listening(_app: Starlette) -> AsyncIterator[None]:
        listener = asyncio.create_task(waiting.listen())
        keeper = asyncio.create_task(registry.keep())
        yield
        for task in (listener, keeper):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await run_in_threadpool(registry.step)
        await live.aclose()

    async def ready(_request: Request) -> Response:
        has_database = await run_in_threadpool(parts.core.can_store)
        status = HTTPStatus.OK if has_database else HTTPStatus.SERVICE_UNAVAILABLE
        accounts = await run_in_threadpool(account_states, parts.core) if has_database else {}
        return JSONResponse(
            {
                "database": has_database,
                "live_events": waiting.is_listening,
                "accounts": accounts,
            },
            status,
        )

    path = "/webhooks/{channel}/{account}"
    return Starlette(
        lifespan=listening,
        routes=[
            Route(path, webhooks.verify, methods=["GET"]),
            Route(path, webhooks.receive, methods=["POST"]),
            Route("/healthz", _alive),
            Route("/readyz", ready),
            Route("/metrics", _metrics),
        ],
    )


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def _metrics(_request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def serve(settings: Settings) -> None:
    uvicorn.run(
        create_app(build_parts(settings)),
        host=settings.host,
        port=settings.gateway_port,
        log_config=None,
        access_log=False,
        server_header=False,
    )
