"""How often one address may try: counted in Redis, and in this process while Redis is down."""

import logging

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import Redis, RedisError

logger = logging.getLogger(__name__)


class RateLimit:
    def __init__(self, redis: "Redis", *, name: str, per_minute: int) -> None:
        self._name = name
        self._item = RateLimitItemPerMinute(per_minute)
        pool = redis.connection_pool
        self._shared = FixedWindowRateLimiter(
            RedisStorage("redis://", connection_pool=pool, wrap_exceptions=False)
        )
        self._own = FixedWindowRateLimiter(MemoryStorage())

    def allows(self, key: str) -> bool:
        """Count one more attempt; tell whether it is within the limit."""
        try:
            return self._shared.hit(self._item, self._name, key)
        except RedisError as error:
            logger.warning("rate limit counted in memory", extra={"error": type(error).__name__})
            return self._own.hit(self._item, self._name, key)
