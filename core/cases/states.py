"""The life of a case, as a table. Nothing else decides what may follow what."""

from enum import StrEnum

from core.cases.errors import IllegalTransition


class CaseState(StrEnum):
    SUBMITTED = "submitted"  # 待受理
    ACCEPTED = "accepted"  # 已受理
    REJECTED = "rejected"  # 不予受理
    DISPATCHED = "dispatched"  # 已交办（待签收）
    RETURNED = "returned"  # 退回待分办
    HANDLING = "handling"  # 办理中
    REVIEWING = "reviewing"  # 待审核
    REPLIED = "replied"  # 已答复（待评价）
    CLOSED = "closed"  # 已办结


class CaseAction(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    DISPATCH = "dispatch"
    SIGN_FOR = "sign_for"
    RETURN = "return"
    DRAFT_REPLY = "draft_reply"
    SEND_BACK = "send_back"
    REPLY = "reply"
    CLOSE = "close"


_S, _A = CaseState, CaseAction

#    in this state     this action        leads to
TRANSITIONS = {
    (_S.SUBMITTED,     _A.ACCEPT):        _S.ACCEPTED,
    (_S.SUBMITTED,     _A.REJECT):        _S.REJECTED,
    (_S.ACCEPTED,      _A.DISPATCH):      _S.DISPATCHED,
    (_S.DISPATCHED,    _A.SIGN_FOR):      _S.HANDLING,
    (_S.DISPATCHED,    _A.RETURN):        _S.RETURNED,
    (_S.RETURNED,      _A.DISPATCH):      _S.DISPATCHED,
    (_S.HANDLING,      _A.DRAFT_REPLY):   _S.REVIEWING,
    (_S.REVIEWING,     _A.SEND_BACK):     _S.HANDLING,
    (_S.REVIEWING,     _A.REPLY):         _S.REPLIED,
    (_S.REPLIED,       _A.CLOSE):         _S.CLOSED,
}  # fmt: skip

# The citizen is still owed an answer.
CLOCK_RUNS = frozenset({
    _S.SUBMITTED, _S.ACCEPTED, _S.DISPATCHED, _S.RETURNED, _S.HANDLING, _S.REVIEWING,
})  # fmt: skip

# Before a case is accepted there is nobody to press.
MAY_BE_URGED = CLOCK_RUNS - {_S.SUBMITTED}


class Stage(StrEnum):
    """How far a case has come in the citizen's eyes: the office's four steps (四部曲)."""

    RECEIVED = "received"  # 已收到
    ACCEPTED = "accepted"  # 按程序受理
    ASSIGNED = "assigned"  # 派员办理
    ANSWERED = "answered"  # 结果告知


STAGE_REACHED = {
    _S.SUBMITTED: Stage.RECEIVED,
    _S.REJECTED: Stage.RECEIVED,
    _S.ACCEPTED: Stage.ACCEPTED,
    _S.DISPATCHED: Stage.ACCEPTED,
    _S.RETURNED: Stage.ACCEPTED,
    _S.HANDLING: Stage.ASSIGNED,
    _S.REVIEWING: Stage.ASSIGNED,
    _S.REPLIED: Stage.ANSWERED,
    _S.CLOSED: Stage.ANSWERED,
}


class CaseKind(StrEnum):
    INQUIRY = "inquiry"  # 咨询
    HELP_REQUEST = "help_request"  # 求助
    SUGGESTION = "suggestion"  # 建议
    COMPLAINT = "complaint"  # 投诉
    REPORT = "report"  # 举报


NEEDS_CONTACT = frozenset({CaseKind.COMPLAINT, CaseKind.REPORT})


class CaseClass(StrEnum):
    GENERAL = "general"  # 一般
    COMPLEX = "complex"  # 复杂
    MULTI_UNIT = "multi_unit"  # 涉及多个部门


class Priority(StrEnum):
    NORMAL = "normal"  # 普通
    URGENT = "urgent"  # 紧急
    CRITICAL = "critical"  # 特急


class CaseSource(StrEnum):
    """The door a case came in by."""

    WECHAT = "wechat"
    WEIBO = "weibo"
    HOTLINE = "hotline"
    COUNTER = "counter"
    LETTER = "letter"
    EMAIL = "email"
    WEB = "web"


class RejectionReason(StrEnum):
    """Why a case is not accepted; each names the way that is open instead."""

    EMERGENCY = "emergency"
    LITIGATION = "litigation"
    ARBITRATION = "arbitration"
    RECONSIDERATION = "reconsideration"
    DISCIPLINE = "discipline"
    PETITION_PENDING = "petition_pending"
    DISCLOSURE_PROCEDURE = "disclosure_procedure"
    STATE_SECRET = "state_secret"  # noqa: S105 - a reason, not a password
    TRADE_SECRET_PRIVACY = "trade_secret_privacy"  # noqa: S105 - a reason, not a password
    ALREADY_DECIDED = "already_decided"
    DUPLICATE_PENDING = "duplicate_pending"
    NOT_JURISDICTION = "not_jurisdiction"
    NO_FACTS = "no_facts"
    ADVERTISING_ABUSE = "advertising_abuse"


class Rating(StrEnum):
    """The five levels of 好差评 (国办发〔2019〕51号); the last two are bad ratings."""

    VERY_SATISFIED = "very_satisfied"  # 非常满意
    SATISFIED = "satisfied"  # 满意
    BASICALLY_SATISFIED = "basically_satisfied"  # 基本满意
    DISSATISFIED = "dissatisfied"  # 不满意
    VERY_DISSATISFIED = "very_dissatisfied"  # 非常不满意

    @property
    def is_bad(self) -> bool:
        return self in {Rating.DISSATISFIED, Rating.VERY_DISSATISFIED}


def next_state(state: CaseState, action: CaseAction) -> CaseState:
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise IllegalTransition(state=state, action=action) from None


def allowed(state: CaseState) -> frozenset[CaseAction]:
    """Return what may be done next; screens show these buttons and no others."""
    return frozenset(action for (before, action) in TRANSITIONS if before is state)
