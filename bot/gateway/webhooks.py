"""One push: verify, store, wait a moment for the answer, carry it back."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from bot.channels.base import (
    BodyCutOff,
    BodyTooLarge,
    Channel,
    PassiveAnswer,
    Push,
    PushRefused,
    UnreadablePush,
)
from bot.gateway import metrics
from bot.gateway.lanes import Lanes
from bot.gateway.waiting import Waiting
from bot.notes import Notes
from bot.parts import Channels
from core.bootstrap import Core
from core.conversations import services
from core.conversations.services import Fit, PassiveWords, Receipt
from core.messaging import (
    ChannelName,
    Choice,
    InboundMessage,
    OutboundMessage,
    PlatformReport,
)
from core.unit_of_work import StoreFailed, UnitOfWork

logger = logging.getLogger(__name__)

# The platforms push three times in all.
LAST_PUSH = 3

# The platforms themselves give a whole push five seconds.
BODY_SECONDS = 10.0

STATUSES = {
    BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BodyCutOff: HTTPStatus.REQUEST_TIMEOUT,
}


@dataclass(frozen=True)
class Webhooks:
    core: Core
    channels: Channels
    waiting: Waiting
    passive_wait: timedelta
    notes: Notes = field(default_factory=Notes)
    passive_hold: timedelta = timedelta(seconds=6)
    body_patience: timedelta = timedelta(seconds=BODY_SECONDS)
    arrivals: Lanes = field(default_factory=Lanes)
    departures: Lanes = field(default_factory=Lanes)

    async def verify(self, request: Request) -> Response:
        """Prove to the platform that this address is ours."""
        channel = self._channel(request)
        if channel is None:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        try:
            return PlainTextResponse(channel.verify_endpoint(request.query_params))
        except PushRefused as refusal:
            return self._refuse(channel, refusal)

    async def receive(self, request: Request) -> Response:
        channel = self._channel(request)
        if channel is None:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            body = await _read(request, channel.max_body_bytes, self.body_patience)
            push = channel.read_push(request.query_params, request.headers, body)
        except UnreadablePush as refusal:
            # Repeating it would not help, and only this answer stops the platform from doing so.
            self._note_refusal(channel, refusal.code)
            logger.info("push not understood", extra={"reason": str(refusal)})
            return _respond(channel.acknowledge())
        except PushRefused as refusal:
            return self._refuse(channel, refusal)
        if push.message is None:
            return await self._note(channel, push)
        try:
            async with self.arrivals.of(push.message.address):
                receipt = await run_in_threadpool(self._store, push.message)
            wait = self._await_owed if receipt.is_passive_only else self._await_answer
            return await wait(channel, push, receipt, began)
        except StoreFailed:
            # Without an answer the platform repeats the push: nothing is acknowledged unstored.
            logger.exception("push not stored")
            self._note_refusal(channel, "not_stored")
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)

    async def _note(self, channel: Channel, push: Push) -> Response:
        """Keep what the platform reports, and acknowledge also what means nothing to us."""
        self._count(channel, "ignored" if push.report is None else "reported")
        self.notes.push(channel.name, channel.account_name)
        if push.report is not None:
            try:
                await run_in_threadpool(self._store_report, push.report)
            except StoreFailed:
                logger.exception("report not stored")
                self._note_refusal(channel, "not_stored")
                return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        return _respond(push.acknowledge())

    def _store_report(self, report: PlatformReport) -> None:
        with self.core.unit_of_work() as uow:
            services.note_report(uow, report)

    def _channel(self, request: Request) -> Channel | None:
        platform, account = request.path_params["channel"], request.path_params["account"]
        if platform not in set(ChannelName):
            return None
        return self.channels.get((ChannelName(platform), account))

    def _store(self, message: InboundMessage) -> Receipt:
        with self.core.unit_of_work() as uow:
            until = uow.now + self.passive_wait
            receipt = services.receive(uow, message, passive_until=until)
            if receipt.is_passive_only and receipt.awaits_answer:
                services.open_passive_window(uow, receipt.message_id, uow.now + self.passive_hold)
            elif not receipt.is_new and receipt.awaits_answer:
                services.open_passive_window(uow, receipt.message_id, until)
            return receipt

    async def _await_answer(
        self, channel: Channel, push: Push, receipt: Receipt, began: float
    ) -> Response:
        """Wait for the replies to this very message, as long as the platform holds the line."""
        if not receipt.awaits_answer:
            return self._finish(channel, push.acknowledge(), began)
        loop = asyncio.get_running_loop()
        ends = began + self.passive_wait.total_seconds()
        with self.waiting.bell(receipt.conversation_id) as bell:
            if receipt.is_new:
                await self.waiting.ring(bell, at_most_seconds=ends - loop.time())
            while True:
                is_over = loop.time() >= ends
                async with AsyncExitStack() as lane:
                    await lane.enter_async_context(self.departures.of(receipt.conversation_id))
                    claim = self._claim_or_give_up if is_over else self._claim
                    words = await run_in_threadpool(claim, push, receipt.message_id)
                    if words is not None:
                        # The next answer of this conversation sets out when this one has left.
                        response = self._finish(channel, _say(push, words), began)
                        return InLane(response, lane.pop_all())
                if is_over:
                    return self._finish(channel, push.acknowledge(), began)
                await self.waiting.ring(bell, at_most_seconds=ends - loop.time())

    async def _await_owed(
        self, channel: Channel, push: Push, receipt: Receipt, began: float
    ) -> Response:
        """Answer with what is owed, for an account that may speak in no other way.

        The first pushes are held until the platform gives up and repeats them; on the
        last one the citizen is told how to fetch the answer.
        """
        loop = asyncio.get_running_loop()
        is_last = receipt.pushes >= LAST_PUSH
        ends = began + (self.passive_wait if is_last else self.passive_hold).total_seconds()
        with self.waiting.bell(receipt.conversation_id) as bell:
            while True:
                async with AsyncExitStack() as lane:
                    await lane.enter_async_context(self.departures.of(receipt.conversation_id))
                    answer = await run_in_threadpool(self._fetch, push, receipt.message_id)
                    if answer is not None:
                        return InLane(self._finish(channel, answer, began), lane.pop_all())
                left = ends - loop.time()
                if left <= 0:
                    break
                await self.waiting.ring(bell, at_most_seconds=left)
        hint = push.render_passive([self._pending_hint()])
        return self._finish(channel, hint if is_last else push.acknowledge(), began)

    def _fetch(self, push: Push, message_id: int) -> PassiveAnswer | None:
        def fit_into(messages: Sequence[OutboundMessage], parts_delivered: int) -> Fit:
            if not parts_delivered:
                answer = push.render_passive(messages)
                if answer.carried == len(messages):
                    return Fit(answer.carried)
            closing = self._more_hint(len(messages))
            answer = push.render_passive(messages, parts_delivered=parts_delivered, closing=closing)
            return Fit(answer.carried, answer.parts_of_next)

        with self.core.unit_of_work() as uow:
            words = services.claim_owed(uow, message_id, fit_into=fit_into)
        if words is None:
            return None
        if not words.messages:
            return push.acknowledge()
        is_in_parts = words.waiting or words.parts_delivered
        return push.render_passive(
            words.messages,
            parts_delivered=words.parts_delivered,
            closing=self._more_hint(words.waiting) if is_in_parts else None,
        )

    def _pending_hint(self) -> OutboundMessage:
        notice = self.core.office.notice
        tap = Choice(notice("answer_pending_choice"), notice("fetch_words"))
        return OutboundMessage(notice("answer_pending"), (tap,))

    def _more_hint(self, waiting: int) -> OutboundMessage:
        """Say how much is still to come; nothing, when only the cut must stay the same."""
        notice = self.core.office.notice
        if not waiting:
            return OutboundMessage("")
        tap = Choice(notice("more_waits_choice"), notice("fetch_words"))
        return OutboundMessage(notice("more_waits", count=waiting), (tap,))

    def _claim(self, push: Push, message_id: int) -> PassiveWords | None:
        with self.core.unit_of_work() as uow:
            return _claim_in(uow, push, message_id)

    def _claim_or_give_up(self, push: Push, message_id: int) -> PassiveWords | None:
        with self.core.unit_of_work() as uow:
            words = _claim_in(uow, push, message_id)
            if words is None:
                services.shut_passive_window(uow, message_id)
            return words

    def _finish(self, channel: Channel, answer: PassiveAnswer, began: float) -> Response:
        has_words = answer.carried > 0 or answer.parts_of_next > 0
        self._count(channel, "answered" if has_words else "acknowledged")
        self.notes.push(channel.name, channel.account_name)
        if has_words:
            self.notes.delivery(channel.name, channel.account_name)
        metrics.PASSIVE_SECONDS.observe(asyncio.get_running_loop().time() - began)
        return _respond(answer)

    def _refuse(self, channel: Channel, refusal: PushRefused) -> Response:
        self._note_refusal(channel, refusal.code)
        logger.warning("push refused", extra={"code": refusal.code, "reason": str(refusal)})
        return Response(status_code=STATUSES.get(type(refusal), HTTPStatus.FORBIDDEN))

    def _note_refusal(self, channel: Channel, code: str) -> None:
        self._count(channel, code)
        self.notes.refused_push(channel.name, channel.account_name, code)

    def _count(self, channel: Channel, outcome: str) -> None:
        metrics.PUSHES.labels(channel.name, channel.account_name, outcome).inc()


def _claim_in(uow: UnitOfWork, push: Push, message_id: int) -> PassiveWords | None:
    def fit_into(messages: Sequence[OutboundMessage], parts_delivered: int) -> Fit:
        answer = push.render_passive(messages, parts_delivered=parts_delivered)
        return Fit(answer.carried, answer.parts_of_next)

    return services.claim_passive(uow, message_id, fit_into=fit_into)


class InLane(Response):
    """A response that leaves its lane once it is sent, or can no longer be."""

    def __init__(self, response: Response, lane: AsyncExitStack) -> None:
        super().__init__()
        self._response, self._lane = response, lane

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._lane:
            await self._response(scope, receive, send)


async def _read(request: Request, limit_bytes: int, patience: timedelta) -> bytes:
    """Read the body, but never more of it, nor for longer, than a push can take."""
    body = bytearray()
    try:
        async with asyncio.timeout(patience.total_seconds()):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit_bytes:
                    raise BodyTooLarge(f"more than {limit_bytes} bytes")
    except (TimeoutError, ClientDisconnect) as error:
        raise BodyCutOff(f"{type(error).__name__} after {len(body)} bytes") from None
    return bytes(body)


def _say(push: Push, words: PassiveWords) -> PassiveAnswer:
    if not words.messages:
        return push.acknowledge()
    return push.render_passive(words.messages, parts_delivered=words.parts_delivered)


def _respond(answer: PassiveAnswer) -> Response:
    return Response(answer.body, media_type=answer.content_type)
