"""Every step of a case by every role in every state: the page offers it or not, the door too."""

import re

import pytest

from console.cases.steps import STEPS
from core.cases.states import CLOCK_RUNS, CaseState
from core.operators.permissions import Role
from tests.console.cases.files import Files, address, operator_of
from tests.console.conftest import SignInAs

_R, _S = Role, CaseState

# Said once more, in the words of the office's rules, to be held against the tables.
WHO = {
    "acknowledge": {_R.OPERATOR, _R.DISPATCHER},
    "accept": {_R.DISPATCHER},
    "reject": {_R.DISPATCHER},
    "dispatch": {_R.DISPATCHER, _R.SUPERVISOR},
    "sign_for": {_R.HANDLER, _R.UNIT_HEAD},
    "return": {_R.UNIT_HEAD},
    "draft": {_R.HANDLER, _R.UNIT_HEAD},
    "release": {_R.UNIT_HEAD},
    "send_back": {_R.UNIT_HEAD},
    "close": {_R.SUPERVISOR},
    "urge": {_R.DISPATCHER, _R.SUPERVISOR},
}
WHEN = {
    "acknowledge": set(CLOCK_RUNS),
    "accept": {_S.SUBMITTED},
    "reject": {_S.SUBMITTED},
    "dispatch": {_S.ACCEPTED, _S.RETURNED},
    "sign_for": {_S.DISPATCHED},
    "return": {_S.DISPATCHED},
    "draft": {_S.HANDLING},
    "release": {_S.REVIEWING},
    "send_back": {_S.REVIEWING},
    "close": {_S.REPLIED},
    "urge": {_S.ACCEPTED, _S.DISPATCHED, _S.RETURNED, _S.HANDLING, _S.REVIEWING},
}
SEE_ALL = {_R.OPERATOR, _R.DISPATCHER, _R.SUPERVISOR, _R.LEADER}
SEE_OWN_UNIT = {_R.HANDLER, _R.UNIT_HEAD}
# Before a unit has the case, and after it gave it back, the unit does not see it.
IN_NO_UNIT = {_S.SUBMITTED, _S.ACCEPTED, _S.REJECTED, _S.RETURNED}


def sees(role: Role, state: CaseState) -> bool:
    return role in SEE_ALL or (role in SEE_OWN_UNIT and state not in IN_NO_UNIT)


def offered(page: str) -> set[str]:
    return set(re.findall(r'data-step="(\w+)"', page))


def test_every_step_stands_in_both_tables():
    assert set(STEPS) == set(WHO) == set(WHEN)


@pytest.mark.parametrize("role", Role)
def test_a_role_is_shown_the_steps_it_may_take_and_no_others(
    files: Files, sign_in_as: SignInAs, role: Role
):
    visitor = sign_in_as(operator=operator_of(files, role))
    wrong: dict[CaseState, object] = {}
    for state in CaseState:
        case = files.case(state)
        page = visitor.get(f"/cases/{case.number}")
        if not sees(role, state):
            hidden = 404 if role in SEE_OWN_UNIT else 403
            if page.status_code != hidden or case.title in page.text:
                wrong[state] = page.status_code
            continue
        expected = {step for step in STEPS if role in WHO[step] and state in WHEN[step]}
        if page.status_code != 200 or offered(page.text) != expected:
            wrong[state] = (page.status_code, offered(page.text) ^ expected)

    assert wrong == {}


@pytest.mark.parametrize("role", Role)
def test_a_role_can_take_the_steps_it_may_take_and_no_others(
    files: Files, sign_in_as: SignInAs, role: Role
):
    visitor = sign_in_as(operator=operator_of(files, role))
    wrong: dict[tuple[CaseState, str], object] = {}
    for state in CaseState:
        case = files.case(state)
        for step in STEPS:
            if case.state is not state or case.version != files.now(case.number).version:
                case = files.case(state)
            answer = visitor.post(address(step, case), files.form(step, case))
            if role not in WHO[step]:
                expected = 403
            elif not sees(role, state):
                expected = 404
            else:
                expected = 303 if state in WHEN[step] else 409
            if answer.status_code != expected:
                wrong[state, step] = (answer.status_code, expected)
            has_changed = files.now(case.number).version != case.version
            if has_changed != (expected == 303 and state in WHEN[step]):
                wrong[state, step] = (answer.status_code, "changed" if has_changed else "unchanged")

    assert wrong == {}


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_HEAD])
@pytest.mark.parametrize("state", [state for state in CaseState if state not in IN_NO_UNIT])
def test_another_unit_neither_sees_nor_touches_the_case(
    files: Files, sign_in_as: SignInAs, person, role: Role, state: CaseState
):
    case = files.case(state)
    stranger = sign_in_as(operator=person(role, department=files.elsewhere))

    assert stranger.get(f"/cases/{case.number}").status_code == 404
    assert stranger.get(f"/cases/{case.number}/news").status_code == 404
    assert stranger.get(f"/cases/{case.number}/steps").status_code == 404
    assert stranger.post(f"/cases/{case.number}/contact").status_code == 404
    assert case.title not in stranger.get("/cases/").text
    for step in STEPS:
        if role in WHO[step]:
            answer = stranger.post(address(step, case), files.form(step, case))
            assert answer.status_code == 404, step
    assert files.now(case.number).version == case.version
