"""Which cases an operator sees: all, or those that lie with the own unit."""

from typing import Any

from console.context import CurrentOperator
from core.cases import queries
from core.cases.errors import CaseNotFound
from core.operators.permissions import Permission
from core.unit_of_work import UnitOfWork

VIEWING = (Permission.VIEW_ALL_CASES, Permission.VIEW_OWN_UNIT_CASES)


def unit_of(who: CurrentOperator) -> int | None:
    """Return the one unit whose cases the operator sees; None when it is every unit."""
    return None if who.can(Permission.VIEW_ALL_CASES) else who.department_id


def is_seen_by(case: Any, who: CurrentOperator) -> bool:
    unit = unit_of(who)
    return unit is None or case.department_id == unit


def visible_case(uow: UnitOfWork, number: str, who: CurrentOperator) -> Any:
    """Return the case; one that lies elsewhere is the same as none."""
    case = queries.get(uow.session, number)
    if not is_seen_by(case, who):
        raise CaseNotFound(number=number)
    return case
