"""The drafts of the answer: who wrote and judged each, and whether the last one arrived."""

from dataclasses import dataclass
from typing import Any

from core.conversations import queries as conversations
from core.operators import queries as operators
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Draft:
    """`delivery` is None until the answer was promised to a chat."""

    reply: Any
    drafter: str
    reviewer: str
    delivery: Any

    @property
    def is_released(self) -> bool:
        return self.reply.released_at is not None


def drafts(uow: UnitOfWork, case: Any) -> list[Draft]:
    """Return every draft of the case, newest first."""
    names = operators.names(
        uow.session,
        {reply.drafted_by_id for reply in case.replies}
        | {reply.reviewed_by_id for reply in case.replies if reply.reviewed_by_id},
    )
    return [
        Draft(
            reply,
            names.get(reply.drafted_by_id, ""),
            names.get(reply.reviewed_by_id or 0, ""),
            _delivery(uow, reply.message_id),
        )
        for reply in reversed(case.replies)
    ]


def _delivery(uow: UnitOfWork, message_id: int | None) -> Any:
    if message_id is None:
        return None
    return conversations.get_message(uow.session, message_id).delivery
