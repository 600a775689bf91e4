"""Who speaks: what may follow what, for every state and every step."""

from itertools import product

import pytest

from core.conversations.errors import IllegalConversationStep
from core.conversations.states import ConversationState, ConversationStep, next_state

S, A = ConversationState, ConversationStep

MAY_FOLLOW = {
    S.BOT: {A.HAND_OFF: S.WAITING, A.TAKE_OVER: S.OPERATOR},
    S.WAITING: {A.TAKE_OVER: S.OPERATOR, A.HAND_BACK: S.BOT, A.CLOSE: S.CLOSED},
    S.OPERATOR: {A.HAND_BACK: S.BOT, A.HAND_OFF: S.WAITING, A.CLOSE: S.CLOSED},
    S.CLOSED: {A.WRITE_AGAIN: S.BOT},
}

LEGAL = [(state, step) for state, steps in MAY_FOLLOW.items() for step in steps]
ILLEGAL = [pair for pair in product(ConversationState, ConversationStep) if pair not in LEGAL]


@pytest.mark.parametrize(("state", "step"), LEGAL)
def test_a_legal_step_leads_where_it_should(state, step):
    assert next_state(state, step) is MAY_FOLLOW[state][step]


@pytest.mark.parametrize(("state", "step"), ILLEGAL)
def test_every_other_step_is_refused(state, step):
    with pytest.raises(IllegalConversationStep):
        next_state(state, step)
