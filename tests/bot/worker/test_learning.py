"""The worker gathers open questions and knows which of them mean the same."""

from datetime import timedelta

import pytest

from bot.worker.learning import Learning, SentenceMeanings
from core.gaps import queries
from core.gaps.states import GapState
from tests.core.gaps.talks import is_missed


@pytest.fixture
def learning(core):
    return Learning(core, SentenceMeanings())


def test_questions_that_mean_the_same_come_together(core, clock, learning):
    with core.unit_of_work() as uow:
        for text in ("怎么给狗办证", "养狗要怎么办理犬证", "图书馆几点关门"):
            is_missed(uow, text)
    clock.advance(timedelta(minutes=30))

    assert learning.look() == 3
    with core.unit_of_work() as uow:
        groups = queries.groups(uow.session, GapState.OPEN)
        assert [(each.title, each.question_count) for each in groups] == [
            ("怎么给狗办证", 2),
            ("图书馆几点关门", 1),
        ]


def test_nothing_open_is_nothing_to_do(learning):
    assert learning.look() == 0
