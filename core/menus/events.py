"""What is logged about menus and groups of citizens."""

from dataclasses import dataclass
from typing import ClassVar

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class MenuEvent(Event):
    channel: str
    account: str
    menu_id: int
    number: int

    @property
    def subject(self) -> str:
        return f"menu:{self.channel}-{self.account}"


@dataclass(frozen=True, kw_only=True)
class MenuDraftOpened(MenuEvent):
    based_on: int | None


@dataclass(frozen=True, kw_only=True)
class MenuSaved(MenuEvent):
    revision: int


@dataclass(frozen=True, kw_only=True)
class MenuDiscarded(MenuEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class MenuSubmitted(MenuEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class MenuSentBack(MenuEvent):
    reason: str


@dataclass(frozen=True, kw_only=True)
class MenuReleased(MenuEvent):
    """A second person let it go out; the platform has yet to take it."""


@dataclass(frozen=True, kw_only=True)
class MenuPublished(MenuEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class MenuRefused(MenuEvent):
    error_code: str


@dataclass(frozen=True, kw_only=True)
class MenuWithdrawalAsked(MenuEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class MenuWithdrawn(MenuEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class MenuPutAgain(MenuEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class MenuLookedAt(Event):
    """What the platform shows was compared with what was published."""

    channel: str
    account: str
    outcome: str
    logged: ClassVar[bool] = False

    @property
    def subject(self) -> str:
        return f"menu:{self.channel}-{self.account}"


@dataclass(frozen=True, kw_only=True)
class GroupChanged(Event):
    code: str
    name: str
    is_active: bool

    @property
    def subject(self) -> str:
        return f"group:{self.code}"


@dataclass(frozen=True, kw_only=True)
class CitizenJoinedGroup(Event):
    """The citizen is in this group from now on; an empty code: in none."""

    conversation_id: int
    code: str

    @property
    def subject(self) -> str:
        return f"conversation:{self.conversation_id}"
