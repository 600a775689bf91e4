from rasa_sdk.events import SlotSet

from actions import case_slots as slots
from actions.base import DeskAction, Events, Speaker
from actions.case_form import Heard, Learnt, listen
from actions.turns import Turn
from core.unit_of_work import UnitOfWork

REQUESTED = "requested_slot"
TRIES_BEFORE_A_PERSON = 2


class ValidateCaseForm(DeskAction):
    """Take an answer to the form, or say with an example what is wanted, or offer a person.

    No event at all means that the message is not for the form: Rasa then lets the
    rules answer it and comes back to the question that is open.
    """

    def name(self) -> str:
        return "validate_case_form"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        if turn.comes_back_to_form:
            return []
        requested = turn.slot(REQUESTED)
        heard = Heard(
            text=turn.text,
            intent=turn.intent,
            requested=requested,
            known=turn.tracker.slots,
            case_numbers=tuple(turn.entities("case_number")),
            confidence=turn.confidence,
        )
        learnt = listen(heard)
        if learnt is None:
            return []
        for response in learnt.responses:
            speaker.respond(response)
        if learnt.is_progress or requested is None:
            return self._remembered(learnt)
        return self._asked_again(requested, turn.slot(slots.TRIES) or 0, learnt, speaker)

    def _remembered(self, learnt: Learnt) -> Events:
        events = [SlotSet(name, value) for name, value in learnt.values.items()]
        events.append(SlotSet(slots.TRIES, 0))
        if learnt.ask_next is not None:
            events.append(SlotSet(REQUESTED, learnt.ask_next))
        return events

    def _asked_again(self, requested: str, tries: int, learnt: Learnt, speaker: Speaker) -> Events:
        if tries >= TRIES_BEFORE_A_PERSON:
            speaker.respond("utter_case_offer_person")
        elif not learnt.responses:
            speaker.respond(f"utter_case_not_understood_{requested}")
        return [SlotSet(slots.TRIES, tries + 1), SlotSet(REQUESTED, requested)]
