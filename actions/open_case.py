from actions import case_slots as slots
from actions.base import DeskAction, Events, Speaker
from actions.case_form import kind_named
from actions.case_slots import forgotten_case
from actions.turns import Turn
from actions.words import wording
from core.cases.errors import ContentMissing
from core.cases.services import Contact, acknowledge_case, submit_case
from core.cases.states import CaseSource
from core.clock import written_date
from core.conversations import queries as conversations
from core.events import citizen_actor
from core.unit_of_work import UnitOfWork


class ActionOpenCase(DeskAction):
    """Put the filled form on record and tell number, query code and due date."""

    def name(self) -> str:
        return "action_open_case"

    def act(self, uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Events:
        kind = kind_named(turn.slot(slots.KIND) or "")
        if kind is None:
            raise ContentMissing
        words = wording()["case"]
        identity = conversations.get(uow.session, turn.conversation_id).identity
        case = submit_case(
            uow,
            kind=kind,
            content=turn.slot(slots.CONTENT) or "",
            source=CaseSource(identity.channel.value),
            contact=Contact(
                name=_unless(turn.slot(slots.NAME), words["anonymous"]),
                phone=_unless(turn.slot(slots.PHONE), words["anonymous"]),
            ),
            place=_unless(turn.slot(slots.PLACE), words["nowhere"]),
            conversation_id=turn.conversation_id,
            source_key=None if turn.message_id is None else f"message:{turn.message_id}",
            actor=citizen_actor(identity.citizen_id),
        )
        acknowledge_case(uow, case.number, tell_citizen=False)
        speaker.respond(
            "utter_case_opened",
            reason={"kind": "case", "number": case.number},
            number=case.number,
            query_code=case.query_code,
            case_page=uow.office.case_page(case.number),
            due_on=written_date(case.due_on),
            provisional=words["provisional"] if case.due_is_provisional else "",
        )
        return forgotten_case()

    def after_refusal(self) -> Events:
        return forgotten_case()


def _unless(value: str | None, nothing: str) -> str:
    return "" if value is None or value == nothing else value
