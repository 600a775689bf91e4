"""What an evaluation is made of: sentences with what they mean, and what is learnt before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlu.training_data import TrainingData

OUT_OF_SCOPE = "out_of_scope"

NEAR, FAR, UNSPLIT = "near", "far", "unsplit"
PLAIN = "plain"


class BadEvaluationData(Exception):
    """The files cannot be measured with; `problems` says why, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Row:
    """A message and every label that is right for it; out of scope when there is none."""

    text: str
    labels: tuple[str, ...]
    kind: str = PLAIN
    typos: tuple[str, ...] = ()  # the same message with one wrong character, with two

    @property
    def is_in_scope(self) -> bool:
        return bool(self.labels)


@dataclass(frozen=True)
class EvaluationSet:
    name: str
    title: str
    rows: tuple[Row, ...]
    gold: tuple[Row, ...] = ()
    must_refuse: tuple[Row, ...] = ()

    @property
    def in_scope(self) -> list[Row]:
        return [row for row in self.rows if row.is_in_scope]

    @property
    def out_of_scope(self) -> list[Row]:
        return [row for row in self.rows if not row.is_in_scope]

    @property
    def all_texts(self) -> list[str]:
        """Every text once, in order."""
        rows = (*self.rows, *self.gold, *self.must_refuse)
        return list(dict.fromkeys(text for row in rows for text in (row.text, *row.typos)))


@dataclass(frozen=True)
class Lesson:
    """What the pipelines learn, under the names that Rasa is to know.

    `labels` leads from those names to the labels of the evaluation sets. `folder` is the
    project's own data, with its domain and rules; sets from outside have none.
    """

    data: TrainingData
    labels: Mapping[str, str]
    folder: Path | None = None
    notes: tuple[str, ...] = field(default=())
