"""What is logged about operators."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class OperatorEvent(Event):
    operator_id: int

    @property
    def subject(self) -> str:
        return f"operator:{self.operator_id}"


@dataclass(frozen=True, kw_only=True)
class SignedIn(OperatorEvent):
    address: str


@dataclass(frozen=True, kw_only=True)
class SignInRefused(OperatorEvent):
    address: str


@dataclass(frozen=True, kw_only=True)
class SignInWasLocked(OperatorEvent):
    address: str


@dataclass(frozen=True, kw_only=True)
class SignedOut(OperatorEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class DutyChanged(OperatorEvent):
    is_on_duty: bool
