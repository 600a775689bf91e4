from actions.base import DeskAction, Events, Speaker
from actions.case_status import ask_which
from actions.turns import Turn
from actions.words import wording
from core.cases import queries as cases
from core.cases.services import urge_own_case
from core.cases.states import CLOCK_RUNS, CaseState
from core.clock import written_date
from core.conversations import queries as conversations
from core.unit_of_work import UnitOfWork


class ActionUrgeCase(DeskAction):
    """Put on record that the citizen asks to hurry."""

    def name(self) -> str:
        return "action_urge_case"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        citizen_id = conversations.get(uow.session, turn.conversation_id).identity.citizen_id
        numbers = turn.entities("case_number")
        if not numbers:
            open_cases = [
                case
                for case in cases.of_citizen(uow.session, citizen_id)
                if case.state in CLOCK_RUNS
            ]
            if not open_cases:
                speaker.respond("utter_no_open_cases")
                return []
            if len(open_cases) > 1:
                ask_which(
                    speaker, "utter_which_case_urge", open_cases, wording()["choices"]["urge"]
                )
                return []
            numbers = [open_cases[0].number]
        case = cases.get_of_citizen(uow.session, numbers[0], citizen_id)
        if case.state is CaseState.SUBMITTED:
            speaker.respond("utter_case_urge_too_early", number=case.number)
            return []
        case = urge_own_case(uow, numbers[0], citizen_id=citizen_id)
        speaker.respond(
            "utter_case_urged",
            reason={"kind": "case", "number": case.number},
            number=case.number,
            title=case.title,
            due_on=written_date(case.due_on),
        )
        return []
