from actions.base import DeskAction, Events, Speaker
from actions.queue import open_to_people
from actions.turns import Turn
from core.conversations.services import note_miss
from core.conversations.states import HandoffReason
from core.unit_of_work import UnitOfWork

MISSES_BEFORE_PEOPLE = 2


class ActionFallback(DeskAction):
    """Own up to having no answer; after two in a row people take over."""

    def name(self) -> str:
        return "action_fallback"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        own_up(uow, turn, speaker)
        return []


def own_up(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> None:
    misses = note_miss(uow, turn.conversation_id)
    if misses >= MISSES_BEFORE_PEOPLE:
        speaker.respond("utter_hand_off_misses")
        open_to_people(uow, turn, speaker, HandoffReason.TWO_MISSES)
        return
    was_answered = turn.intent == "complain_about_answer"
    speaker.respond(
        "utter_answer_unhelpful" if was_answered else "utter_miss",
        reason={"kind": "miss", "in_a_row": misses},
    )
