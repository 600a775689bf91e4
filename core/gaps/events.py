"""What happens to groups of open questions."""

from dataclasses import dataclass
from typing import ClassVar

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class GapsPlaced(Event):
    """New questions were grouped; open pages show them."""

    count: int

    logged: ClassVar[bool] = False

    @property
    def subject(self) -> str:
        return "gap:all"


@dataclass(frozen=True, kw_only=True)
class GapGroupEvent(Event):
    group_id: int

    @property
    def subject(self) -> str:
        return f"gap:{self.group_id}"


@dataclass(frozen=True, kw_only=True)
class GapGroupAssigned(GapGroupEvent):
    slug: str
    change_id: int


@dataclass(frozen=True, kw_only=True)
class GapGroupDismissed(GapGroupEvent):
    reason: str


@dataclass(frozen=True, kw_only=True)
class GapGroupReopened(GapGroupEvent):
    pass
