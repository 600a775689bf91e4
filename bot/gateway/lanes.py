"""One lane for each citizen: what they said first is stored first and answered first.

Pushes come on connections of their own and would race through the thread pool.
"""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager


class Lanes:
    """Locks by key, first come first served; a lane nobody is in takes no memory."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._travellers: dict[Hashable, int] = {}

    @asynccontextmanager
    async def of(self, key: Hashable) -> AsyncIterator[None]:
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._travellers[key] = self._travellers.get(key, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._travellers[key] -= 1
            if not self._travellers[key]:
                del self._travellers[key], self._locks[key]

    def __len__(self) -> int:
        return len(self._locks)
