"""What may be done to a case, as a table: by whom, when, and what it is called.

The states of core decide what may follow what; this table adds who may do it.
"""

from dataclasses import dataclass
from typing import Any

from console.context import CurrentOperator
from core.cases.states import CLOCK_RUNS, MAY_BE_URGED, CaseAction, CaseState, allowed
from core.operators.permissions import Permission

_A, _P = CaseAction, Permission


@dataclass(frozen=True)
class Step:
    """`event` is what the log says when the step was taken; `title` stands on its button."""

    name: str
    title: str
    icon: str
    event: str
    permissions: tuple[Permission, ...]
    action: CaseAction | None = None
    is_for_own_unit: bool = False

    def is_open(self, case: Any) -> bool:
        if self.action is not None:
            return self.action in allowed(case.state)
        if self.name == "urge":
            return case.state in MAY_BE_URGED
        return case.state in CLOCK_RUNS and case.acknowledged_at is None

    def is_open_to(self, case: Any, who: CurrentOperator) -> bool:
        if not self.is_open(case) or not who.can_any(self.permissions):
            return False
        return not self.is_for_own_unit or case.department_id == who.department_id


# fmt: off
STEPS = {
    step.name: step
    for step in (
        Step("acknowledge", "作出初步回应", "message-check", "CaseAcknowledged",
             (_P.ACCEPT_CASE, _P.OPEN_CASE)),
        Step("accept", "受理", "circle-check", "CaseAccepted",
             (_P.ACCEPT_CASE,), _A.ACCEPT),
        Step("reject", "不予受理", "circle-x", "CaseRejected",
             (_P.ACCEPT_CASE,), _A.REJECT),
        Step("dispatch", "交办", "send", "CaseDispatched",
             (_P.DISPATCH_CASE,), _A.DISPATCH),
        Step("sign_for", "签收", "signature", "CaseSignedFor",
             (_P.SIGN_FOR_CASE,), _A.SIGN_FOR, is_for_own_unit=True),
        Step("return", "退回", "arrow-back-up", "CaseReturned",
             (_P.RETURN_CASE,), _A.RETURN, is_for_own_unit=True),
        Step("draft", "拟写答复", "pencil", "ReplyDrafted",
             (_P.DRAFT_REPLY,), _A.DRAFT_REPLY, is_for_own_unit=True),
        Step("release", "审核通过并答复市民", "mail-check", "CaseReplied",
             (_P.REVIEW_REPLY,), _A.REPLY, is_for_own_unit=True),
        Step("send_back", "退回修改", "arrow-back-up", "ReplySentBack",
             (_P.REVIEW_REPLY,), _A.SEND_BACK, is_for_own_unit=True),
        Step("close", "办结", "flag-check", "CaseClosed",
             (_P.CLOSE_CASE,), _A.CLOSE),
        Step("urge", "催办", "bell-ringing", "CaseUrged",
             (_P.URGE_CASE,)),
    )
}
# fmt: on

REVIEWING_STEPS = frozenset({"release", "send_back"})


@dataclass(frozen=True)
class Offer:
    """A step on the page of a case; `obstacle` is the code of the rule that stands against it."""

    step: Step
    obstacle: str = ""


def offers(case: Any, who: CurrentOperator) -> list[Offer]:
    """Return what the operator may do now, and what only a rule keeps from being done."""
    return [
        Offer(step, _obstacle(step, case, who))
        for step in STEPS.values()
        if step.is_open_to(case, who)
    ]


def states_with_work(who: CurrentOperator) -> frozenset[CaseState]:
    """Return the states in which a case waits for somebody with these permissions.

    An answered case waits for its citizen, and closes by itself; that staff may close
    it does not make it their work.
    """
    actions = {
        step.action
        for step in STEPS.values()
        if step.action is not CaseAction.CLOSE and who.can_any(step.permissions)
    } - {None}
    return frozenset(state for state in CaseState if actions & allowed(state))


def _obstacle(step: Step, case: Any, who: CurrentOperator) -> str:
    if step.name in REVIEWING_STEPS:
        draft = case.current_reply
        return "reviewer_is_drafter" if draft and draft.drafted_by_id == who.id else ""
    if step.name == "return" and (case.is_designated or case.department_id in case.returned_by):
        return "may_not_return"
    return ""
