"""What is logged about knowledge."""

from dataclasses import dataclass

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
