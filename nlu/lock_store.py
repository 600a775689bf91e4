"""One turn of a conversation at a time, without polling and without traces.

Rasa's own stores poll once a second, and the one in Redis leaves its lock behind when the server
is killed. The desk's queue already hands over one message of a conversation at a time, so a lock
inside this process is enough.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore


class InProcessLockStore(LockStore):
    def __init__(self, endpoint_config: Any = None) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncIterator[TicketLock]:
        """Wait for the turns before this one, `lock_lifetime` seconds at most.

        `wait_time_in_seconds` is how often the other stores poll; here nobody does.
        """
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        try:
            await asyncio.wait_for(lock.acquire(), lock_lifetime)
        except asyncio.TimeoutError:
            raise LockError(f"conversation {conversation_id} is busy") from None
        try:
            yield TicketLock(conversation_id)
        finally:
            lock.release()
