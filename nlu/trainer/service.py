"""The trainer over HTTP, for the desk's worker: trainings one at a time, and the kept models.

The service itself learns nothing. It starts one process per training, so that a crash or a full
disk ends that training and nothing else.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from nlu.trainer.folder import NoSuchModel
from nlu.trainer.packages import ENDING, BadModel
from nlu.trainer.preparing import refit
from nlu.trainer.training import Places
from nlu.trainer.working import REPORT, REQUEST, failure
from nlu.training_data import BadTrainingData

logger = logging.getLogger(__name__)

LARGEST_REQUEST_BYTES = 64 * 2**20
TOKEN = "DESK_RASA_TOKEN"  # noqa: S105 - the name of the variable
# A training on several threads gains little and takes the machine from the turns.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
LONGEST_LINE_BYTES = 2**20

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _BadRequest(Exception):
    """What was sent cannot be read as what it should be."""


@dataclass
class Running:
    """A training, while it runs and after."""

    version: str
    stage: str = "starting"
    percent: int = 0
    state: str = "running"  # then done or failed
    report: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    def about(self) -> dict[str, Any]:
        names = ("version", "stage", "percent", "state", "report", "failure")
        return {name: getattr(self, name) for name in names}


class Trainer:
    def __init__(self, places: Places, token: str) -> None:
        self._places = places
        self._models = places.models
        self._token = token
        self._last: Running | None = None
        self._watch: asyncio.Task[None] | None = None
        self._warming: asyncio.subprocess.Process | None = None

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard], client_max_size=LARGEST_REQUEST_BYTES)
        app.add_routes(
            [
                web.get("/healthz", self._alive),
                web.get("/readyz", self._alive),
                web.post("/trainings", self._begin),
                web.get("/trainings/{version}", self._show),
                web.delete("/trainings/{version}", self._cancel),
                web.get("/models", self._list),
                web.post("/models/{version}/keep", self._keep),
                web.post("/models/{version}/fit", self._fit),
                web.post("/models/{version}/live", self._make_live),
            ]
        )
        app.on_startup.append(self._warm_up)
        app.on_shutdown.append(self._stop)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in {"/healthz", "/readyz"}:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if not self._token or not hmac.compare_digest(given.encode(), self._token.encode()):
                return _refused(401, "unauthorised")
        try:
            return await handler(request)
        except NoSuchModel as missing:
            return _refused(404, "no_such_model", str(missing))
        except _BadRequest as bad:
            return _refused(400, "bad_request", str(bad))
        except web.HTTPRequestEntityTooLarge:
            return _refused(413, "too_large")
        except (OSError, BadModel, BadTrainingData) as error:
            logger.exception("a request failed")
            told = failure(error)
            return _refused(507, told["code"], told["detail"])

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    # --- trainings -------------------------------------------------------------------------

    async def _begin(self, request: web.Request) -> web.Response:
        if self._last is not None and self._last.state == "running":
            return _refused(409, "busy", self._last.version)
        wanted = await _read(request)
        for name, kind in (("version", str), ("entries", list), ("changes", list)):
            if not isinstance(wanted.get(name), kind):
                raise _BadRequest(name)
        folder = self._models.candidate(wanted["version"])
        self._models.drop_candidates()
        folder.mkdir(parents=True)
        (folder / REQUEST).write_text(json.dumps(wanted, ensure_ascii=False), encoding="utf-8")
        self._last = Running(wanted["version"])
        self._last.process = await asyncio.create_subprocess_exec(
            *self._command("work"),
            *("--folder", str(folder), "--parent", str(os.getpid())),
            stdout=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE_BYTES,
            env={**os.environ, **ONE_THREAD},
        )
        self._watch = asyncio.create_task(self._follow(self._last, folder))
        return web.json_response(self._last.about(), status=202)

    async def _warm_up(self, _app: web.Application) -> None:
        if not self._models.vectors.exists():
            self._warming = await asyncio.create_subprocess_exec(
                *("nice", "-n", "19", *self._command("warm")), env={**os.environ, **ONE_THREAD}
            )

    def _command(self, name: str) -> tuple[str, ...]:
        return (
            *(sys.executable, "-m", "nlu.trainer", name),
            *("--models", str(self._models.path), "--base", str(self._places.base)),
            *("--data", str(self._places.nlu_data)),
        )

    async def _follow(self, running: Running, folder: Path) -> None:
        try:
            await self._listen(running, folder)
        except Exception as error:
            # Were it to stay running, no other training could ever begin.
            logger.exception("a training was lost sight of")
            running.failure, running.state = failure(error), "failed"

    async def _listen(self, running: Running, folder: Path) -> None:
        process = running.process
        if process is None or process.stdout is None:
            raise RuntimeError("a training without a process")
        async for line in process.stdout:
            try:
                said = json.loads(line)
            except ValueError:
                continue
            running.failure = said.get("failed", running.failure)
            running.stage = said.get("stage", running.stage)
            running.percent = said.get("percent", running.percent)
        code = await process.wait()
        report = folder / REPORT
        if code == 0 and report.exists():
            running.report = json.loads(report.read_text(encoding="utf-8"))
            running.state = "done"
            return
        died = {"code": "process_died", "detail": f"exit {code}"}
        running.failure = running.failure or died
        running.state = "failed"

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response(self._named(request).about())

    async def _cancel(self, request: web.Request) -> web.Response:
        running = self._named(request)
        await self._end(running)
        return web.json_response(running.about())

    def _named(self, request: web.Request) -> Running:
        version = request.match_info["version"]
        if self._last is None or self._last.version != version:
            raise NoSuchModel(version)
        return self._last

    async def _stop(self, _app: web.Application) -> None:
        if self._last is not None:
            await self._end(self._last)
        if self._warming is not None and self._warming.returncode is None:
            self._warming.kill()

    async def _end(self, running: Running) -> None:
        if running.process is not None and running.process.returncode is None:
            running.process.kill()
        if self._watch is not None:
            await self._watch

    # --- models ----------------------------------------------------------------------------

    async def _list(self, _request: web.Request) -> web.Response:
        live = self._models.live()
        return web.json_response(
            {
                "live": live.name.removesuffix(ENDING) if live else None,
                "models": [found.about() for found in self._models.all()],
            }
        )

    async def _keep(self, request: web.Request) -> web.Response:
        """Put what the gate let through among the releases; it is not live by that."""
        running = self._named(request)
        model = self._models.candidate(running.version) / f"{running.version}{ENDING}"
        if running.report is None or not model.exists():
            raise NoSuchModel(running.version)
        report = running.report
        kept = await asyncio.to_thread(
            lambda: self._models.keep(
                model, version=running.version, base=report["base"], entries=report["entries"]
            )
        )
        return web.json_response(kept.about())

    async def _fit(self, request: web.Request) -> web.Response:
        """Return a release as a model of the program as it is now."""
        released = self._models.release(request.match_info["version"])
        if released is None or not released.is_whole:
            raise NoSuchModel(request.match_info["version"])
        fitting = await asyncio.to_thread(refit, self._places, released)
        return web.json_response(fitting.about())

    async def _make_live(self, request: web.Request) -> web.Response:
        """Let servers that start from now on start with this model; drop what is too old."""
        keep = (await _read(request)).get("keep", []) if request.can_read_body else []
        if not isinstance(keep, list):
            raise _BadRequest("keep")
        version = request.match_info["version"]
        found = await asyncio.to_thread(self._models.make_live, version)
        await asyncio.to_thread(self._models.drop_old, keep)
        return web.json_response(found.about())


async def _read(request: web.Request) -> dict[str, Any]:
    try:
        given = await request.json()
    except ValueError as error:
        raise _BadRequest(f"no JSON: {error}") from error
    if not isinstance(given, dict):
        raise _BadRequest("no object")
    return given


def serve(places: Places, host: str, port: int) -> None:
    logging.basicConfig(level=logging.WARNING)
    places.models.drop_candidates()
    web.run_app(
        Trainer(places, os.environ.get(TOKEN, "")).app(),
        host=host,
        port=port,
        print=None,
        access_log=None,
    )


def _refused(status: int, code: str, detail: str = "") -> web.Response:
    return web.json_response({"code": code, "detail": detail}, status=status)
