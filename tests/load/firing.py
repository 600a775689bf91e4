"""Send prepared requests over kept connections as fast as they are answered."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from tests.load.signed import Request

SILENT_BYTES = len(b"success")


@dataclass(frozen=True)
class Volley:
    """What came back: statuses, how many said something, seconds for all, milliseconds for each."""

    statuses: Counter[int]
    answered: int
    seconds: float
    milliseconds: Sequence[float]

    @property
    def per_second(self) -> float:
        return self.statuses.total() / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def fire(port: int, requests: Sequence[Request], *, connections: int) -> Volley:
    return asyncio.run(_fire(port, requests, connections))


async def _fire(port: int, requests: Sequence[Request], connections: int) -> Volley:
    waiting = iter(requests)
    statuses: Counter[int] = Counter()
    taken: list[float] = []
    lengths: list[int] = []

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for request in waiting:
                began = perf_counter()
                writer.write(request.raw)
                status, length = await _answer(reader)
                statuses[status] += 1
                lengths.append(length)
                taken.append((perf_counter() - began) * 1000)
        finally:
            writer.close()

    began = perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(connections)))
    seconds = perf_counter() - began
    return Volley(statuses, sum(length > SILENT_BYTES for length in lengths), seconds, taken)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Read one whole answer; return its status and the length of its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.splitlines()
    fields = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
    length = int(fields.get("content-length", 0))
    await reader.readexactly(length)
    return int(first.split()[1]), length
