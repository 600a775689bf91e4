"""What happens, told live to the open chat pages."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

Event = dict[str, Any]

# A page that lags this far behind reads everything again instead.
MAX_WAITING = 500
START_AGAIN: Event = {"type": "start_again"}


class Feed:
    def __init__(self) -> None:
        self._subscribers: set[asyncio.Queue[Event]] = set()

    @property
    def has_listeners(self) -> bool:
        return bool(self._subscribers)

    def publish(self, kind: str, **facts: Any) -> None:
        for queue in self._subscribers:
            if queue.qsize() < MAX_WAITING:
                queue.put_nowait({"type": kind, **facts})
            elif queue.qsize() == MAX_WAITING:
                queue.put_nowait(START_AGAIN)

    async def follow(self, *, silence_seconds: float = 15.0) -> AsyncIterator[Event | None]:
        """Yield events as they come, and None after every silence so that the line stays open."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._subscribers.add(queue)
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), silence_seconds)
                except TimeoutError:
                    yield None
        finally:
            self._subscribers.discard(queue)
