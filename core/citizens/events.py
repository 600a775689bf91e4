"""What is announced about citizens."""

from dataclasses import dataclass
from typing import ClassVar

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class CitizenEvent(Event):
    citizen_id: int

    @property
    def subject(self) -> str:
        return f"citizen:{self.citizen_id}"


@dataclass(frozen=True, kw_only=True)
class CitizensLinked(CitizenEvent):
    """The citizen has said to be the same person as `with_citizen_ids`."""

    with_citizen_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class CitizensUnlinked(CitizenEvent):
    """The citizen has taken that back."""

    from_citizen_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class LinkingProposed(CitizenEvent):
    """Staff have asked the citizen to say so; only the citizen can."""


@dataclass(frozen=True, kw_only=True)
class CitizenEnteredPages(CitizenEvent):
    identity_id: int
    way: str


@dataclass(frozen=True, kw_only=True)
class CitizenLeftPages(CitizenEvent):
    identity_id: int


@dataclass(frozen=True, kw_only=True)
class PageLookedAt(Event):
    """The page of a web chat was opened or left, or more of it was read."""

    conversation_id: int

    logged: ClassVar[bool] = False

    @property
    def subject(self) -> str:
        return f"conversation:{self.conversation_id}"
