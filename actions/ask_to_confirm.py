from actions import case_slots as slots
from actions.base import DeskAction, Events, Speaker
from actions.case_form import masked_phone
from actions.turns import Turn
from actions.words import wording
from core.messaging import Choice
from core.unit_of_work import UnitOfWork

SHOWN_CONTENT = 300


class ActionAskCaseFormCaseConfirmed(DeskAction):
    """Show what will be put on record before it is."""

    def name(self) -> str:
        return "action_ask_case_form_case_confirmed"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        words, choices = wording()["case"], wording()["choices"]
        content = turn.slot(slots.CONTENT) or ""
        shown = {
            words["kind"]: turn.slot(slots.KIND),
            words["content"]: _shortened(content),
            words["place"]: turn.slot(slots.PLACE),
            words["name"]: turn.slot(slots.NAME),
            words["phone"]: masked_phone(turn.slot(slots.PHONE) or ""),
        }
        speaker.say(
            "\n".join([words["confirm"], *(f"{name}：{value}" for name, value in shown.items())]),
            choices=[
                Choice(choices[name], choices[name]) for name in ("submit", "change", "cancel")
            ],
            reason={"kind": "response", "name": "case_summary"},
        )
        return []


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_CONTENT else text[: SHOWN_CONTENT - 1] + "…"
