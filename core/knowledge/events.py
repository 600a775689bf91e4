"""What is logged about knowledge."""

from dataclasses import dataclass
from typing import ClassVar

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class EntryEvent(Event):
    slug: str
    version: int

    @property
    def subject(self) -> str:
        return f"entry:{self.slug}"


@dataclass(frozen=True, kw_only=True)
class EntryImported(EntryEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class EntryWithdrawn(EntryEvent):
    reason: str


@dataclass(frozen=True, kw_only=True)
class EntryReleased(EntryEvent):
    """A version of an entry is what citizens are answered from now on."""

    change_id: int


@dataclass(frozen=True, kw_only=True)
class ChangeEvent(Event):
    slug: str
    change_id: int

    @property
    def subject(self) -> str:
        return f"entry:{self.slug}"


@dataclass(frozen=True, kw_only=True)
class ChangeDrafted(ChangeEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class ChangeSaved(ChangeEvent):
    logged: ClassVar[bool] = False  # a draft is saved often, and its row tells the last time


@dataclass(frozen=True, kw_only=True)
class ChangeSubmitted(ChangeEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class ChangeReturned(ChangeEvent):
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChangeApproved(ChangeEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class ChangeRefused(ChangeEvent):
    """The gate would not let it in."""


@dataclass(frozen=True, kw_only=True)
class ChangeAbandoned(ChangeEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class KnowledgeImported(Event):
    """An editor took in a file; each change of it tells its own story."""

    file_name: str
    change_count: int

    @property
    def subject(self) -> str:
        return "entry:files"
