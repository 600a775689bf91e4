"""Which role may do what."""

from itertools import combinations

import pytest

from core.operators.errors import PermissionMissing
from core.operators.permissions import (
    PERMISSIONS,
    SEPARATED,
    Permission,
    Role,
    permissions_of,
)
from core.operators.services import require
from tests.builders import an_operator

P, R = Permission, Role


def holders(permission):
    return {role for role in Role if permission in PERMISSIONS[role]}


def test_every_role_has_its_row():
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_held_by_somebody(permission):
    assert holders(permission)


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (P.CONVERSE, {R.OPERATOR}),
        (P.ACCEPT_CASE, {R.DISPATCHER}),
        (P.DISPATCH_CASE, {R.DISPATCHER, R.SUPERVISOR}),
        (P.SIGN_FOR_CASE, {R.HANDLER, R.UNIT_HEAD}),
        (P.RETURN_CASE, {R.UNIT_HEAD}),
        (P.DRAFT_REPLY, {R.HANDLER, R.UNIT_HEAD}),
        (P.REVIEW_REPLY, {R.UNIT_HEAD}),
        (P.CLOSE_CASE, {R.SUPERVISOR}),
        (P.URGE_CASE, {R.DISPATCHER, R.SUPERVISOR}),
        (P.VIEW_EVENT_LOG, {R.SUPERVISOR, R.AUDITOR}),
    ],
)
def test_what_decides_a_case_is_held_by_who_answers_for_it(permission, roles):
    assert holders(permission) == roles


@pytest.mark.parametrize("role", SEPARATED)
def test_administrators_see_no_citizens_matter(role):
    assert not PERMISSIONS[role] & {
        P.VIEW_CONVERSATIONS,
        P.VIEW_ALL_CASES,
        P.VIEW_OWN_UNIT_CASES,
        P.READ_CONTACT,
    }


@pytest.mark.parametrize("role", Role)
def test_nobody_sees_all_cases_and_only_those_of_the_own_unit(role):
    assert not {P.VIEW_ALL_CASES, P.VIEW_OWN_UNIT_CASES} <= PERMISSIONS[role]


def test_several_roles_add_up():
    assert permissions_of({R.OPERATOR, R.DISPATCHER}) == (
        PERMISSIONS[R.OPERATOR] | PERMISSIONS[R.DISPATCHER]
    )
    assert permissions_of(set()) == frozenset()


@pytest.mark.parametrize("roles", list(combinations(SEPARATED, 2)))
def test_the_three_administrators_are_three_people(uow, roles):
    with pytest.raises(PermissionMissing):
        an_operator(uow, *roles)


def test_one_of_the_three_may_be_something_else_beside(uow):
    operator = an_operator(uow, R.AUDITOR, R.LEADER)

    assert operator.roles == {R.AUDITOR, R.LEADER}


def test_what_a_role_does_not_allow_is_refused(uow):
    operator = an_operator(uow, R.OPERATOR)

    require(operator, P.CONVERSE)
    with pytest.raises(PermissionMissing) as refused:
        require(operator, P.DISPATCH_CASE)

    assert refused.value.details == {"permission": "dispatch_case"}
