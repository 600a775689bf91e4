"""The life of a case: what may follow what, for every state and every action."""

from itertools import product

import pytest

from core.cases.errors import IllegalTransition
from core.cases.states import (
    CLOCK_RUNS,
    CaseAction,
    CaseState,
    Rating,
    allowed,
    next_state,
)

S, A = CaseState, CaseAction

MAY_FOLLOW = {
    S.SUBMITTED: {A.ACCEPT: S.ACCEPTED, A.REJECT: S.REJECTED},
    S.ACCEPTED: {A.DISPATCH: S.DISPATCHED},
    S.REJECTED: {},
    S.DISPATCHED: {A.SIGN_FOR: S.HANDLING, A.RETURN: S.RETURNED},
    S.RETURNED: {A.DISPATCH: S.DISPATCHED},
    S.HANDLING: {A.DRAFT_REPLY: S.REVIEWING},
    S.REVIEWING: {A.SEND_BACK: S.HANDLING, A.REPLY: S.REPLIED},
    S.REPLIED: {A.CLOSE: S.CLOSED},
    S.CLOSED: {},
}

ALL_PAIRS = list(product(CaseState, CaseAction))
LEGAL = [(state, action) for state, actions in MAY_FOLLOW.items() for action in actions]


@pytest.mark.parametrize(("state", "action"), LEGAL)
def test_a_legal_action_leads_where_it_should(state, action):
    assert next_state(state, action) is MAY_FOLLOW[state][action]


@pytest.mark.parametrize(("state", "action"), [pair for pair in ALL_PAIRS if pair not in LEGAL])
def test_every_other_action_is_refused(state, action):
    with pytest.raises(IllegalTransition) as refused:
        next_state(state, action)

    assert refused.value.details == {"state": state, "action": action}


@pytest.mark.parametrize("state", CaseState)
def test_the_buttons_of_a_state_are_its_legal_actions(state):
    assert allowed(state) == set(MAY_FOLLOW[state])


def test_the_clock_runs_until_the_citizen_has_an_answer():
    assert set(CaseState) - CLOCK_RUNS == {S.REJECTED, S.REPLIED, S.CLOSED}


def test_every_state_can_be_reached_from_submission():
    reached, new = {S.SUBMITTED}, {S.SUBMITTED}
    while new:
        new = {after for state in new for after in MAY_FOLLOW[state].values()} - reached
        reached |= new

    assert reached == set(CaseState)


def test_the_last_two_of_five_ratings_are_bad():
    assert [rating for rating in Rating if rating.is_bad] == [
        Rating.DISSATISFIED,
        Rating.VERY_DISSATISFIED,
    ]
