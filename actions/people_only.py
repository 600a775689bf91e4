"""Matters that are understood, and that the office lets only people answer."""

from actions.base import Events, Speaker
from actions.queue import open_to_people
from actions.turns import Turn
from actions.words import wording
from core.conversations.services import clear_misses
from core.conversations.states import HandoffReason
from core.knowledge.errors import EntryIsForPeople
from core.unit_of_work import UnitOfWork


def leave_to_people(
    uow: UnitOfWork, turn: Turn, speaker: Speaker, error: EntryIsForPeople
) -> Events:
    """Say what was understood, and that a person answers it."""
    slug, question = error.details["slug"], error.details["question"]
    speaker.say(
        wording()["people_only"].format(question=question),
        reason={"kind": "people_only", "slug": slug, "question": question},
    )
    open_to_people(uow, turn, speaker, HandoffReason.HUMAN_ONLY)
    clear_misses(uow, turn.conversation_id)
    return []
