"""Live events over Redis: announced after commit, heard by open consoles and waiting webhooks."""

import json
import logging
from dataclasses import asdict

from redis import Redis, RedisError

from core.events import Event

logger = logging.getLogger(__name__)

CHANNEL = "desk:events"


class RedisEvents:
    """Losing an event costs a reload, never a message: everything told is in the database."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    def publish(self, event: Event) -> None:
        """Tell who listens, or log: the change is already committed, so never raise."""
        body = {"type": type(event).__name__, "subject": event.subject, **asdict(event)}
        try:
            self._redis.publish(CHANNEL, json.dumps(body, default=str, ensure_ascii=False))
        except RedisError as error:
            logger.warning("event not published", extra={"type": body["type"], "error": str(error)})
