import pytest

from core.cases.errors import IllegalTransition
from core.cases.services import acknowledge_case, reject_case
from core.cases.states import CLOCK_RUNS, STAGE_REACHED, CaseState, RejectionReason, Stage
from core.operators.permissions import Role
from tests.builders import a_case, an_operator


@pytest.mark.parametrize("state", CaseState)
def test_every_state_shows_the_citizen_one_of_the_four_steps(state):
    assert STAGE_REACHED[state] in Stage


def test_only_an_answered_case_has_reached_the_last_step():
    answered = {state for state, stage in STAGE_REACHED.items() if stage is Stage.ANSWERED}

    assert answered == {CaseState.REPLIED, CaseState.CLOSED}
    assert answered.isdisjoint(CLOCK_RUNS)


def test_a_case_that_has_ended_is_not_acknowledged_any_more(uow):
    case = a_case(uow)
    reject_case(
        uow,
        case.number,
        operator_id=an_operator(uow, Role.DISPATCHER).id,
        reason=RejectionReason.NO_FACTS,
        explanation="请补充时间和地点后重新提交。",
    )

    with pytest.raises(IllegalTransition):
        acknowledge_case(uow, case.number)
