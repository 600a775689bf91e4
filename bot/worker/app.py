"""Build and run a worker: the jobs, their retries, and the watch over what went wrong."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus

import uvicorn
from procrastinate import App, JobContext, PsycopgConnector, RetryDecision, RetryStrategy
from procrastinate.jobs import Job
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from psycopg import conninfo
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.account_metrics import measure_accounts
from bot.accounts import Registry, account_states
from bot.channels.weibo.channel import WeiboChannel
from bot.dialogue import Dialogue, DialogueUnavailable
from bot.media_sources import build_media_sources
from bot.models import build_model_servers
from bot.parts import Parts, build_parts
from bot.speech import SpeechService
from bot.worker.delivery import Deliveries
from bot.worker.fetching import Fetching
from bot.worker.hearing import Hearing, NotHeardYet
from bot.worker.learning import Learning, SentenceMeanings
from bot.worker.mending import Mending
from bot.worker.menu_apis import build_menu_apis
from bot.worker.menus import ATTEMPTS as MENU_ATTEMPTS
from bot.worker.menus import Menus, TryAgainLater
from bot.worker.polling import Polling
from bot.worker.releasing import Releasing
from bot.worker.turns import Turns
from bot.worker.typing import Typing
from bot.worker.watching import Watch
from config.notices import load_menu_words, load_scene_words
from config.settings import Settings
from core import jobs
from core.adapters.media_folder import MediaFolder
from core.messaging import ChannelName
from core.releases.errors import ReleaseUnderway

logger = logging.getLogger(__name__)

# A killed worker's jobs are taken up by the others after this silence.
HEARTBEAT_SECONDS = 1.0
DEAD_AFTER_SECONDS = 5.0
# A job that ends wakes nobody: the next one under its lock waits for this look.
POLL_SECONDS = 0.2
OUTAGE_LOOK_SECONDS = 2.0
ORPHAN_LOOK_SECONDS = 30.0
RELEASE_LOOK_SECONDS = 2.0
MODEL_LOOK_SECONDS = 15.0
LEARNING_LOOK_SECONDS = 60.0
ACCOUNT_LOOK_SECONDS = 60.0
# How often a list is really read depends on the calls that a day has.
PUBLIC_LOOK_SECONDS = 30.0
# Somebody may change a menu on the platform's own pages.
MENU_LOOK_SECONDS = 3600.0

# A bot that is away is asked once a second until patience ends; mistakes of ours back off.
PASSING = (DialogueUnavailable, NotHeardYet)
AGAIN_SOON = RetryStrategy(wait=1, retry_exceptions=PASSING)
BACK_OFF = RetryStrategy(max_attempts=8, exponential_wait=3)
WHEN_FREE = RetryStrategy(wait=3, retry_exceptions=(ReleaseUnderway,))
AGAIN_LATER = RetryStrategy(exponential_wait=3, retry_exceptions=(TryAgainLater,))


class ReleaseRetry(RetryStrategy):
    """Wait for the death of a predecessor to be noticed; let everything else back off."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        strategy = WHEN_FREE if isinstance(exception, ReleaseUnderway) else BACK_OFF
        return strategy.get_retry_decision(exception=exception, job=job)


class TurnRetry(RetryStrategy):
    """Ask a bot that is away again soon; let everything else back off."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        strategy = AGAIN_SOON if isinstance(exception, PASSING) else BACK_OFF
        return strategy.get_retry_decision(exception=exception, job=job)


def build_worker(parts: Parts) -> tuple[App, Mending, Menus, Releasing]:
    settings = parts.settings
    dialogue = Dialogue(
        settings.rasa_url, settings.rasa_token.get_secret_value(), settings.turn_timeout_seconds
    )
    store = MediaFolder(settings.media_place)
    fetching = Fetching(parts.core, build_media_sources(settings, parts.redis, parts.notes), store)
    hearing = Hearing(parts.core, fetching, store, _speech_service(settings))
    typing = Typing(parts.core, parts.channels)
    turns = Turns(
        parts.core,
        dialogue,
        load_menu_words(),
        timedelta(seconds=settings.turn_patience_seconds),
        hearing,
        load_scene_words(),
        typing,
    )
    deliveries = Deliveries(parts.core, parts.channels)
    app = App(
        connector=PsycopgConnector(
            conninfo=conninfo.make_conninfo(settings.database_url), min_size=2, max_size=6
        )
    )

    @app.task(name=jobs.ANSWER_MESSAGES, queue=jobs.QUEUE, retry=TurnRetry(), pass_context=True)
    def answer_messages(context: JobContext, conversation_id: int) -> None:
        turns.answer_all(conversation_id, is_retry=context.job.attempts > 0)

    @app.task(name=jobs.READ_TAP, queue=jobs.QUEUE, retry=BACK_OFF)
    def read_tap(message_id: int) -> None:
        turns.read_tap(message_id)

    @app.task(name=jobs.DELIVER_REPLIES, queue=jobs.QUEUE, retry=BACK_OFF)
    def deliver_replies(conversation_id: int) -> None:
        deliveries.deliver(conversation_id)

    @app.task(name=jobs.SHOW_TYPING, queue=jobs.QUEUE)
    def show_typing(conversation_id: int) -> None:
        typing.show(conversation_id)

    @app.task(name=jobs.TELL_DIALOGUE, queue=jobs.QUEUE, retry=AGAIN_SOON)
    def tell_dialogue(conversation_id: int) -> None:
        dialogue.forget(conversation_id)

    @app.task(name=jobs.FETCH_MEDIA, queue=jobs.QUEUE, retry=BACK_OFF)
    def fetch_media(message_id: int) -> None:
        fetching.fetch(message_id)
        hearing.hear_for_people(message_id)

    menus = Menus(parts.core, build_menu_apis(parts.core, settings, parts.redis, parts.notes))

    @app.task(name=jobs.SETTLE_MENU, queue=jobs.QUEUE, retry=AGAIN_LATER, pass_context=True)
    def settle_menu(context: JobContext, menu_id: int) -> None:
        menus.settle(menu_id, is_last_attempt=context.job.attempts + 1 >= MENU_ATTEMPTS)

    @app.task(name=jobs.LOOK_AT_MENU, queue=jobs.QUEUE, retry=BACK_OFF)
    def look_at_menu(channel: str, account: str) -> None:
        menus.look(ChannelName(channel), account)

    @app.task(name=jobs.TAG_CITIZEN, queue=jobs.QUEUE, retry=AGAIN_LATER, pass_context=True)
    def tag_citizen(context: JobContext, identity_id: int) -> None:
        menus.tag(identity_id, is_last_attempt=context.job.attempts + 1 >= MENU_ATTEMPTS)

    releasing = Releasing(parts.core, *build_model_servers(settings))

    @app.task(name=jobs.RELEASE_MODEL, queue=jobs.QUEUE, retry=ReleaseRetry())
    def release_model() -> None:
        releasing.release_all()

    @app.task(name=jobs.CHECK_MODELS, queue=jobs.QUEUE)
    def check_models() -> None:
        releasing.check()

    return app, Mending(parts.core, dialogue), menus, releasing


def _speech_service(settings: Settings) -> SpeechService | None:
    if not settings.speech_url:
        return None
    return SpeechService(
        settings.speech_url,
        settings.speech_token.get_secret_value(),
        settings.speech_timeout_seconds,
    )


async def _every(seconds: float, step: Callable[[], object]) -> None:
    """Do the step again and again, whatever becomes of it."""
    while True:
        try:
            await asyncio.to_thread(step)
        except Exception:
            logger.exception("a step of mending failed")
        await asyncio.sleep(seconds)


async def _take_up_stalled(app: App) -> None:
    """Give the jobs of killed workers back to the living."""
    while True:
        try:
            for job in await app.job_manager.get_stalled_jobs(
                seconds_since_heartbeat=DEAD_AFTER_SECONDS
            ):
                logger.warning("job of a dead worker taken up", extra={"task": job.task_name})
                await app.job_manager.retry_job(job)
        except Exception:
            logger.exception("stalled jobs not looked up")
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def run(parts: Parts) -> None:
    app, mending, menus, releasing = build_worker(parts)
    registry = Registry(parts.core, parts.settings, parts.notes)
    accounts = Watch(parts.core, parts.settings)
    polling = Polling(
        parts.core,
        [channel for channel in parts.channels.values() if isinstance(channel, WeiboChannel)],
        parts.settings.weibo_reads_a_day,
    )
    learning = Learning(parts.core, SentenceMeanings())
    async with app.open_async():
        watches = [
            asyncio.create_task(_take_up_stalled(app)),
            asyncio.create_task(_every(OUTAGE_LOOK_SECONDS, mending.return_from_outage)),
            asyncio.create_task(_every(ORPHAN_LOOK_SECONDS, mending.promise_again)),
            asyncio.create_task(_every(ORPHAN_LOOK_SECONDS, mending.mark_phones)),
            asyncio.create_task(_every(ORPHAN_LOOK_SECONDS, menus.promise_again)),
            asyncio.create_task(_every(MENU_LOOK_SECONDS, menus.look_everywhere)),
            asyncio.create_task(_every(RELEASE_LOOK_SECONDS, releasing.look_for_work)),
            asyncio.create_task(_every(MODEL_LOOK_SECONDS, releasing.ask_for_check)),
            asyncio.create_task(_every(LEARNING_LOOK_SECONDS, learning.look)),
            asyncio.create_task(registry.keep()),
            asyncio.create_task(_every(ACCOUNT_LOOK_SECONDS, accounts.look)),
            asyncio.create_task(_every(PUBLIC_LOOK_SECONDS, polling.look)),
            asyncio.create_task(_serve_health(parts, app)),
        ]
        try:
            await app.run_worker_async(
                queues=[jobs.QUEUE],
                concurrency=parts.settings.worker_concurrency,
                fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=DEAD_AFTER_SECONDS,
                shutdown_graceful_timeout=10,
                delete_jobs="successful",
            )
        finally:
            for watch in watches:
                watch.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*watches)
            await asyncio.to_thread(registry.step)


async def _serve_health(parts: Parts, app: App) -> None:
    async def alive(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(_request: Request) -> Response:
        try:
            has_jobs = await app.check_connection_async()
        except Exception:
            has_jobs = False
        status = HTTPStatus.OK if has_jobs else HTTPStatus.SERVICE_UNAVAILABLE
        accounts = await asyncio.to_thread(account_states, parts.core) if has_jobs else {}
        return JSONResponse({"jobs": has_jobs, "accounts": accounts}, status)

    async def metrics(_request: Request) -> Response:
        await asyncio.to_thread(measure_accounts, parts.core)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    health = Starlette(
        routes=[
            Route("/healthz", alive),
            Route("/readyz", ready),
            Route("/metrics", metrics),
        ]
    )
    server = uvicorn.Server(
        uvicorn.Config(
            health,
            host=parts.settings.host,
            port=parts.settings.worker_health_port,
            log_config=None,
            access_log=False,
            lifespan="off",
        )
    )
    # The worker itself listens to signals; the health page ends with it.
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    await server._serve()


def work(settings: Settings) -> None:
    asyncio.run(run(build_parts(settings)))
