"""What holds for every step of a case, whoever takes it."""

import pytest

from core import event_log
from core.cases.errors import IllegalTransition, NotYourUnit, StaleCase
from core.cases.states import CaseState
from tests.builders import a_case
from tests.core.cases import staff as by
from tests.core.cases.staff import a_case_in, some_staff

STEPS = {
    by.accept: {CaseState.SUBMITTED},
    by.reject: {CaseState.SUBMITTED},
    by.dispatch: {CaseState.ACCEPTED, CaseState.RETURNED},
    by.sign_for: {CaseState.DISPATCHED},
    by.give_back: {CaseState.DISPATCHED},
    by.draft: {CaseState.HANDLING},
    by.send_back: {CaseState.REVIEWING},
    by.reply: {CaseState.REVIEWING},
    by.close: {CaseState.REPLIED},
}
WRONG = [
    (step, state) for step, right in STEPS.items() for state in CaseState if state not in right
]


def logged(uow, case):
    return event_log.history(uow.session, f"case:{case.number}")


@pytest.mark.parametrize(("step", "state"), WRONG)
def test_no_step_is_taken_out_of_turn(uow, staff, step, state):
    case = a_case_in(uow, state, staff)
    before = len(logged(uow, case))

    with pytest.raises((IllegalTransition, NotYourUnit)):
        step(uow, staff, case)

    assert len(logged(uow, case)) == before


@pytest.mark.parametrize(("step", "states"), STEPS.items())
def test_what_was_looked_at_too_long_ago_is_not_acted_on(uow, staff, step, states):
    case = a_case_in(uow, next(iter(states)), staff)

    with pytest.raises(StaleCase):
        step(uow, staff, case, seen_version=case.version - 1)


@pytest.mark.parametrize(("step", "states"), STEPS.items())
def test_every_step_is_put_on_record_by_whoever_took_it(uow, staff, step, states):
    case = a_case_in(uow, next(iter(states)), staff)
    version, before = case.version, len(logged(uow, case))

    step(uow, staff, case, seen_version=version)
    uow.session.flush()

    assert case.version > version
    rows = logged(uow, case)[before:]
    assert len(rows) == 1
    assert rows[0].actor.startswith("operator:")
    assert event_log.first_broken_link(uow.session, f"case:{case.number}") is None


def test_of_two_who_save_the_same_case_the_second_is_refused(fresh_core):
    with fresh_core.unit_of_work() as uow:
        staff = some_staff(uow)
        case = a_case(uow)
        uow.session.flush()
        seen = case.version
    with fresh_core.unit_of_work() as uow:
        by.accept(uow, staff, case, seen_version=seen)

    with pytest.raises(StaleCase), fresh_core.unit_of_work() as uow:
        by.reject(uow, staff, case, seen_version=seen)
