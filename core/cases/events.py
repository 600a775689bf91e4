"""What is logged about cases."""

from dataclasses import dataclass
from datetime import date

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    number: str

    @property
    def subject(self) -> str:
        return f"case:{self.number}"


@dataclass(frozen=True, kw_only=True)
class CaseSubmitted(CaseEvent):
    kind: str
    source: str
    due_on: date
    is_provisional: bool
    calendar_version: str


@dataclass(frozen=True, kw_only=True)
class CaseAcknowledged(CaseEvent):
    text: str


@dataclass(frozen=True, kw_only=True)
class CaseAccepted(CaseEvent):
    case_class: str
    priority: str
    reason: str
    due_on: date
    is_provisional: bool
    calendar_version: str


@dataclass(frozen=True, kw_only=True)
class CaseRejected(CaseEvent):
    reason: str
    explanation: str


@dataclass(frozen=True, kw_only=True)
class CaseDispatched(CaseEvent):
    department_id: int
    requirements: str
    due_on: date
    is_designated: bool


@dataclass(frozen=True, kw_only=True)
class CaseSignedFor(CaseEvent):
    department_id: int
    handler_id: int


@dataclass(frozen=True, kw_only=True)
class CaseReturned(CaseEvent):
    department_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReplyDrafted(CaseEvent):
    version: int


@dataclass(frozen=True, kw_only=True)
class ReplySentBack(CaseEvent):
    version: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseReplied(CaseEvent):
    version: int


@dataclass(frozen=True, kw_only=True)
class CaseUrged(CaseEvent):
    text: str


@dataclass(frozen=True, kw_only=True)
class InformationAdded(CaseEvent):
    text: str
    photos: int = 0


@dataclass(frozen=True, kw_only=True)
class CaseRated(CaseEvent):
    rating: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseEvent):
    result: str


@dataclass(frozen=True, kw_only=True)
class ContactRead(CaseEvent):
    """Somebody looked at the citizen's name and number."""
