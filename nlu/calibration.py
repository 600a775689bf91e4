"""Scores as probabilities: how often a best answer with such a score was right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

# As if that many answers had been seen to follow the curve that is expected.
_EXPECTED_ANSWERS = 5.0


@dataclass(frozen=True)
class Calibration:
    """A logistic curve over a score and its lead over the next best."""

    of_score: float
    of_lead: float
    base: float

    def fitted(
        self, scores: np.ndarray, leads: np.ndarray, right: np.ndarray, weights: np.ndarray
    ) -> Calibration:
        """Return the curve that fits what was seen; with little to go by, it stays like this."""
        rows = np.column_stack([scores, leads, np.ones_like(scores)])
        sign = np.where(right, 1.0, -1.0)
        expected = np.array([self.of_score, self.of_lead, self.base])

        def loss(curve: np.ndarray) -> tuple[float, np.ndarray]:
            margin = sign * (rows @ curve)
            away = curve - expected
            cost = np.logaddexp(0, -margin) @ weights + _EXPECTED_ANSWERS * away @ away / 2
            slope = _EXPECTED_ANSWERS * away - (sign * weights * expit(-margin)) @ rows
            return cost, slope

        curve = minimize(loss, expected, jac=True, method="L-BFGS-B").x
        return Calibration(*(float(value) for value in curve))

    def __call__(self, score: float, lead: float) -> float:
        return float(expit(self.of_score * score + self.of_lead * lead + self.base))
