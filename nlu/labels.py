"""What is told apart: questions of the FAQ, and wishes, among them those that refuse."""

from __future__ import annotations

import numpy as np

QUESTION, WISH = "question", "wish"
# Said of a message, these mean that the desk has no answer for it.
REFUSALS = frozenset({"out_of_scope", "not_covered", "nonsense"})


def kind_of(label: str) -> str:
    return QUESTION if "/" in label else WISH


def columns_of(kind: str, labels: list[str]) -> np.ndarray:
    return np.array([i for i, label in enumerate(labels) if kind_of(label) == kind], np.int64)


def which_refuse(labels: list[str]) -> np.ndarray:
    return np.array([label in REFUSALS for label in labels])
