from actions.base import DeskAction, Events, Speaker
from actions.case_slots import forgotten_case
from actions.queue import open_to_people
from actions.turns import Turn
from core.conversations.states import HandoffReason
from core.unit_of_work import UnitOfWork


class ActionEmergency(DeskAction):
    """The emergency numbers first, then a person."""

    def name(self) -> str:
        return "action_emergency"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        speaker.respond("utter_emergency", reason={"kind": "emergency"})
        open_to_people(uow, turn, speaker, HandoffReason.EMERGENCY)
        return forgotten_case()
