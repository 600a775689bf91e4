"""Misfortunes that can be switched on: how often each strikes, and for how long."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any


class FaultName(StrEnum):
    # on calls of the API
    SLOW = "slow"
    SERVER_ERROR = "server_error"
    HTML = "html"
    BUSY = "busy"
    DAILY_QUOTA = "daily_quota"
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - the name of a fault
    DROP = "drop"
    LOST_ANSWER = "lost_answer"
    OUT_OF_ORDER = "out_of_order"
    # on pushes
    DUPLICATE_PUSH = "duplicate_push"
    LATE_PUSH = "late_push"
    CLASHING_IDS = "clashing_ids"


@dataclass
class Fault:
    """`count` is how many times it still strikes (None: without end); `path` narrows it."""

    name: FaultName
    probability: float = 1.0
    count: int | None = None
    seconds: float = 0.0
    path: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name.value,
            "probability": self.probability,
            "count": self.count,
            "seconds": self.seconds,
            "path": self.path,
        }


class Faults:
    def __init__(self, *, random: Random | None = None) -> None:
        self._random = random or Random()  # noqa: S311 - misfortune needs no secrecy
        self._switched_on: dict[FaultName, Fault] = {}
        self.struck: dict[FaultName, int] = dict.fromkeys(FaultName, 0)
        self.on_change: Callable[[], None] = lambda: None

    def switch_on(self, fault: Fault) -> None:
        self._switched_on[fault.name] = fault
        self.on_change()

    def switch_off(self, name: FaultName | None = None) -> None:
        """Switch one fault off, or all of them."""
        if name is None:
            self._switched_on.clear()
        else:
            self._switched_on.pop(name, None)
        self.on_change()

    def strikes(self, name: FaultName, *, path: str = "") -> Fault | None:
        """Return the fault if it strikes now; a counted fault is used up by striking."""
        fault = self._switched_on.get(name)
        if fault is None or not path.startswith(fault.path):
            return None
        if fault.probability < 1 and self._random.random() >= fault.probability:
            return None
        if fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                self.switch_off(name)
        self.struck[name] += 1
        return fault

    def switched_on(self) -> list[Fault]:
        return list(self._switched_on.values())
