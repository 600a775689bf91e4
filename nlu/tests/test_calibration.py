import numpy as np
import pytest

from nlu.calibration import Calibration

EXPECTED = Calibration(of_score=3.0, of_lead=2.0, base=-1.0)


def fitted(scores, leads, right):
    weights = np.ones(len(scores))
    return EXPECTED.fitted(np.array(scores), np.array(leads), np.array(right), weights)


def test_a_chance_is_the_logistic_of_score_and_lead():
    assert EXPECTED(0.0, 0.5) == pytest.approx(0.5)
    assert EXPECTED(1.0, 1.0) == pytest.approx(1 / (1 + np.exp(-4)))


def test_without_answers_the_expected_curve_stays():
    curve = fitted([], [], np.array([], bool))

    assert (curve.of_score, curve.of_lead, curve.base) == pytest.approx((3.0, 2.0, -1.0))


def test_few_answers_move_the_curve_a_little_and_many_a_lot():
    few = fitted([0.5] * 4, [0.2] * 4, [False] * 4)
    many = fitted([0.5] * 4000, [0.2] * 4000, [False] * 4000)

    assert EXPECTED(0.5, 0.2) > few(0.5, 0.2) > 0.3
    assert many(0.5, 0.2) < 0.05


def test_many_answers_are_told_as_often_as_they_were_right():
    rng = np.random.default_rng(1)
    scores, leads = rng.uniform(0, 1, 20_000), rng.uniform(0, 1, 20_000)
    truth = Calibration(4.0, -1.0, -2.0)
    chances = np.array([truth(*pair) for pair in zip(scores, leads, strict=True)])

    curve = fitted(scores, leads, rng.uniform(size=20_000) < chances)

    assert curve(0.9, 0.1) == pytest.approx(truth(0.9, 0.1), abs=0.03)
    assert curve(0.2, 0.7) == pytest.approx(truth(0.2, 0.7), abs=0.03)
