"""Changes to the organisation."""

from core.departments import queries
from core.departments.errors import DepartmentBelowItself
from core.departments.models import Department
from core.unit_of_work import UnitOfWork


def add_department(
    uow: UnitOfWork,
    *,
    code: str,
    name: str,
    parent_code: str | None = None,
    position: int = 0,
    contact_name: str | None = None,
    phone: str | None = None,
    disclosure_phone: str | None = None,
    address: str | None = None,
) -> Department:
    """Add a unit below its parent; a unit that is there already is brought up to date."""
    known = queries.find_by_code(uow.session, code)
    department = known or Department(code=code)
    parent = queries.get_by_code(uow.session, parent_code) if parent_code else None
    if known and parent and parent.id in queries.ids_below(uow.session, known.id):
        raise DepartmentBelowItself(code=code)
    department.name = name
    department.parent_id = parent.id if parent else None
    department.position = position
    department.contact_name = contact_name
    department.phone = phone
    department.disclosure_phone = disclosure_phone
    department.address = address
    uow.session.add(department)
    uow.session.flush()  # children and people are given its id
    return department
