"""Which question is asked: kernel ridge regression over similarity to the known forms.

A form is similar by its n-grams and by the square of its dense similarity; the square lets the
nearest forms speak, which a plain linear model over the vectors does not. Everything has a closed
form, so thousands of forms are learnt in a second, and what the model would say of each form had
it never seen it is known as well: that is what the probabilities are fitted to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import linalg, sparse

from nlu import sentences
from nlu.calibration import Calibration
from nlu.ngrams import NgramSpace
from nlu.text import normalise

DENSE_WEIGHT = 1.5
STIFFNESS = 0.5  # added to the diagonal: how little a single form may pull
KINSHIP = 0.4  # how far a form also speaks for the other questions of its topic
STRANGER_FOLDS = 5
STRANGER_WEIGHT = 0.4  # of a question that is not in the store, beside one that is
EXACT = 0.999


@dataclass(frozen=True)
class Form:
    """One way to ask a question, or to say what one wants."""

    text: str
    label: str
    topic: str | None = None  # only FAQ questions have one


@dataclass(frozen=True)
class Ranked:
    label: str
    confidence: float


class QuestionRanker:
    def __init__(
        self,
        labels: list[str],
        known: dict[str, str],
        space: NgramSpace,
        forms: sparse.csr_matrix,
        pulls: np.ndarray,
        base: np.ndarray,
        calibrations: dict[str, Calibration],
        dense: np.ndarray | None,
        origin: np.ndarray | None,
    ) -> None:
        self.labels = labels
        self._known = known
        self._space = space
        self._forms = forms
        self._by_gram = forms.tocsc()
        self._pulls = pulls
        self._base = base
        self._calibrations = calibrations
        self._dense = dense
        self._origin = origin
        self._kinds = [_kind(label) for label in labels]

    # --- understanding ---------------------------------------------------------------------

    def rank(self, text: str, limit: int) -> list[Ranked]:
        """Return the likeliest labels, best first, each with the chance that it is right."""
        read = normalise(text)
        if not read:
            return []
        scores = self._scores(read)
        order = np.argpartition(-scores, min(limit, len(scores) - 1))[: limit + 1]
        order = order[np.argsort(-scores[order])]
        exact = self._known.get(read.replace(" ", ""))
        ranking = []
        for place, label in enumerate(order[:limit]):
            rival = scores[order[1]] if place == 0 and len(order) > 1 else scores[order[0]]
            calibration = self._calibrations[self._kinds[label]]
            confidence = calibration(scores[label], scores[label] - rival)
            ranking.append(Ranked(self.labels[label], min(confidence, EXACT)))
        if exact is not None:
            others = [ranked for ranked in ranking if ranked.label != exact]
            ranking = [Ranked(exact, EXACT), *others][:limit]
        return ranking

    def _scores(self, read: str) -> np.ndarray:
        columns, weights = self._space.vector(read)
        likeness = np.zeros(len(self._pulls), np.float32)
        starts, rows, values = self._by_gram.indptr, self._by_gram.indices, self._by_gram.data
        for column, weight in zip(columns.tolist(), weights.tolist(), strict=True):
            span = slice(starts[column], starts[column + 1])
            likeness[rows[span]] += weight * values[span]
        if self._dense is not None:
            meant = sentences.vectors([read], self._origin)[0]
            likeness += DENSE_WEIGHT * np.maximum(self._dense @ meant, 0) ** 2
        return likeness @ self._pulls + self._base

    # --- learning --------------------------------------------------------------------------

    @classmethod
    def learn(cls, forms: Sequence[Form], *, use_dense: bool = True) -> QuestionRanker:
        read = [normalise(form.text) for form in forms]
        labels = sorted({form.label for form in forms})
        answer = np.array([labels.index(form.label) for form in forms])
        space = NgramSpace.of(read)
        matrix = space.matrix(read)
        likeness = (matrix @ matrix.T).toarray().astype(np.float64)
        dense = origin = None
        if use_dense:
            raw = sentences.vectors(read)
            origin = raw.mean(axis=0)
            dense = sentences.vectors(read, origin)
            likeness += DENSE_WEIGHT * np.maximum(dense @ dense.T, 0).astype(np.float64) ** 2
        wanted = _wanted(forms, labels)
        base = wanted.mean(axis=0)
        inverse = linalg.inv(likeness + STIFFNESS * np.eye(len(forms)), check_finite=False)
        pulls = inverse @ (wanted - base)
        unseen = wanted - pulls / np.diag(inverse)[:, None]
        strangers = _scores_of_strangers(likeness, wanted, answer, labels)
        return cls(
            labels,
            {
                text.replace(" ", ""): form.label
                for text, form in zip(read, forms, strict=True)
                if text
            },
            space,
            matrix,
            pulls.astype(np.float32),
            base.astype(np.float32),
            _calibrations(unseen, strangers, answer, labels),
            dense,
            origin,
        )

    # --- keeping ---------------------------------------------------------------------------

    def save(self, folder: Path) -> None:
        about = {
            "labels": self.labels,
            "known": self._known,
            "grams": sorted(self._space.columns, key=self._space.columns.__getitem__),
            "calibrations": {
                kind: [curve.of_score, curve.of_lead, curve.base]
                for kind, curve in self._calibrations.items()
            },
        }
        (folder / "ranker.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        arrays = {
            "rarity": self._space.rarity,
            "pulls": self._pulls,
            "base": self._base,
            "weights": self._forms.data,
            "columns": self._forms.indices,
            "ends": self._forms.indptr,
        }
        if self._dense is not None and self._origin is not None:
            arrays |= {"dense": self._dense, "origin": self._origin}
        np.savez(folder / "ranker.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> QuestionRanker:
        about = json.loads((folder / "ranker.json").read_text(encoding="utf-8"))
        with np.load(folder / "ranker.npz", allow_pickle=False) as arrays:
            kept = {name: arrays[name] for name in arrays.files}
        space = NgramSpace({gram: i for i, gram in enumerate(about["grams"])}, kept["rarity"])
        forms = sparse.csr_matrix(
            (kept["weights"], kept["columns"], kept["ends"]),
            shape=(len(kept["pulls"]), len(about["grams"])),
        )
        return cls(
            about["labels"],
            about["known"],
            space,
            forms,
            kept["pulls"],
            kept["base"],
            {kind: Calibration(*curve) for kind, curve in about["calibrations"].items()},
            kept.get("dense"),
            kept.get("origin"),
        )


def _kind(label: str) -> str:
    return "question" if "/" in label else "wish"


def _wanted(forms: Sequence[Form], labels: list[str]) -> np.ndarray:
    """Return the scores to aim at: 1 for the own label, a little for its topic's others."""
    topics = {form.label: form.topic for form in forms}
    column_topics = np.array([topics[label] or f"={label}" for label in labels])
    wanted = np.zeros((len(forms), len(labels)))
    for row, form in enumerate(forms):
        if form.topic is not None:
            wanted[row, column_topics == form.topic] = KINSHIP
        wanted[row, labels.index(form.label)] = 1 + KINSHIP
    return wanted


def _scores_of_strangers(
    likeness: np.ndarray, wanted: np.ndarray, answer: np.ndarray, labels: list[str]
) -> np.ndarray:
    """Score each FAQ form by a model that does not know its question at all.

    Those are questions on the right topic that the store cannot answer; a row holds the two
    best scores.
    """
    questions = np.array([i for i, label in enumerate(labels) if _kind(label) == "question"])
    found = []
    for fold in range(STRANGER_FOLDS):
        hidden = questions[fold::STRANGER_FOLDS]
        strange = np.isin(answer, hidden)
        if not strange.any() or strange.all():
            continue
        rest = np.flatnonzero(~strange)
        base = wanted[rest].mean(axis=0)
        pulls = linalg.solve(
            likeness[np.ix_(rest, rest)] + STIFFNESS * np.eye(len(rest)),
            wanted[rest] - base,
            assume_a="pos",
            check_finite=False,
        )
        scores = likeness[np.ix_(np.flatnonzero(strange), rest)] @ pulls + base
        scores[:, hidden] = -np.inf
        found.append(-np.sort(-scores, axis=1)[:, :2])
    return np.concatenate(found) if found else np.zeros((0, 2))


def _calibrations(
    unseen: np.ndarray, strangers: np.ndarray, answer: np.ndarray, labels: list[str]
) -> dict[str, Calibration]:
    best = unseen.argmax(axis=1)
    two_best = -np.sort(-unseen, axis=1)[:, :2]
    asked = np.array([_kind(labels[label]) for label in best])
    curves = {}
    for kind in ("question", "wish"):
        rows = asked == kind
        scores, right = two_best[rows], (best == answer)[rows]
        weights = np.ones(len(right))
        if kind == "question":
            scores = np.concatenate([scores, strangers])
            right = np.concatenate([right, np.zeros(len(strangers), bool)])
            weights = np.concatenate([weights, np.full(len(strangers), STRANGER_WEIGHT)])
        curves[kind] = Calibration.fitted(scores[:, 0], scores[:, 0] - scores[:, 1], right, weights)
    return curves
