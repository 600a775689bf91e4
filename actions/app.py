"""The HTTP door of the action server: rasa-sdk's executor behind our own routes.

rasa-sdk's own server has no /readyz, tells what a citizen wrote in its error answers, and spawns
a second process; its executor, which finds and runs the actions, is what is used here.
"""

import logging
from http import HTTPStatus
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.bootstrap import Core

logger = logging.getLogger(__name__)

RUNS = Counter("desk_action_runs_total", "Actions run", ["action", "outcome"])
SECONDS = Histogram("desk_action_seconds", "How long an action takes", ["action"])


class Executor(ActionExecutor):
    """Runs actions that need no domain: Rasa 3.6 sends none, and knows no digests of it."""

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        return {}


def create_app(core: Core) -> Starlette:
    executor = Executor()
    executor.register_package("actions")

    async def run_action(request: Request) -> Response:
        call = await request.json()
        name = str(call.get("next_action"))
        try:
            with SECONDS.labels(name if name in executor.actions else "unknown").time():
                result = await executor.run(call)
        except ActionNotFoundException:
            return JSONResponse({"code": "no_such_action"}, HTTPStatus.NOT_FOUND)
        except Exception:
            # Rasa gives up the turn, and people take over.
            logger.exception("action failed", extra={"action": name})
            RUNS.labels(name, "failed").inc()
            return JSONResponse({"code": "action_failed"}, HTTPStatus.INTERNAL_SERVER_ERROR)
        RUNS.labels(name, "done").inc()
        return JSONResponse(result.model_dump() if result else None)

    async def ready(_request: Request) -> Response:
        has_database = await run_in_threadpool(core.can_store)
        status = HTTPStatus.OK if has_database else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse({"database": has_database}, status)

    return Starlette(
        routes=[
            Route("/webhook", run_action, methods=["POST"]),
            Route("/health", _alive),
            Route("/healthz", _alive),
            Route("/readyz", ready),
            Route("/metrics", _metrics),
        ]
    )


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def _metrics(_request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
