"""Facts about changes, named in the past tense.

A fact is written to the event log with the change itself and announced to open
screens after commit. `logged = False` marks those whose rows already tell the
story (a message is its own record): they are only announced.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

SYSTEM = "system"
BOT = "bot"
CITIZEN = "citizen"  # one who is known by a query code only


def operator_actor(operator_id: int) -> str:
    return f"operator:{operator_id}"


def citizen_actor(citizen_id: int) -> str:
    return f"citizen:{citizen_id}"


@dataclass(frozen=True, kw_only=True)
class Event:
    """`subject` names what it is about, e.g. `case:WZ202611210001`; `actor` who did it."""

    at: datetime
    actor: str = SYSTEM

    logged: ClassVar[bool] = True

    @property
    def subject(self) -> str:
        raise NotImplementedError


Publish = Callable[[Event], None]
