"""The organisation: a tree of units."""

import pytest

from core.departments import queries
from core.departments.errors import DepartmentBelowItself, DepartmentNotFound
from core.departments.services import add_department


def test_units_stand_below_their_parents_in_their_order(uow):
    add_department(uow, code="government", name="县政府")
    add_department(uow, code="office", name="办公室", parent_code="government", position=2)
    add_department(uow, code="disclosure", name="政务公开科", parent_code="office")
    add_department(uow, code="police", name="公安局", parent_code="government", position=1)

    tree = [(branch.department.code, branch.depth) for branch in queries.tree(uow.session)]

    assert tree == [("government", 0), ("police", 1), ("office", 1), ("disclosure", 2)]


def test_adding_a_unit_again_brings_it_up_to_date(uow):
    before = add_department(uow, code="office", name="办公室", phone="0000-1234567")

    after = add_department(uow, code="office", name="县政府办公室", phone="0000-7654321")

    assert after is before
    assert (after.name, after.phone) == ("县政府办公室", "0000-7654321")
    assert len(queries.all_departments(uow.session)) == 1


def test_a_parent_must_be_there_before_its_units(uow):
    with pytest.raises(DepartmentNotFound):
        add_department(uow, code="office", name="办公室", parent_code="government")


def test_a_unit_does_not_stand_below_itself(uow):
    add_department(uow, code="government", name="县政府")
    add_department(uow, code="office", name="办公室", parent_code="government")

    with pytest.raises(DepartmentBelowItself):
        add_department(uow, code="government", name="县政府", parent_code="office")
    with pytest.raises(DepartmentBelowItself):
        add_department(uow, code="office", name="办公室", parent_code="office")

    assert len(queries.tree(uow.session)) == 2


def test_an_unknown_unit_is_not_found(uow):
    assert queries.find_by_code(uow.session, "nothing") is None
    with pytest.raises(DepartmentNotFound):
        queries.get(uow.session, 0)
    with pytest.raises(DepartmentNotFound):
        queries.get_by_code(uow.session, "nothing")
