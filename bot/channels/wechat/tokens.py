"""One access token for an account, shared by every thread and process that calls the API."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from redis import Redis
from redis.exceptions import RedisError

from bot.channels.wechat.api_errors import WeChatApiError
from core.clock import Clock, utc_now

# stable_token hands out the next token five minutes before the old one ends, and both are
# valid in between; a shorter cached life than the token's own is therefore always safe.
REFRESH_MARGIN_SECONDS = 300
SHORTEST_CACHED_SECONDS = 60
LONGEST_CACHED_SECONDS = 7200 - REFRESH_MARGIN_SECONDS

# Longer than the token call can take with its timeouts.
LOCK_LIFE_SECONDS = 15
LOCK_WAIT_SECONDS = 10
LOCK_POLL_SECONDS = 0.05

# A wrong secret or an address that is not whitelisted is not asked about again at once,
# however many messages wait.
REST_AFTER_FAILURE = timedelta(seconds=5)


class IssuedToken(NamedTuple):
    token: str
    expires_in_seconds: int

    def __repr__(self) -> str:
        return f"IssuedToken(expires_in_seconds={self.expires_in_seconds})"


@dataclass(frozen=True)
class _Remembered:
    until: datetime
    token: str = field(default="", repr=False)
    failure: WeChatApiError | None = None


class AccessTokens:
    """Keeps the token in Redis; in this process alone while Redis is away.

    `fetch` asks the platform. It is called by one thread of one process at a time,
    and only when the token is about to end or the platform has refused it. `on_issued`
    hears when a token was obtained and when the platform ends it.
    """

    def __init__(
        self,
        app_id: str,
        fetch: Callable[[], IssuedToken],
        redis: Redis | None,
        *,
        clock: Clock = utc_now,
        on_issued: Callable[[datetime, datetime], None] = lambda _obtained, _expires: None,
    ) -> None:
        self._key = f"desk:wechat:access-token:{app_id}"
        self._fetch = fetch
        self._redis = redis
        self._clock = clock
        self._on_issued = on_issued
        self._mutex = threading.Lock()
        self._own: _Remembered | None = None

    def current(self) -> str:
        return self._cached() or self._renew(refused="")

    def replace(self, refused: str) -> str:
        """Return the token that has taken the place of `refused`, asking for it if need be."""
        return self._renew(refused)

    def _renew(self, refused: str) -> str:
        with self._mutex, self._lock_between_processes():
            cached = self._cached()
            if cached and cached != refused:
                return cached
            return self._ask()

    def _ask(self) -> str:
        own = self._own
        if own and own.failure and self._clock() < own.until:
            raise own.failure.with_traceback(None)
        try:
            issued = self._fetch()
        except WeChatApiError as failure:
            self._own = _Remembered(self._clock() + REST_AFTER_FAILURE, failure=failure)
            raise
        self._remember(issued)
        now = self._clock()
        self._on_issued(now, now + timedelta(seconds=issued.expires_in_seconds))
        return issued.token

    def _remember(self, issued: IssuedToken) -> None:
        seconds = max(issued.expires_in_seconds - REFRESH_MARGIN_SECONDS, SHORTEST_CACHED_SECONDS)
        seconds = min(seconds, LONGEST_CACHED_SECONDS)
        self._own = _Remembered(self._clock() + timedelta(seconds=seconds), issued.token)
        if self._redis is not None:
            with suppress(RedisError):
                self._redis.set(self._key, issued.token, ex=seconds)

    def _cached(self) -> str:
        if self._redis is not None:
            with suppress(RedisError):
                shared = self._redis.get(self._key)
                return shared.decode() if isinstance(shared, bytes) else str(shared or "")
        own = self._own
        return own.token if own and self._clock() < own.until else ""

    @contextmanager
    def _lock_between_processes(self) -> Iterator[None]:
        """Hold the lock if it can be had in time.

        Going on without it is no harm: stable_token gives everybody the same token.
        """
        if self._redis is None:
            yield
            return
        lock = self._redis.lock(
            f"{self._key}:lock",
            timeout=LOCK_LIFE_SECONDS,
            blocking_timeout=LOCK_WAIT_SECONDS,
            sleep=LOCK_POLL_SECONDS,
        )
        is_held = False
        with suppress(RedisError):
            is_held = lock.acquire()
        try:
            yield
        finally:
            if is_held:
                with suppress(RedisError):
                    lock.release()
