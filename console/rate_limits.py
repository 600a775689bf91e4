"""How often one address may try: counted in Redis, and in this process while Redis is down."""

import logging

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import Redis, RedisError

logger = logging.getLogger(__name__)


class RateLimit:
    """`per_hour` sets a second, slower limit beside the first: both must hold."""

    def __init__(
        self, redis: "Redis", *, name: str, per_minute: int, per_hour: int | None = None
    ) -> None:
        self._name = name
        self._items: list[RateLimitItem] = [RateLimitItemPerMinute(per_minute)]
        if per_hour is not None:
            self._items.append(RateLimitItemPerHour(per_hour))
        pool = redis.connection_pool
        self._shared = FixedWindowRateLimiter(
            RedisStorage("redis://", connection_pool=pool, wrap_exceptions=False)
        )
        self._own = FixedWindowRateLimiter(MemoryStorage())

    def allows(self, key: str) -> bool:
        """Count one more attempt; tell whether it is within the limit."""
        try:
            return self._hit(self._shared, key)
        except RedisError as error:
            logger.warning("rate limit counted in memory", extra={"error": type(error).__name__})
            return self._hit(self._own, key)

    def _hit(self, limiter: FixedWindowRateLimiter, key: str) -> bool:
        return all(limiter.hit(item, self._name, key) for item in self._items)
