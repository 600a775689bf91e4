"""Conversations' short-term memory in Redis. What must last is in the desk's own database."""

from __future__ import annotations

from typing import Any

import redis
from rasa.core.tracker_store import RedisTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.turns import MEMORY_DOWN, abort_running_turn

TIMEOUT_SECONDS = 2


class DeskTrackerStore(RedisTrackerStore):
    """Rasa's store, with time limits, without reading everything again for every save.

    Rasa's own reads and merges the stored tracker at each save, in case another server wrote it
    meanwhile; here the desk's queue keeps the turns of one conversation apart. Only the running
    session is kept.
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
            self.red.set(
                self.key_prefix + tracker.sender_id,
                self.serialise_tracker(tracker),
                ex=int(timeout or self.record_exp),
            )
        except redis.RedisError:
            abort_running_turn(MEMORY_DOWN)
            raise

    async def _retrieve(
        self, sender_id: str, fetch_all_sessions: bool
    ) -> DialogueStateTracker | None:
        try:
            return await super()._retrieve(sender_id, fetch_all_sessions)
        except redis.RedisError:
            abort_running_turn(MEMORY_DOWN)
            raise
