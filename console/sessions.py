"""Sign-in sessions: a signed cookie that names the operator, and what ends it.

The cookie holds the operator's session version. Signing out raises the version
in the database, which ends every copy of every cookie at once.
"""

from datetime import UTC, datetime, timedelta

from flask import request, session

from console.context import CurrentOperator, now, settings
from core.bootstrap import Core
from core.operators import queries

# Live refreshes say so themselves: a desk nobody touches must not stay open for ever.
BACKGROUND_HEADER = "X-Background"
REFRESH_AFTER = timedelta(minutes=1)


def begin(operator_id: int, session_version: int) -> None:
    """Start anew: nothing from before the sign-in survives, its CSRF token included."""
    session.clear()
    session["operator_id"] = operator_id
    session["session_version"] = session_version
    session["begun_at"] = session["used_at"] = int(now().timestamp())


def end() -> None:
    session.clear()


def find_operator(core: Core) -> CurrentOperator | None:
    """Return whose session this is, unless it has ended; note that it is in use."""
    if "operator_id" not in session or _has_expired():
        return None
    with core.unit_of_work() as uow:
        operator = queries.find(uow.session, session["operator_id"])
        if (
            operator is None
            or not operator.is_active
            or operator.session_version != session["session_version"]
        ):
            return None
        found = CurrentOperator(
            id=operator.id,
            login=operator.login,
            display_name=operator.display_name,
            department_id=operator.department_id,
            department_name=operator.department.name,
            roles=frozenset(operator.roles),
            permissions=operator.permissions,
            is_on_duty=operator.is_on_duty,
            capacity=operator.capacity,
        )
    if BACKGROUND_HEADER not in request.headers and _moment("used_at") + REFRESH_AFTER < now():
        session["used_at"] = int(now().timestamp())
    return found


def _has_expired() -> bool:
    oldest = now() - timedelta(hours=settings().session_hours)
    idle_since = now() - timedelta(minutes=settings().session_idle_minutes)
    return _moment("begun_at") < oldest or _moment("used_at") < idle_since


def _moment(name: str) -> datetime:
    return datetime.fromtimestamp(session.get(name, 0), UTC)
