"""What is logged about models."""

from dataclasses import dataclass
from typing import ClassVar

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ReleaseEvent(Event):
    version: str

    @property
    def subject(self) -> str:
        return f"model:{self.version}"


@dataclass(frozen=True, kw_only=True)
class ReleaseRequested(ReleaseEvent):
    note: str


@dataclass(frozen=True, kw_only=True)
class ReleaseProgressed(ReleaseEvent):
    logged: ClassVar[bool] = False  # several times in a training


@dataclass(frozen=True, kw_only=True)
class ModelInstalled(ReleaseEvent):
    """The model that came with the program serves."""


@dataclass(frozen=True, kw_only=True)
class ModelWentLive(ReleaseEvent):
    replaced: str | None


@dataclass(frozen=True, kw_only=True)
class ReleaseRefused(ReleaseEvent):
    """The gate would not let it in."""


@dataclass(frozen=True, kw_only=True)
class ReleaseFailed(ReleaseEvent):
    code: str


@dataclass(frozen=True, kw_only=True)
class RollbackRequested(ReleaseEvent):
    reason: str


@dataclass(frozen=True, kw_only=True)
class ModelFileMissed(ReleaseEvent):
    """The file of a model that could have been brought back is gone or damaged."""
