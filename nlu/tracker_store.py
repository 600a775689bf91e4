"""Conversations' short-term memory in Redis. What must last is in the desk's own database."""

from __future__ import annotations

import json
import logging
from typing import Any

import redis
from rasa.core.tracker_store import RedisTrackerStore
from rasa.shared.core.conversation import Dialogue
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.memory import shortened
from nlu.turns import MEMORY_DOWN, abort_running_turn

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 2


class DeskTrackerStore(RedisTrackerStore):
    """Rasa's store, with time limits, without reading everything again for every save.

    Rasa's own reads and merges the stored tracker at each save, in case another server wrote it
    meanwhile; here the desk's queue keeps the turns of one conversation apart. Only the last
    turns of the running session are kept.
    """

    def __init__(
        self,
        domain: Domain,
        host: str,  # what Rasa calls the `url` of its configuration
        keep_hours: float = 48,
        event_broker: Any = None,
        **_: Any,
    ) -> None:
        super().__init__(domain, key_prefix="desk", event_broker=event_broker)
        self.record_exp = int(float(keep_hours) * 3600)
        self.red = redis.Redis.from_url(
            host,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            decode_responses=True,
        )

    async def save(self, tracker: DialogueStateTracker, timeout: float | None = None) -> None:
        try:
            await self.stream_events(tracker)
            kept = Dialogue(tracker.sender_id, shortened(list(tracker.events)))
            self.red.set(
                self.key_prefix + tracker.sender_id,
                json.dumps(kept.as_dict()),
                ex=int(timeout or self.record_exp),
            )
        except Exception as error:
            self._abort(error)
            raise

    async def _retrieve(
        self, sender_id: str, fetch_all_sessions: bool
    ) -> DialogueStateTracker | None:
        try:
            return await super()._retrieve(sender_id, fetch_all_sessions)
        except Exception as error:
            self._abort(error)
            raise

    @staticmethod
    def _abort(error: Exception) -> None:
        """End the turn: Rasa would go on with a memory of its own that nobody else sees."""
        logger.warning("memory not reached: %s", type(error).__name__)
        abort_running_turn(MEMORY_DOWN)
