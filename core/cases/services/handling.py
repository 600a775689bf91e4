"""The case finds the unit that answers it: accepted, dispatched, signed for, urged."""

from datetime import date

from core.cases import deadlines, queries
from core.cases.errors import (
    AlreadyUrgedToday,
    DueDateTooLate,
    IllegalTransition,
    MayNotReturn,
    NotYourUnit,
    ReasonMissing,
    StaleCase,
)
from core.cases.events import (
    CaseAccepted,
    CaseDispatched,
    CaseRejected,
    CaseReturned,
    CaseSignedFor,
    CaseUrged,
)
from core.cases.models import Case
from core.cases.states import (
    MAY_BE_URGED,
    CaseAction,
    CaseClass,
    Priority,
    RejectionReason,
    next_state,
)
from core.clock import office_date, written_date, written_moment
from core.conversations.services import say_as_desk
from core.departments import queries as departments
from core.departments.errors import DepartmentHasNoContact
from core.events import citizen_actor, operator_actor
from core.messaging import CaseNotice
from core.operators import queries as operators
from core.unit_of_work import UnitOfWork


def accept_case(
    uow: UnitOfWork,
    number: str,
    *,
    operator_id: int,
    case_class: CaseClass,
    priority: Priority = Priority.NORMAL,
    reason: str = "",
    seen_version: int | None = None,
) -> Case:
    """Take the case on; a class other than general needs its reason."""
    case = case_for_change(uow, number, seen_version)
    case.apply(CaseAction.ACCEPT)
    if case_class is not CaseClass.GENERAL and not reason.strip():
        raise ReasonMissing(action=CaseAction.ACCEPT)
    due = deadlines.answer_by(case.submitted_at, case_class, uow.office.calendar)
    case.case_class, case.priority = case_class, priority
    case.accepted_at = uow.now
    case.due_on, case.due_is_provisional = due.on, due.is_provisional
    case.calendar_version = uow.office.calendar.version
    uow.announce(
        CaseAccepted(
            at=uow.now,
            actor=operator_actor(operator_id),
            number=number,
            case_class=case_class,
            priority=priority,
            reason=reason.strip(),
            due_on=due.on,
            is_provisional=due.is_provisional,
            calendar_version=case.calendar_version,
        )
    )
    tell_citizen(uow, case, "case_accepted", due_on=written_date(case.due_on))
    return case


def reject_case(
    uow: UnitOfWork,
    number: str,
    *,
    operator_id: int,
    reason: RejectionReason,
    explanation: str,
    seen_version: int | None = None,
) -> Case:
    """Decline the case, naming the reason and the way that is open instead."""
    case = case_for_change(uow, number, seen_version)
    case.apply(CaseAction.REJECT)
    if not explanation.strip():
        raise ReasonMissing(action=CaseAction.REJECT)
    case.rejection_reason = reason
    case.rejection_explanation = explanation.strip()
    uow.announce(
        CaseRejected(
            at=uow.now,
            actor=operator_actor(operator_id),
            number=number,
            reason=reason,
            explanation=case.rejection_explanation,
        )
    )
    tell_citizen(uow, case, "case_rejected", explanation=case.rejection_explanation)
    return case


def dispatch_case(
    uow: UnitOfWork,
    number: str,
    *,
    operator_id: int,
    department_id: int,
    requirements: str,
    due_on: date,
    is_designated: bool = False,
    seen_version: int | None = None,
) -> Case:
    """Give the case to one unit with what is asked of it and its date.

    A designated unit (指定承办) may not return it.
    """
    case = case_for_change(uow, number, seen_version)
    state_after = next_state(case.state, CaseAction.DISPATCH)
    department = departments.get(uow.session, department_id)
    if not department.contact_name or not department.phone:
        raise DepartmentHasNoContact(department=department.name)
    # A case that is overdue already is wanted today.
    latest = max(case.due_on, uow.today)
    if due_on > latest:
        raise DueDateTooLate(due_on=latest.isoformat())
    case.state = state_after
    case.department_id = department_id
    case.department = department
    case.requirements = requirements.strip() or None
    case.unit_due_on = due_on
    case.is_designated = is_designated
    case.handler_id = None
    uow.announce(
        CaseDispatched(
            at=uow.now,
            actor=operator_actor(operator_id),
            number=number,
            department_id=department_id,
            requirements=requirements.strip(),
            due_on=due_on,
            is_designated=is_designated,
        )
    )
    return case


def sign_for_case(
    uow: UnitOfWork, number: str, *, operator_id: int, seen_version: int | None = None
) -> Case:
    """The unit takes the case in hand; whoever signs handles it."""
    case = case_for_change(uow, number, seen_version)
    require_own_unit(uow, case, operator_id)
    case.apply(CaseAction.SIGN_FOR)
    case.signed_for_at = uow.now
    case.handler_id = operator_id
    uow.announce(
        CaseSignedFor(
            at=uow.now,
            actor=operator_actor(operator_id),
            number=number,
            department_id=case.department_id or 0,
            handler_id=operator_id,
        )
    )
    tell_citizen(uow, case, "case_handling", department=case.department.name)  # type: ignore[union-attr]
    return case


def return_case(
    uow: UnitOfWork,
    number: str,
    *,
    operator_id: int,
    reason: str,
    seen_version: int | None = None,
) -> Case:
    """The unit says that this is not its job: once, with a reason, and not when designated."""
    case = case_for_change(uow, number, seen_version)
    require_own_unit(uow, case, operator_id)
    state_after = next_state(case.state, CaseAction.RETURN)
    if case.is_designated or case.department_id in case.returned_by:
        raise MayNotReturn(number=number)
    if not reason.strip():
        raise ReasonMissing(action=CaseAction.RETURN)
    department_id = case.department_id or 0
    case.state = state_after
    case.returned_by = [*case.returned_by, department_id]
    case.department_id = None
    case.department = None
    case.unit_due_on = None
    uow.announce(
        CaseReturned(
            at=uow.now,
            actor=operator_actor(operator_id),
            number=number,
            department_id=department_id,
            reason=reason.strip(),
        )
    )
    return case


def urge_case(
    uow: UnitOfWork,
    number: str,
    *,
    operator_id: int,
    text: str,
    seen_version: int | None = None,
) -> Case:
    """Staff press the unit to answer in time."""
    case = case_for_change(uow, number, seen_version)
    _require_running(case)
    case.urged_count += 1
    case.urged_at = uow.now
    uow.announce(
        CaseUrged(
            at=uow.now,
            actor=operator_actor(operator_id),
            number=number,
            text=text.strip() or uow.office.notice("case_urged", number=number),
        )
    )
    return case


def urge_own_case(uow: UnitOfWork, number: str, *, citizen_id: int) -> Case:
    """The citizen asks to hurry; once a day is put on record."""
    queries.get_of_citizen(uow.session, number, citizen_id)
    case = queries.get_for_change(uow.session, number)
    _require_running(case)
    if case.citizen_urged_at is not None and office_date(case.citizen_urged_at) == uow.today:
        raise AlreadyUrgedToday(number=number)
    case.urged_count += 1
    case.citizen_urged_at = uow.now
    uow.announce(
        CaseUrged(at=uow.now, actor=citizen_actor(citizen_id), number=number, text="市民催办")
    )
    return case


def case_for_change(uow: UnitOfWork, number: str, seen_version: int | None) -> Case:
    """Lock the case; refuse when it is no longer what the operator was looking at."""
    case = queries.get_for_change(uow.session, number)
    if seen_version is not None and case.version != seen_version:
        raise StaleCase(number=number)
    return case


def require_own_unit(uow: UnitOfWork, case: Case, operator_id: int) -> None:
    operator = operators.get(uow.session, operator_id)
    if case.department_id is None or operator.department_id != case.department_id:
        raise NotYourUnit(number=case.number)


def tell_citizen(uow: UnitOfWork, case: Case, notice: str, **facts: str) -> int | None:
    """Tell the citizen in their own chat how the case goes on; return the message's id."""
    if case.conversation_id is None:
        return None
    text = uow.office.notice(notice, number=case.number, title=case.title, **facts)
    short = CaseNotice.of(
        notice,
        uow.office.case_page(case.number),
        number=case.number,
        title=case.title,
        what=uow.office.notices[f"{notice}_short"],
        at=written_moment(uow.now),
        due_on=written_date(case.due_on),
        department=facts.get("department", uow.office.name),
    )
    return say_as_desk(uow, case.conversation_id, text=text, notice=short).id


def _require_running(case: Case) -> None:
    if case.state not in MAY_BE_URGED:
        raise IllegalTransition(state=case.state, action="urge")
