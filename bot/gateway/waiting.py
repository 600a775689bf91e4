"""Webhooks that wait for the answer to their message, woken by live events."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.adapters.redis_events import CHANNEL

logger = logging.getLogger(__name__)

WAKING = frozenset({"MessageAnswered", "DeliveryChanged", "ConversationTakenOver"})
RECONNECT_SECONDS = 1.0

# How often a waiting webhook looks for itself: rarely while events arrive, often without them.
LOOK_WHILE_LISTENING_SECONDS = 1.0
LOOK_WHILE_DEAF_SECONDS = 0.15


class Waiting:
    """One subscription per process, shared by all webhooks that wait in it."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._bells: dict[int, set[asyncio.Event]] = defaultdict(set)
        self.is_listening = False

    @contextmanager
    def bell(self, conversation_id: int) -> Iterator[asyncio.Event]:
        """An event that rings whenever something in the conversation may end the wait."""
        bell = asyncio.Event()
        self._bells[conversation_id].add(bell)
        try:
            yield bell
        finally:
            self._bells[conversation_id].discard(bell)
            if not self._bells[conversation_id]:
                del self._bells[conversation_id]

    async def ring(self, bell: asyncio.Event, *, at_most_seconds: float) -> None:
        """Wait for the bell, but never so long that a lost event could matter."""
        look_again = LOOK_WHILE_LISTENING_SECONDS if self.is_listening else LOOK_WHILE_DEAF_SECONDS
        try:
            async with asyncio.timeout(min(look_again, at_most_seconds)):
                await bell.wait()
        except TimeoutError:
            return
        bell.clear()

    @property
    def count(self) -> int:
        return sum(len(bells) for bells in self._bells.values())

    async def listen(self) -> None:
        """Listen until cancelled, coming back after every break of the connection."""
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    self.is_listening = True
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            self._heard(message["data"])
            except (RedisError, OSError) as error:
                logger.warning("live events are away", extra={"error": str(error)})
            finally:
                self.is_listening = False
            await asyncio.sleep(RECONNECT_SECONDS)

    def _heard(self, data: bytes) -> None:
        event = json.loads(data)
        if event["type"] in WAKING:
            for bell in self._bells.get(event["conversation_id"], ()):
                bell.set()
