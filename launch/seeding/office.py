"""The office itself: its units, its people, its knowledge."""

from pydantic import Field

from core.departments.services import add_department
from core.knowledge.services import EntryDraft, import_entry
from core.operators.permissions import Role
from core.operators.services import add_operator, set_duty
from core.unit_of_work import UnitOfWork
from launch.seeding.moments import Told
from launch.seeding.story import Cast


class Unit(Told):
    code: str
    name: str
    contact: str
    phone: str
    disclosure_phone: str | None = None
    address: str | None = None
    units: list["Unit"] = []


class Person(Told):
    login: str
    name: str
    department: str
    roles: list[Role] = Field(min_length=1)
    capacity: int = 30
    is_on_duty: bool = False
    shown: str = ""  # the role in a word, where the account is one to try the desk with


class ReviewSoon(Told):
    """An entry that somebody must look at again within days."""

    slug: str
    in_days: int


def add_units(
    uow: UnitOfWork, cast: Cast, units: list[Unit], *, parent_code: str | None = None
) -> None:
    for position, unit in enumerate(units):
        department = add_department(
            uow,
            code=unit.code,
            name=unit.name,
            parent_code=parent_code,
            position=position,
            contact_name=unit.contact,
            phone=unit.phone,
            disclosure_phone=unit.disclosure_phone,
            address=unit.address,
        )
        cast.departments[unit.code] = department.id
        add_units(uow, cast, unit.units, parent_code=unit.code)


def add_people(uow: UnitOfWork, cast: Cast, people: list[Person], *, password: str) -> None:
    for person in people:
        operator = add_operator(
            uow,
            login=person.login,
            display_name=person.name,
            department_code=person.department,
            roles=person.roles,
            password=password,
            capacity=person.capacity,
        )
        cast.operators[person.login] = operator.id


def come_on_duty(uow: UnitOfWork, cast: Cast, people: list[Person]) -> None:
    for person in people:
        if person.is_on_duty:
            set_duty(uow, cast.operators[person.login], is_on_duty=True)


def add_knowledge(uow: UnitOfWork, drafts: list[EntryDraft]) -> None:
    for draft in drafts:
        import_entry(uow, draft)
