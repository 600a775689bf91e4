import pytest

from core.cases.states import CLOCK_RUNS, STAGE_REACHED, CaseState, Stage


@pytest.mark.parametrize("state", CaseState)
def test_every_state_shows_the_citizen_one_of_the_four_steps(state):
    assert STAGE_REACHED[state] in Stage


def test_only_an_answered_case_has_reached_the_last_step():
    answered = {state for state, stage in STAGE_REACHED.items() if stage is Stage.ANSWERED}

    assert answered == {CaseState.REPLIED, CaseState.CLOSED}
    assert answered.isdisjoint(CLOCK_RUNS)
