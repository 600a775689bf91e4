"""How sure to be of a score: curves fitted to what the model says of forms it has not seen."""

from __future__ import annotations

import numpy as np

from nlu.calibration import Calibration
from nlu.labels import QUESTION, WISH, columns_of, kind_of, which_refuse

STRANGER_WEIGHT = 0.4  # of a question that is not in the store, beside one that is
REFUSAL_WEIGHT = 8.0  # of an example that is out of scope: there are few of many kinds
OFFERED = 3

AMONG, IN_SCOPE = "among_offered", "in_scope"
# What is expected before anything is seen: the curves of a store that knows each question in one
# form only. They were fitted to the desk's own questions with all forms but one hidden, and hold
# for public stores as well.
EXPECTED = {
    QUESTION: Calibration(3.9, 4.8, -2.1),
    WISH: Calibration(3.9, 4.8, -2.1),
    AMONG: Calibration(3.8, 4.0, -1.4),
    IN_SCOPE: Calibration(5.5, 0.0, -0.3),
}


def fitted(
    unseen: np.ndarray, strangers: np.ndarray, answer: np.ndarray, labels: list[str]
) -> dict[str, Calibration]:
    kinds = np.array([kind_of(label) for label in labels])
    # Without its only form a question is one that the store does not know.
    is_alone = np.bincount(answer, minlength=len(labels))[answer] == 1
    strangers = np.concatenate([strangers, unseen[is_alone & (kinds[answer] == QUESTION)]])
    unseen, answer = unseen[~is_alone], answer[~is_alone]
    best = unseen.argmax(axis=1)
    curves = {}
    for kind in (QUESTION, WISH):
        rows = kinds[best] == kind
        others = strangers if kind == QUESTION else strangers[:0]
        curves[kind] = _curve(kind, unseen[rows], (best == answer)[rows], others, rivals=1)
    # Offers are made of questions only; a wish is never among them.
    questions = columns_of(QUESTION, labels)
    offered = questions[np.argsort(-unseen[:, questions], axis=1)[:, :OFFERED]]
    is_among = (offered == answer[:, None]).any(axis=1)
    curves[AMONG] = _curve(
        AMONG, unseen[:, questions], is_among, strangers[:, questions], rivals=OFFERED
    )
    curves[IN_SCOPE] = _scope(unseen, strangers, answer, labels)
    return curves


def _curve(
    kind: str, known: np.ndarray, right: np.ndarray, strangers: np.ndarray, *, rivals: int
) -> Calibration:
    """Fit a curve over the best score and its lead over the best that does not count."""
    if not known.size:
        return EXPECTED[kind]
    best = -np.sort(-np.concatenate([known, strangers]), axis=1)[:, : rivals + 1]
    weights = np.concatenate([np.ones(len(known)), np.full(len(strangers), STRANGER_WEIGHT)])
    all_right = np.concatenate([right, np.zeros(len(strangers), bool)])
    return EXPECTED[kind].fitted(best[:, 0], best[:, 0] - best[:, -1], all_right, weights)


def _scope(
    unseen: np.ndarray, strangers: np.ndarray, answer: np.ndarray, labels: list[str]
) -> Calibration:
    """Fit a curve over the best score of what the desk knows and its lead over a refusal."""
    refusals = which_refuse(labels)
    is_known = ~refusals[answer]
    if not is_known.any():
        return EXPECTED[IN_SCOPE]
    scores, leads = best_and_lead(np.concatenate([unseen, strangers]), refusals)
    weights = np.concatenate(
        [np.where(is_known, 1.0, REFUSAL_WEIGHT), np.full(len(strangers), STRANGER_WEIGHT)]
    )
    all_known = np.concatenate([is_known, np.zeros(len(strangers), bool)])
    return EXPECTED[IN_SCOPE].fitted(scores, leads, all_known, weights)


def best_and_lead(scores: np.ndarray, refusals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best score beside the refusals, and its lead over them if there are any."""
    if refusals.all():
        return np.zeros(len(scores)), np.zeros(len(scores))
    best = scores[:, ~refusals].max(axis=1)
    if not refusals.any():
        return best, np.zeros(len(scores))
    return best, best - scores[:, refusals].max(axis=1)
