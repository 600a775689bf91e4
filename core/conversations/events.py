"""What is announced about conversations."""

from dataclasses import dataclass
from typing import ClassVar

from core.conversations.states import HandoffReason
from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ConversationEvent(Event):
    conversation_id: int

    @property
    def subject(self) -> str:
        return f"conversation:{self.conversation_id}"


@dataclass(frozen=True, kw_only=True)
class MessageReceived(ConversationEvent):
    message_id: int

    logged: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class MessageAnswered(ConversationEvent):
    """The turn of this inbound message is over: its replies, if any, are stored."""

    message_id: int

    logged: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class MessageRecognised(ConversationEvent):
    """A recording now has words."""

    message_id: int

    logged: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class MessageSaid(ConversationEvent):
    """Somebody of the desk, or the desk itself, added a message to the thread."""

    message_id: int

    logged: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class DeliveryChanged(ConversationEvent):
    message_id: int
    state: str

    logged: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class HandoffRequested(ConversationEvent):
    reason: HandoffReason


@dataclass(frozen=True, kw_only=True)
class ConversationTakenOver(ConversationEvent):
    operator_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationHandedBack(ConversationEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class ConversationClosed(ConversationEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class CitizenFollowed(ConversationEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class CitizenBecameUnreachable(ConversationEvent):
    code: str  # what the platform said


@dataclass(frozen=True, kw_only=True)
class AuthorizationRevoked(ConversationEvent):
    """The citizen has taken back what they allowed: data are to be erased."""

    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CitizenLeft(ConversationEvent):
    pass
