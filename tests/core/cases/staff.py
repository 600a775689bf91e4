"""The people a case passes through, and cases brought to a state by them."""

from dataclasses import dataclass
from typing import Any

import pytest

from core.cases import services
from core.cases.models import Case
from core.cases.states import CaseClass, CaseState, RejectionReason
from core.departments.models import Department
from core.operators.models import Operator
from core.operators.permissions import Role
from core.unit_of_work import UnitOfWork
from tests.builders import a_case, a_department, an_operator

ANSWER = "您好，路灯线路已经修复，当晚恢复照明，感谢您的反映。"


@dataclass(frozen=True)
class Staff:
    dispatcher: Operator
    unit: Department
    handler: Operator
    head: Operator


def some_staff(uow: UnitOfWork) -> Staff:
    unit = a_department(uow)
    return Staff(
        dispatcher=an_operator(uow, Role.DISPATCHER),
        unit=unit,
        handler=an_operator(uow, Role.HANDLER, department=unit),
        head=an_operator(uow, Role.UNIT_HEAD, department=unit),
    )


def accept(uow: UnitOfWork, staff: Staff, case: Case, **given: Any) -> None:
    facts: dict[str, Any] = {
        "operator_id": staff.dispatcher.id,
        "case_class": CaseClass.GENERAL,
    }
    services.accept_case(uow, case.number, **facts | given)


def reject(uow: UnitOfWork, staff: Staff, case: Case, **given: Any) -> None:
    facts: dict[str, Any] = {
        "operator_id": staff.dispatcher.id,
        "reason": RejectionReason.LITIGATION,
        "explanation": "该事项已进入诉讼程序，请向人民法院反映。",
    }
    services.reject_case(uow, case.number, **facts | given)


def dispatch(uow: UnitOfWork, staff: Staff, case: Case, **given: Any) -> None:
    facts: dict[str, Any] = {
        "operator_id": staff.dispatcher.id,
        "department_id": staff.unit.id,
        "requirements": "请核实后答复市民。",
        "due_on": case.due_on,
    }
    services.dispatch_case(uow, case.number, **facts | given)


def sign_for(uow: UnitOfWork, staff: Staff, case: Case, **given: Any) -> None:
    services.sign_for_case(uow, case.number, **{"operator_id": staff.handler.id} | given)


def give_back(uow: UnitOfWork, staff: Staff, case: Case, **given: Any) -> None:
    facts: dict[str, Any] = {"operator_id": staff.head.id, "reason": "不属于本单位职责。"}
    services.return_case(uow, case.number, **facts | given)


def draft(uow: UnitOfWork, staff: Staff, case: Case, **given: Any) -> None:
    facts: dict[str, Any] = {"operator_id": staff.handler.id, "text": ANSWER}
    services.draft_reply(uow, case.number, **facts | given)


def send_back(uow: UnitOfWork, staff: Staff, case: Case, **given: Any) -> None:
    facts: dict[str, Any] = {"operator_id": staff.head.id, "reason": "请写明修复日期。"}
    services.send_back_reply(uow, case.number, **facts | given)


def reply(uow: UnitOfWork, staff: Staff, case: Case, **given: Any) -> None:
    services.reply_to_case(uow, case.number, **{"operator_id": staff.head.id} | given)


def close(uow: UnitOfWork, staff: Staff, case: Case, **given: Any) -> None:
    facts: dict[str, Any] = {"operator_id": staff.dispatcher.id, "result": "问题已解决。"}
    services.close_case(uow, case.number, **facts | given)


WAYS = {
    CaseState.SUBMITTED: [],
    CaseState.ACCEPTED: [accept],
    CaseState.REJECTED: [reject],
    CaseState.DISPATCHED: [accept, dispatch],
    CaseState.RETURNED: [accept, dispatch, give_back],
    CaseState.HANDLING: [accept, dispatch, sign_for],
    CaseState.REVIEWING: [accept, dispatch, sign_for, draft],
    CaseState.REPLIED: [accept, dispatch, sign_for, draft, reply],
    CaseState.CLOSED: [accept, dispatch, sign_for, draft, reply, close],
}


def a_case_in(uow: UnitOfWork, state: CaseState, staff: Staff, **given: Any) -> Case:
    """Return a case that its staff has brought to `state`."""
    case = a_case(uow, **given)
    for step in WAYS[state]:
        step(uow, staff, case)
    uow.session.flush()
    assert case.state is state
    return case


@pytest.fixture
def staff(uow: UnitOfWork) -> Staff:
    return some_staff(uow)
