from actions.base import DeskAction, Events, Speaker
from actions.case_slots import forgotten_case
from actions.turns import Turn
from core.unit_of_work import UnitOfWork


class ActionDropCase(DeskAction):
    """Forget the form that was being filled in."""

    def name(self) -> str:
        return "action_drop_case"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        speaker.respond("utter_case_dropped")
        return forgotten_case()
