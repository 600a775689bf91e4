"""Waiting for something to become true, with an end."""

from collections.abc import Callable
from time import monotonic, sleep


def wait_until(is_true: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = monotonic() + seconds
    while not is_true():
        assert monotonic() < deadline, "it did not become true in time"
        sleep(0.02)
