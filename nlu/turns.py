"""One turn: a citizen's message and everything said in return, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ACTIONS_DOWN = "actions_unavailable"
MEMORY_DOWN = "memory_unavailable"
NO_MODEL = "no_model"
NOTHING_SAID = "nothing_said"

_running: ContextVar[bool] = ContextVar("desk_turn_running", default=False)


class TurnAborted(BaseException):
    """The turn cannot be finished, so it must not have happened.

    Not an Exception on purpose: Rasa catches those while it runs an action or reads a tracker,
    logs them and goes on, and the citizen would get half an answer or none.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def turn() -> Iterator[None]:
    token = _running.set(True)
    try:
        yield
    finally:
        _running.reset(token)


def abort_running_turn(code: str) -> None:
    """End the turn this code runs in; do nothing outside of one."""
    if _running.get():
        raise TurnAborted(code)
