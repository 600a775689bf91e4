"""One subscription to Redis per process, fanned out to all open pages."""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Any

from redis import Redis, RedisError
from redis.exceptions import TimeoutError as RedisTimeout

from console.live.topics import HeardEvent, topics_for
from core.adapters.redis_events import CHANNEL
from core.operators.permissions import Permission

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
LISTEN_SECONDS = 1.0
# A hanging Redis keeps its connections open: only its silence gives it away.
ASK_AFTER_SECONDS = 3.0
SILENT_SECONDS = 8.0
MAX_WAITING_NOTICES = 200


class StreamState(StrEnum):
    """What a page must know about the stream itself."""

    CONNECTED = "connected"  # from now on nothing is missed: fetch what was
    DISCONNECTED = "disconnected"  # events are not heard: ask now and then
    ENDED = "ended"  # signed out, or the console is stopping


@dataclass(frozen=True)
class TopicNotice:
    type: str
    topics: tuple[str, ...]


Notice = TopicNotice | StreamState


class Listener:
    """What one open page is yet to be told."""

    def __init__(self, operator_id: int, permissions: frozenset[Permission]) -> None:
        self.operator_id = operator_id
        self._permissions = permissions
        self._notices: queue.Queue[Notice] = queue.Queue(MAX_WAITING_NOTICES)

    def next(self, *, seconds: float) -> Notice | None:
        """Wait for the next notice; None when nothing happened for so long."""
        try:
            return self._notices.get(timeout=seconds)
        except queue.Empty:
            return None

    def hear(self, event: HeardEvent) -> None:
        if event.type == "SignedOut" and event.subject == f"operator:{self.operator_id}":
            self.tell(StreamState.ENDED)
        topics = topics_for(self._permissions, event)
        if topics:
            self.tell(TopicNotice(event.type, topics))

    def tell(self, notice: Notice) -> None:
        try:
            self._notices.put_nowait(notice)
        except queue.Full:
            # A page this far behind fetches everything once instead.
            with self._notices.mutex:
                self._notices.queue.clear()
            self._notices.put_nowait(StreamState.CONNECTED)


class Hub:
    """Starts to listen with the first open page."""

    def __init__(self, redis: "Redis", *, on_event: Callable[[], None] = lambda: None) -> None:
        self._redis = redis
        self._on_event = on_event
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self.is_connected = False

    @property
    def listener_count(self) -> int:
        return len(self._listeners)

    @contextmanager
    def listening(self, operator_id: int, permissions: frozenset[Permission]) -> Iterator[Listener]:
        listener = Listener(operator_id, permissions)
        with self._lock:
            self._listeners.add(listener)
            state = StreamState.CONNECTED if self.is_connected else StreamState.DISCONNECTED
            listener.tell(StreamState.ENDED if self._stopping.is_set() else state)
            if self._thread is None and not self._stopping.is_set():
                self._thread = threading.Thread(target=self._listen, name="live", daemon=True)
                self._thread.start()
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def stop(self) -> None:
        """End all streams, so that the process can end."""
        self._stopping.set()
        with self._lock:
            for listener in self._listeners:
                listener.tell(StreamState.ENDED)

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join(timeout=LISTEN_SECONDS * 3)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._hear_until_stopped()
            except (RedisError, OSError) as error:
                if self.is_connected:
                    logger.warning("live events are not heard", extra={"error": str(error)})
                self._set_connected(is_connected=False)
                self._stopping.wait(RETRY_SECONDS)

    def _hear_until_stopped(self) -> None:
        with self._redis.pubsub() as pubsub:  # type: ignore[no-untyped-call]
            pubsub.subscribe(CHANNEL)
            heard_at = monotonic()
            while not self._stopping.is_set():
                message = pubsub.get_message(timeout=LISTEN_SECONDS)
                if message is None:
                    self._look_after(pubsub, monotonic() - heard_at)
                    continue
                heard_at = monotonic()
                if message["type"] == "subscribe":
                    # Also after a silent reconnect: whatever was said meanwhile is lost.
                    self._set_connected(is_connected=True)
                elif message["type"] == "message":
                    self._pass_on(message["data"])

    def _look_after(self, pubsub: Any, silent_seconds: float) -> None:
        if silent_seconds > SILENT_SECONDS:
            raise RedisTimeout("nothing heard, not even an answer to a ping")
        if silent_seconds > ASK_AFTER_SECONDS:
            pubsub.ping()

    def _pass_on(self, raw: bytes | str) -> None:
        event = HeardEvent.parse(raw)
        if event is None:
            logger.warning("unreadable live event")
            return
        self._on_event()
        with self._lock:
            for listener in self._listeners:
                listener.hear(event)

    def _set_connected(self, *, is_connected: bool) -> None:
        state = StreamState.CONNECTED if is_connected else StreamState.DISCONNECTED
        with self._lock:
            if is_connected or self.is_connected:
                for listener in self._listeners:
                    listener.tell(state)
            self.is_connected = is_connected
