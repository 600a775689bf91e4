from collections.abc import Sequence
from typing import Protocol

from actions.base import DeskAction, Events, Speaker, web_login_accounts
from actions.turns import Turn
from actions.words import wording
from core.cases import queries as cases
from core.citizens.services import page_entrance
from core.clock import office_date, written_date
from core.conversations import queries as conversations
from core.messaging import Choice
from core.unit_of_work import UnitOfWork

MOST_CHOICES = 5
TITLE_SHOWN = 14


class Numbered(Protocol):
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...


class ActionCaseStatus(DeskAction):
    """Tell how a case stands: the citizen's own, or one whose query code the citizen knows."""

    def name(self) -> str:
        return "action_case_status"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        citizen_id = conversations.get(uow.session, turn.conversation_id).identity.citizen_id
        numbers, codes = turn.entities("case_number"), turn.entities("query_code")
        if numbers and codes:
            case = cases.get_by_query_code(uow.session, numbers[0], codes[0])
        elif numbers:
            case = cases.get_of_citizen(uow.session, numbers[0], citizen_id)
        else:
            own = cases.of_citizen(uow.session, citizen_id)
            if not own:
                speaker.respond("utter_no_cases")
                return []
            if len(own) > 1:
                ask_which(speaker, "utter_which_case_status", own, "{number}")
                show_the_page(uow, turn, speaker)
                return []
            case = own[0]
        reply = case.released_reply
        speaker.respond(
            f"utter_case_status_{case.state}",
            reason={"kind": "case", "number": case.number},
            number=case.number,
            title=case.title,
            submitted_on=written_date(office_date(case.submitted_at)),
            due_on=written_date(case.due_on),
            provisional=wording()["case"]["provisional"] if case.due_is_provisional else "",
            department=case.department.name if case.department else uow.office.name,
            reply=reply.text if reply else "",
            explanation=case.rejection_explanation or "",
        )
        if not numbers:
            show_the_page(uow, turn, speaker)
        return []


def show_the_page(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> None:
    """Tell the citizen where all own cases are: an address, or a key for a few minutes."""
    address = page_entrance(uow, turn.conversation_id, web_login_accounts=web_login_accounts())
    speaker.say(
        uow.office.notice("my_page", address=address),
        reason={"kind": "notice", "notice": "my_page"},
    )


def ask_which(speaker: Speaker, response: str, found: Sequence[Numbered], says: str) -> None:
    """Let the citizen choose among several cases."""
    speaker.respond(
        response,
        choices=[
            Choice(f"{case.number} {case.title[:TITLE_SHOWN]}", says.format(number=case.number))
            for case in found[:MOST_CHOICES]
        ],
    )
