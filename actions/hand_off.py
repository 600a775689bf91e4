from actions.base import DeskAction, Events, Speaker
from actions.case_slots import forgotten_case
from actions.queue import open_to_people
from actions.turns import Turn
from core.conversations.states import HandoffReason
from core.unit_of_work import UnitOfWork


class ActionHandOff(DeskAction):
    """Let people speak: the citizen asked for them, or is at the end of their tether."""

    def name(self) -> str:
        return "action_hand_off"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        is_upset = turn.intent == "express_distress"
        if is_upset:
            speaker.respond("utter_hand_off_distress")
        open_to_people(
            uow,
            turn,
            speaker,
            HandoffReason.EMOTIONAL if is_upset else HandoffReason.CITIZEN_ASKED,
        )
        return forgotten_case()
