"""Cases in every state, and the people who bring them there."""

from typing import Any

from core.bootstrap import Core
from core.cases import queries, services
from core.cases.services import Contact
from core.cases.states import CaseClass, CaseState, RejectionReason
from core.departments.models import Department
from core.operators.models import Operator
from core.operators.permissions import Role
from core.unit_of_work import UnitOfWork
from tests.builders import a_case, a_department, an_operator

ANSWER = (
    "您好，经现场核查，人民路路灯因电缆故障不亮。依据《城市道路照明设施管理规定》，"
    "我局已安排抢修，12月5日前修复。联系电话：0000-8100190。"
)
UNIT_ROLES = (Role.HANDLER, Role.UNIT_HEAD)

# How a case comes to each state: the steps in their order.
WAYS = {
    CaseState.SUBMITTED: (),
    CaseState.ACCEPTED: ("accept",),
    CaseState.REJECTED: ("reject",),
    CaseState.DISPATCHED: ("accept", "dispatch"),
    CaseState.RETURNED: ("accept", "dispatch", "return"),
    CaseState.HANDLING: ("accept", "dispatch", "sign_for"),
    CaseState.REVIEWING: ("accept", "dispatch", "sign_for", "draft"),
    CaseState.REPLIED: ("accept", "dispatch", "sign_for", "draft", "release"),
    CaseState.CLOSED: ("accept", "dispatch", "sign_for", "draft", "release", "close"),
}


class Files:
    """The office at work: `unit` answers cases, `elsewhere` is another unit."""

    def __init__(self, core: Core) -> None:
        self.core = core
        with core.unit_of_work() as uow:
            self.unit: Department = a_department(uow, name="城市管理局", phone="0000-8100190")
            self.elsewhere: Department = a_department(uow, name="生态环境局")
            self.dispatcher = an_operator(uow, Role.DISPATCHER, display_name="赵敏行")
            self.handler = an_operator(uow, Role.HANDLER, display_name="路明", department=self.unit)
            self.head = an_operator(
                uow, Role.UNIT_HEAD, display_name="路广平", department=self.unit
            )
            self.supervisor = an_operator(uow, Role.SUPERVISOR, display_name="严正平")

    def case(self, state: CaseState = CaseState.SUBMITTED, **given: Any) -> Any:
        """Return a new case that has come to `state`."""
        defaults = {"contact": Contact("李建国", "13800001234"), "title": "人民路路灯不亮"}
        with self.core.unit_of_work() as uow:
            number = a_case(uow, **defaults | given).number
            for step in WAYS[state]:
                self.take(uow, number, step)
        return self.now(number)

    def now(self, number: str) -> Any:
        """Return the case as it stands now."""
        with self.core.unit_of_work() as uow:
            return queries.get(uow.session, number)

    def take(self, uow: UnitOfWork, number: str, step: str) -> None:
        match step:
            case "accept":
                services.accept_case(
                    uow, number, operator_id=self.dispatcher.id, case_class=CaseClass.GENERAL
                )
            case "reject":
                services.reject_case(
                    uow,
                    number,
                    operator_id=self.dispatcher.id,
                    reason=RejectionReason.LITIGATION,
                    explanation="您反映的事项已进入诉讼程序，请向承办法院了解进展。",
                )
            case "dispatch":
                services.dispatch_case(
                    uow,
                    number,
                    operator_id=self.dispatcher.id,
                    department_id=self.unit.id,
                    requirements="请核实并按期答复。",
                    due_on=queries.get(uow.session, number).due_on,
                )
            case "return":
                services.return_case(
                    uow, number, operator_id=self.head.id, reason="不属于我局职责。"
                )
            case "sign_for":
                services.sign_for_case(uow, number, operator_id=self.handler.id)
            case "draft":
                services.draft_reply(uow, number, operator_id=self.handler.id, text=ANSWER)
            case "send_back":
                services.send_back_reply(
                    uow, number, operator_id=self.head.id, reason="请写明修复日期。"
                )
            case "release":
                services.reply_to_case(uow, number, operator_id=self.head.id)
            case "close":
                services.close_case(uow, number, operator_id=self.supervisor.id, result="已解决")

    def take_urge(self, uow: UnitOfWork, number: str) -> None:
        services.urge_case(uow, number, operator_id=self.supervisor.id, text="请抓紧办理。")

    def taken(self, number: str, *steps: str) -> Any:
        with self.core.unit_of_work() as uow:
            for step in steps:
                self.take(uow, number, step)
        return self.now(number)

    def form(self, step: str, case: Any, **given: Any) -> dict[str, Any]:
        """Return what somebody who takes the step fills in."""
        filled: dict[str, dict[str, Any]] = {
            "accept": {"case_class": "general", "priority": "normal", "reason": ""},
            "reject": {"reason": "no_facts", "explanation": "请补充时间、地点后重新提交。"},
            "dispatch": {
                "department_id": self.unit.id,
                "due_on": case.due_on.isoformat(),
                "requirements": "请核实并按期答复。",
            },
            "return": {"reason": "不属于我局职责，建议交生态环境局。"},
            "draft": {"text": ANSWER},
            "send_back": {"reason": "请写明修复日期。"},
            "close": {"outcome": "已解决", "note": "路灯已修复"},
            "urge": {"text": "请抓紧办理。"},
        }
        return {"seen_version": case.version} | filled.get(step, {}) | given


def address(step: str, case: Any) -> str:
    return f"/cases/{case.number}/{step.replace('_', '-')}"


def operator_of(files: Files, role: Role) -> Operator:
    """Return somebody of the role; units' people are those of the answering unit."""
    with files.core.unit_of_work() as uow:
        given = {"department": files.unit} if role in UNIT_ROLES else {}
        return an_operator(uow, role, **given)
