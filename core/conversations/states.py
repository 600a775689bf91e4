"""Who is speaking in a conversation, as a table. Nothing else decides what may follow what."""

from enum import StrEnum

from core.conversations.errors import IllegalConversationStep, IllegalErasureStep


class ConversationState(StrEnum):
    BOT = "bot"
    WAITING = "waiting"
    OPERATOR = "operator"
    CLOSED = "closed"


class ConversationStep(StrEnum):
    HAND_OFF = "hand_off"
    TAKE_OVER = "take_over"
    HAND_BACK = "hand_back"
    CLOSE = "close"
    WRITE_AGAIN = "write_again"


_S, _A = ConversationState, ConversationStep

#    in this state    this step          leads to
TRANSITIONS = {
    (_S.BOT,          _A.HAND_OFF):      _S.WAITING,
    (_S.BOT,          _A.TAKE_OVER):     _S.OPERATOR,  # an operator steps in unasked
    (_S.WAITING,      _A.TAKE_OVER):     _S.OPERATOR,
    (_S.WAITING,      _A.HAND_BACK):     _S.BOT,       # the bot is well again, or nobody is needed
    (_S.WAITING,      _A.CLOSE):         _S.CLOSED,
    (_S.OPERATOR,     _A.HAND_BACK):     _S.BOT,
    (_S.OPERATOR,     _A.HAND_OFF):      _S.WAITING,   # back into the queue for a colleague
    (_S.OPERATOR,     _A.CLOSE):         _S.CLOSED,
    (_S.CLOSED,       _A.WRITE_AGAIN):   _S.BOT,
}  # fmt: skip


class Author(StrEnum):
    CITIZEN = "citizen"
    BOT = "bot"
    OPERATOR = "operator"
    DESK = "desk"  # the desk's own notices: queue position, take-over, acknowledgements


class Visibility(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"  # a note among staff, which can never leave


class MessageOutcome(StrEnum):
    """How a citizen's message ended; none may stay without one."""

    ANSWERED = "answered"
    HANDED_OVER = "handed_over"
    NOTED = "noted"  # nothing to answer: the citizen left, or only looked


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    HELD = "held"  # the platform takes no more until the citizen writes again
    SENT = "sent"
    FAILED = "failed"


# The error of a delivery that may have arrived all the same: a person decides what follows.
OUTCOME_UNKNOWN = "outcome_unknown"


class HeldFor(StrEnum):
    """Why a message waits for the citizen."""

    QUOTA_USED = "quota_used"
    WINDOW_CLOSED = "window_closed"
    PASSIVE_ONLY = "passive_only"  # the account may only answer pushes
    CITIZEN_LEFT = "citizen_left"
    NOTICE_REFUSED = "notice_refused"  # a notice went out in its place and did not arrive


class DeliveryWay(StrEnum):
    PASSIVE = "passive"  # in the answer to the platform's own push
    API = "api"
    SUBSCRIPTION_NOTICE = "subscription_notice"
    TEMPLATE_MESSAGE = "template_message"
    ONE_TIME_NOTICE = "one_time_notice"


class HandoffReason(StrEnum):
    CITIZEN_ASKED = "citizen_asked"
    TWO_MISSES = "two_misses"
    EMERGENCY = "emergency"
    EMOTIONAL = "emotional"
    HUMAN_ONLY = "human_only"
    BOT_OUTAGE = "bot_outage"
    OPERATOR_STEPPED_IN = "operator_stepped_in"
    OPERATOR_PASSED_ON = "operator_passed_on"


def next_state(state: ConversationState, step: ConversationStep) -> ConversationState:
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalConversationStep(state=state, step=step) from None


class ErasureState(StrEnum):
    """How far the erasure of somebody's data has come."""

    REQUESTED = "requested"
    CLEARED = "cleared"  # no law asks for keeping these data
    DECLINED = "declined"  # a law does
    ERASED = "erased"


class ErasureStep(StrEnum):
    CLEAR = "clear"
    DECLINE = "decline"
    ERASE = "erase"


#    in this state                step                  leads to
ERASURE_TRANSITIONS = {
    (ErasureState.REQUESTED,      ErasureStep.CLEAR):   ErasureState.CLEARED,
    (ErasureState.REQUESTED,      ErasureStep.DECLINE): ErasureState.DECLINED,
    (ErasureState.CLEARED,        ErasureStep.DECLINE): ErasureState.DECLINED,
    (ErasureState.DECLINED,       ErasureStep.CLEAR):   ErasureState.CLEARED,
    (ErasureState.CLEARED,        ErasureStep.ERASE):   ErasureState.ERASED,
}  # fmt: skip


def next_erasure_state(state: ErasureState, step: ErasureStep) -> ErasureState:
    try:
        return ERASURE_TRANSITIONS[state, step]
    except KeyError:
        raise IllegalErasureStep(state=state, step=step) from None
