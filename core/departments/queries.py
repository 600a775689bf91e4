"""Questions about departments. Reading only: changes are in services.py."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.departments.errors import DepartmentNotFound
from core.departments.models import Department


@dataclass(frozen=True)
class Branch:
    department: Department
    depth: int


def get(session: Session, department_id: int) -> Department:
    department = session.get(Department, department_id)
    if department is None:
        raise DepartmentNotFound(department_id=department_id)
    return department


def get_by_code(session: Session, code: str) -> Department:
    department = find_by_code(session, code)
    if department is None:
        raise DepartmentNotFound(code=code)
    return department


def find_by_code(session: Session, code: str) -> Department | None:
    return session.scalars(select(Department).filter_by(code=code)).one_or_none()


def tree(session: Session) -> list[Branch]:
    """Return every department, each after its parent, with its depth."""
    children: dict[int | None, list[Department]] = {}
    for department in session.scalars(
        select(Department).order_by(Department.position, Department.id)
    ):
        children.setdefault(department.parent_id, []).append(department)
    branches: list[Branch] = []

    def climb(parent_id: int | None, depth: int) -> None:
        for department in children.get(parent_id, []):
            branches.append(Branch(department, depth))
            climb(department.id, depth + 1)

    climb(None, 0)
    return branches


def ids_below(session: Session, department_id: int) -> set[int]:
    """Return the department itself and every one below it; nothing where there is none."""
    found: set[int] = set()
    for branch in tree(session):  # parents come first
        department = branch.department
        if department.id == department_id or department.parent_id in found:
            found.add(department.id)
    return found


def all_departments(session: Session) -> Sequence[Department]:
    return session.scalars(select(Department).order_by(Department.position, Department.id)).all()
