"""Texts as weighted n-grams of characters and of toneless syllables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nlu.text import syllables

LONGEST_GRAM = 2
SYLLABLE_WEIGHT = 1.5  # beside characters with 1: what is typed by sound is often misspelt


@dataclass(frozen=True)
class NgramSpace:
    """The n-grams seen in training, each with its column and its rarity."""

    columns: dict[str, int]
    rarity: np.ndarray

    @classmethod
    def of(cls, texts: Sequence[str]) -> NgramSpace:
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(_character_grams(text)))
            seen.update(set(_syllable_grams(text)))
        grams = sorted(seen)
        rarity = [math.log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in grams]
        return cls({gram: i for i, gram in enumerate(grams)}, np.array(rarity, np.float32))

    def vector(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the columns and weights of a normalised text; its length is 1 at most."""
        parts = [
            self._weighed(_character_grams(text), 1.0),
            self._weighed(_syllable_grams(text), SYLLABLE_WEIGHT),
        ]
        columns = np.concatenate([part[0] for part in parts])
        weights = np.concatenate([part[1] for part in parts])
        return columns, weights / np.float32(math.sqrt(1 + SYLLABLE_WEIGHT**2))

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        vectors = [self.vector(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in vectors)])
        return sparse.csr_matrix(
            (
                np.concatenate([weights for _, weights in vectors]),
                np.concatenate([columns for columns, _ in vectors]),
                ends,
            ),
            shape=(len(texts), len(self.columns)),
        )

    def _weighed(self, grams: Sequence[str], share: float) -> tuple[np.ndarray, np.ndarray]:
        """Weigh what is known; what is unknown makes the known less of the whole."""
        counts = Counter(grams)
        known = {self.columns[gram]: n for gram, n in counts.items() if gram in self.columns}
        columns = np.fromiter(known.keys(), np.int64, len(known))
        often = np.fromiter(known.values(), np.float32, len(known))
        weights = (1 + np.log(often)) * self.rarity[columns]
        unknown = (len(counts) - len(known)) * float(self.rarity.max()) ** 2
        length = math.sqrt(float(weights @ weights) + unknown) or 1.0
        return columns, (weights * (share / length)).astype(np.float32)


def _character_grams(text: str) -> list[str]:
    return _grams(["^", *text.replace(" ", ""), "$"], "")


def _syllable_grams(text: str) -> list[str]:
    return ["~" + gram for gram in _grams(["^", *syllables(text), "$"], " ")]


def _grams(units: list[str], between: str) -> list[str]:
    return [
        between.join(units[start : start + length])
        for length in range(1, LONGEST_GRAM + 1)
        for start in range(len(units) - length + 1)
    ]
