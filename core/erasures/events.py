"""What happens to requests for erasure."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ErasureEvent(Event):
    request_id: int

    @property
    def subject(self) -> str:
        return f"erasure:{self.request_id}"


@dataclass(frozen=True, kw_only=True)
class ErasureCleared(ErasureEvent):
    note: str


@dataclass(frozen=True, kw_only=True)
class ErasureDeclined(ErasureEvent):
    note: str


@dataclass(frozen=True, kw_only=True)
class CitizenDataErased(ErasureEvent):
    """How much went; what it was is nobody's any more."""

    conversation_id: int | None
    messages: int
    attachments: int
    reports: int
    consents: int
    questions: int
    kept_cases: list[str]
