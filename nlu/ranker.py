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

from nlu import chances, sentences, several
from nlu.calibration import Calibration
from nlu.labels import QUESTION, REFUSALS, columns_of, kind_of, which_refuse
from nlu.ngrams import NgramSpace
from nlu.text import normalise

# Chosen by how often each of 4,606 known forms is understood without itself, with and without
# typing errors (`docs/evaluation.md`).
DENSE_WEIGHT = 1.0
STIFFNESS = 0.4  # added to the diagonal: how little a single form may pull
KINSHIP = 0.4  # how far a form also speaks for the other questions of its topic
STRANGER_FOLDS = 5
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

    @property
    def is_question(self) -> bool:
        return kind_of(self.label) == QUESTION


@dataclass(frozen=True)
class Neighbour:
    """A known form that speaks for the ranking, and how alike the message is: 1 is the same."""

    text: str
    label: str
    likeness: float


@dataclass(frozen=True)
class Ranking:
    """The likeliest labels, best first, each with the chance that it is right.

    `among_offered` is the chance that the right question is among the likeliest three: two
    that are equally likely make neither sure, but are worth offering. `in_scope` is the chance
    that the message is anything the desk knows, whatever it is.
    """

    items: tuple[Ranked, ...]
    among_offered: float = 0.0
    in_scope: float = 0.0
    nearest: tuple[Neighbour, ...] = ()

    @property
    def questions(self) -> list[Ranked]:
        return [item for item in self.items if item.is_question]


class QuestionRanker:
    def __init__(
        self,
        labels: list[str],
        known: Sequence[Form],
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
        self._by_spelling = {read: form.label for form in known if (read := _spelling(form.text))}
        asked = [(form.text, form.topic) for form in known if form.topic is not None]
        self.topic_of = {form.label: form.topic for form in known if form.topic is not None}
        self.subjects = several.subjects_of(asked)
        self._space = space
        self._forms = forms
        self._by_gram = forms.tocsc()
        self._pulls = pulls
        self._base = base
        self._calibrations = calibrations
        self._dense = dense
        self._origin = origin
        self._kinds = [kind_of(label) for label in labels]
        self._questions = columns_of(QUESTION, labels)
        self._refusals = which_refuse(labels)

    # --- understanding ---------------------------------------------------------------------

    def rank(self, text: str, limit: int, *, nearest: int = 0) -> Ranking:
        """Return the likeliest labels, and the `nearest` forms that speak for them."""
        read = normalise(text)
        if not read:
            return Ranking(())
        likeness = self._likeness(read)
        scores = likeness @ self._pulls + self._base
        order = np.argsort(-scores)[: limit + 1]
        items = []
        for place, label in enumerate(order[:limit]):
            rival = scores[order[1]] if place == 0 and len(order) > 1 else scores[order[0]]
            calibration = self._calibrations[self._kinds[label]]
            confidence = calibration(scores[label], scores[label] - rival)
            items.append(Ranked(self.labels[label], min(confidence, EXACT)))
        exact = self._by_spelling.get(read.replace(" ", ""))
        if exact is not None:
            others = [item for item in items if item.label != exact]
            items = [Ranked(exact, EXACT), *others][:limit]
        best = -np.sort(-scores[self._questions])[: chances.OFFERED + 1]
        among = self._calibrations[chances.AMONG](best[0], best[0] - best[-1]) if len(best) else 0.0
        in_scope = self._in_scope(scores, exact)
        return Ranking(tuple(items), among, in_scope, self._nearest(likeness, nearest))

    def _nearest(self, likeness: np.ndarray, count: int) -> tuple[Neighbour, ...]:
        if not count:
            return ()
        whole = 1 + (DENSE_WEIGHT if self._dense is not None else 0)
        count = min(count, len(likeness))
        first = np.argpartition(-likeness, count - 1)[:count]
        return tuple(
            Neighbour(self._known[i].text, self._known[i].label, float(likeness[i]) / whole)
            for i in first[np.argsort(-likeness[first], kind="stable")]
        )

    def _in_scope(self, scores: np.ndarray, exact: str | None) -> float:
        if exact is not None:
            return 1 - EXACT if exact in REFUSALS else EXACT
        [best], [lead] = chances.best_and_lead(scores[None], self._refusals)
        return self._calibrations[chances.IN_SCOPE](best, lead)

    def _likeness(self, read: str) -> np.ndarray:
        columns, weights = self._space.vector(read)
        likeness = np.zeros(len(self._pulls), np.float32)
        starts, rows, values = self._by_gram.indptr, self._by_gram.indices, self._by_gram.data
        for column, weight in zip(columns.tolist(), weights.tolist(), strict=True):
            span = slice(starts[column], starts[column + 1])
            likeness[rows[span]] += weight * values[span]
        if self._dense is not None:
            meant = sentences.vectors([read], self._origin)[0]
            likeness += DENSE_WEIGHT * np.maximum(self._dense @ meant, 0) ** 2
        return likeness

    # --- learning --------------------------------------------------------------------------

    @classmethod
    def learn(cls, forms: Sequence[Form], *, use_dense: bool = True) -> QuestionRanker:
        read = [normalise(form.text) for form in forms]
        labels = sorted({form.label for form in forms})
        answer = np.array([labels.index(form.label) for form in forms])
        space = NgramSpace.of(read)
        matrix = space.matrix(read)
        likeness = (matrix @ matrix.T).toarray()
        dense = origin = None
        if use_dense:
            raw = sentences.vectors(read)
            origin = raw.mean(axis=0)
            dense = sentences.vectors(read, origin)
            likeness += DENSE_WEIGHT * np.maximum(dense @ dense.T, 0) ** 2
        wanted = _wanted(forms, labels)
        base = wanted.mean(axis=0)
        inverse = _inverse(likeness + STIFFNESS * np.eye(len(forms), dtype=np.float32))
        pulls = inverse @ (wanted - base)
        # What a model without just this form would say of it.
        unseen = wanted - pulls / np.diag(inverse)[:, None]
        strangers = _scores_of_strangers(inverse, pulls, wanted, answer, labels)
        return cls(
            labels,
            forms,
            space,
            matrix,
            pulls,
            base,
            chances.fitted(unseen, strangers, answer, labels),
            dense,
            origin,
        )

    # --- keeping ---------------------------------------------------------------------------

    def save(self, folder: Path) -> None:
        about = {
            "labels": self.labels,
            "known": [[form.text, form.label, form.topic] for form in self._known],
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
            [Form(*form) for form in about["known"]],
            space,
            forms,
            kept["pulls"],
            kept["base"],
            {kind: Calibration(*curve) for kind, curve in about["calibrations"].items()},
            kept.get("dense"),
            kept.get("origin"),
        )


def _spelling(text: str) -> str:
    return normalise(text).replace(" ", "")


def _wanted(forms: Sequence[Form], labels: list[str]) -> np.ndarray:
    """Return the scores to aim at: 1 for the own label, a little for its topic's others."""
    topics = {form.label: form.topic for form in forms}
    column_topics = np.array([topics[label] or f"={label}" for label in labels])
    wanted = np.zeros((len(forms), len(labels)), np.float32)
    for row, form in enumerate(forms):
        if form.topic is not None:
            wanted[row, column_topics == form.topic] = KINSHIP
        wanted[row, labels.index(form.label)] = 1 + KINSHIP
    return wanted


def _inverse(matrix: np.ndarray) -> np.ndarray:
    """Invert a symmetric positive matrix, at half the cost of a general one."""
    factor, failed = linalg.lapack.spotrf(matrix, lower=True, overwrite_a=True)
    if failed:
        raise linalg.LinAlgError(f"not positive: {failed}")
    lower, _ = linalg.lapack.spotri(factor, lower=True, overwrite_c=True)
    lower = np.tril(lower)
    return lower + np.tril(lower, -1).T


def _scores_of_strangers(
    inverse: np.ndarray,
    pulls: np.ndarray,
    wanted: np.ndarray,
    answer: np.ndarray,
    labels: list[str],
) -> np.ndarray:
    """Score each FAQ form by a model that does not know its question at all.

    Those are questions on the right topic that the store cannot answer.
    """
    questions = columns_of(QUESTION, labels)
    found = []
    for fold in range(STRANGER_FOLDS):
        hidden = questions[fold::STRANGER_FOLDS]
        rows = np.flatnonzero(np.isin(answer, hidden))
        if not 0 < len(rows) < len(answer):
            continue
        without = linalg.solve(inverse[np.ix_(rows, rows)], pulls[rows], assume_a="pos")
        scores = wanted[rows] - without
        scores[:, hidden] = 0.0
        found.append(scores)
    return np.concatenate(found) if found else np.zeros((0, len(labels)), np.float32)
