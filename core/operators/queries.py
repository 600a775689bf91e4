"""Questions about operators. Reading only: changes are in services.py."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.operators.errors import OperatorNotFound
from core.operators.models import Operator


def find(session: Session, operator_id: int) -> Operator | None:
    return session.get(Operator, operator_id)


def get(session: Session, operator_id: int) -> Operator:
    operator = session.get(Operator, operator_id)
    if operator is None:
        raise OperatorNotFound(operator_id=operator_id)
    return operator


def get_for_change(session: Session, operator_id: int) -> Operator:
    operator = session.scalars(
        select(Operator)
        .filter_by(id=operator_id)
        .with_for_update(of=Operator)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if operator is None:
        raise OperatorNotFound(operator_id=operator_id)
    return operator


def find_by_login_for_change(session: Session, login: str) -> Operator | None:
    return session.scalars(
        select(Operator).filter_by(login=login).with_for_update(of=Operator)
    ).one_or_none()


def everybody(session: Session) -> Sequence[Operator]:
    return session.scalars(
        select(Operator).filter_by(is_active=True).order_by(Operator.department_id, Operator.id)
    ).all()


def names(session: Session, operator_ids: Collection[int]) -> dict[int, str]:
    """Return the display names of these operators by id."""
    if not operator_ids:
        return {}
    rows = session.execute(
        select(Operator.id, Operator.display_name).where(Operator.id.in_(operator_ids))
    )
    return {row.id: row.display_name for row in rows}


def on_duty(session: Session) -> Sequence[Operator]:
    return session.scalars(
        select(Operator).filter_by(is_active=True, is_on_duty=True).order_by(Operator.id)
    ).all()
