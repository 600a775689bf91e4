"""What a model makes of each question of the evaluation sets, without Rasa around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import yaml

from nlu.chances import OFFERED
from nlu.decision import FALLBACK, FAQ, FAQ_UNSURE
from nlu.labels import REFUSALS
from nlu.reading import read
from nlu.trainer.packages import Reader

GOLD, MUST_REFUSE, OUT_OF_SCOPE = "gold", "must_refuse", "out_of_scope"
KNOWN = ("development", "test")  # both: one alone has too few questions of each intent
SETS = (GOLD, MUST_REFUSE, OUT_OF_SCOPE, *KNOWN)
TIMED = 40

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Asked:
    """A question of an evaluation set with every label that is right for it."""

    text: str
    labels: tuple[str, ...]
    of: str


@dataclass(frozen=True)
class Heard:
    """What the model would do: act upon a label, offer some questions, or neither.

    With an answer, `offered` holds what else the message asks, which is answered too.
    """

    answered: str | None
    offered: tuple[str, ...] = ()
    confidence: float = 0.0
    best: str | None = None

    @property
    def is_answer(self) -> bool:
        """Whether a citizen would get an answer of the FAQ outright."""
        return self.answered is not None and self.answered.startswith(f"{FAQ}/")

    @property
    def acts(self) -> bool:
        return self.answered is not None and self.answered not in REFUSALS


def read_sets(folder: Path) -> list[Asked]:
    """Read the sets that are there; a question without a label is out of scope."""
    asked = []
    for name in SETS:
        file = folder / f"{name}.yml"
        if file.exists():
            content = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
            asked += [Asked(row["text"].strip(), _labels(row), name) for row in content or []]
    return asked


def that_can_be_answered(asked: Iterable[Asked], labels: Iterable[str]) -> list[Asked]:
    """Leave out questions whose entry the store has no more: somebody took it out on purpose."""
    known = {*labels, OUT_OF_SCOPE}
    return [one for one in asked if known.intersection(one.labels)]


def hear(reader: Reader, text: str) -> Heard:
    decision = read(reader.ranker, text, reader.thresholds, length=reader.ranking_length)
    items = decision.ranking.items
    best = items[0].label if items else None
    questions = tuple(item.label for item in decision.ranking.questions)
    if decision.intent == FAQ:
        return Heard(questions[0], decision.also_asked, decision.confidence, best)
    if decision.intent == FAQ_UNSURE:
        return Heard(None, questions[:OFFERED], decision.confidence, best)
    answered = None if decision.intent == FALLBACK else decision.intent
    return Heard(answered, (), decision.confidence, best)


def hear_all(reader: Reader, asked: Sequence[Asked]) -> dict[str, Heard]:
    return {text: hear(reader, text) for text in dict.fromkeys(one.text for one in asked)}


def milliseconds(readers: Sequence[Reader], texts: Sequence[str]) -> list[float]:
    """Time the readers by turns, so that whatever else the machine does burdens all alike."""
    times: list[list[float]] = [[] for _ in readers]
    step = max(1, len(texts) // TIMED)
    for text in texts[::step]:
        for reader, found in zip(readers, times, strict=True):
            began = perf_counter()
            hear(reader, text)
            found.append((perf_counter() - began) * 1000)
    return [median(found) if found else 0.0 for found in times]


def _labels(row: dict[str, Any]) -> tuple[str, ...]:
    several = row.get("intents")
    wanted = several if isinstance(several, list) else [row.get("intent")]
    return tuple(str(label) for label in wanted if label)
