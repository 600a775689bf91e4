"""Open the conversation to people and tell the citizen how long it may take."""

from actions.base import LEAVE_A_CASE, Speaker
from actions.turns import Turn
from core.clock import written_moment
from core.conversations import queries
from core.conversations.services import hand_off
from core.conversations.states import ConversationState, HandoffReason
from core.unit_of_work import UnitOfWork


def open_to_people(uow: UnitOfWork, turn: Turn, speaker: Speaker, reason: HandoffReason) -> None:
    before = queries.get(uow.session, turn.conversation_id).state
    position = hand_off(uow, turn.conversation_id, reason=reason, message_id=turn.message_id)
    why = {"kind": "handoff", "reason": str(reason)}
    if before is ConversationState.OPERATOR:
        speaker.respond("utter_hand_off_taken", reason=why)
    elif before is ConversationState.WAITING:
        speaker.respond("utter_hand_off_again", reason=why, position=position)
    elif uow.office.is_open(uow.now):
        speaker.respond("utter_hand_off", reason=why, position=position)
    else:
        opens_at = uow.office.opens_at(uow.now)
        speaker.respond(
            "utter_hand_off_closed",
            reason=why,
            choices=[LEAVE_A_CASE],
            position=position,
            hours=str(uow.office.hours),
            opens_at=written_moment(opens_at),
        )
