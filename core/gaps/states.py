"""Why a question is open, and where a group of them stands, as a table."""

from enum import StrEnum

from core.gaps.errors import IllegalGapStep


class GapKind(StrEnum):
    MISSED = "missed"  # nothing fitted
    UNSETTLED = "unsettled"  # questions were offered, and none of them was taken
    UNHELPFUL = "unhelpful"  # the citizen said that the answer did not help


class GapState(StrEnum):
    OPEN = "open"
    ASSIGNED = "assigned"  # a change of knowledge carries its questions to review
    DISMISSED = "dismissed"


class GapStep(StrEnum):
    ASSIGN = "assign"
    DISMISS = "dismiss"
    REOPEN = "reopen"


_S, _A = GapState, GapStep

#    in this state   this step     leads to
TRANSITIONS = {
    (_S.OPEN,        _A.ASSIGN):   _S.ASSIGNED,
    (_S.OPEN,        _A.DISMISS):  _S.DISMISSED,
    (_S.ASSIGNED,    _A.REOPEN):   _S.OPEN,
    (_S.DISMISSED,   _A.REOPEN):   _S.OPEN,
}  # fmt: skip


def next_state(state: GapState, step: GapStep) -> GapState:
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalGapStep(state=state, step=step) from None
