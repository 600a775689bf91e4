"""What is announced about citizens' media."""

from dataclasses import dataclass
from typing import ClassVar

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class AttachmentChanged(Event):
    """Open threads show the attachment as it stands now."""

    conversation_id: int
    message_id: int
    state: str

    logged: ClassVar[bool] = False

    @property
    def subject(self) -> str:
        return f"conversation:{self.conversation_id}"


@dataclass(frozen=True, kw_only=True)
class MediaErased(Event):
    """Attachments of this conversation are kept no longer; the messages stay."""

    conversation_id: int
    message_ids: list[int]

    @property
    def subject(self) -> str:
        return f"conversation:{self.conversation_id}"
