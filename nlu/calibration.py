"""Scores as probabilities: how often a best answer with such a score was right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

_PULL_TO_ZERO = 1e-3


@dataclass(frozen=True)
class Calibration:
    """A logistic curve over a score and its lead over the next best."""

    of_score: float
    of_lead: float
    base: float

    @classmethod
    def fitted(
        cls, scores: np.ndarray, leads: np.ndarray, right: np.ndarray, weights: np.ndarray
    ) -> Calibration:
        rows = np.column_stack([scores, leads, np.ones_like(scores)])
        sign = np.where(right, 1.0, -1.0)

        def loss(curve: np.ndarray) -> tuple[float, np.ndarray]:
            margin = sign * (rows @ curve)
            cost = np.logaddexp(0, -margin) @ weights / weights.sum()
            slope = -(sign * weights / (1 + np.exp(margin))) @ rows / weights.sum()
            pull = np.append(curve[:2], 0.0)
            return cost + _PULL_TO_ZERO * pull @ pull / 2, slope + _PULL_TO_ZERO * pull

        curve = minimize(loss, np.zeros(3), jac=True, method="L-BFGS-B").x
        return cls(*(float(value) for value in curve))

    def __call__(self, score: float, lead: float) -> float:
        return float(1 / (1 + np.exp(-(self.of_score * score + self.of_lead * lead + self.base))))
