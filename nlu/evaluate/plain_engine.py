"""The plainest thing that works: counted character n-grams and logistic regression, no Rasa."""

from __future__ import annotations

import pickle
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from nlu.decision import FALLBACK
from nlu.evaluate.pipelines import Prepared
from nlu.training_data import TrainingData

LONGEST_GRAM = 2  # more exact than 3 on the project's development set and on LCQMC
# As Rasa's own FallbackClassifier has them when nothing is said.
LEAST_CONFIDENCE = 0.3
LEAST_LEAD = 0.1
RANKED = 10


def learn(prepared: Prepared, model: Path) -> None:
    model.write_bytes(pickle.dumps(learnt_from(prepared.data)))


def load(model: Path) -> Callable[[str], Awaitable[dict[str, Any]]]:
    loaded = pickle.loads(model.read_bytes())  # noqa: S301 - written by us, in this run or before

    async def read(text: str) -> dict[str, Any]:
        return parsed(loaded, text)

    return read


def learnt_from(data: TrainingData) -> Pipeline:
    learnt = [(form, wish.intent) for wish in data.wishes for form in wish.forms]
    counts = CountVectorizer(analyzer="char", ngram_range=(1, LONGEST_GRAM))
    model = make_pipeline(counts, LogisticRegression(class_weight="balanced"))
    return model.fit([form for form, _ in learnt], [intent for _, intent in learnt])


def parsed(model: Pipeline, text: str) -> dict[str, Any]:
    """Answer in the form that Rasa answers in."""
    chances = model.predict_proba([text])[0]
    best = np.argsort(-chances)[:RANKED]
    ranking = [
        {"name": str(model.classes_[place]), "confidence": float(chances[place])} for place in best
    ]
    return {"intent": _decided(ranking), "intent_ranking": ranking}


def _decided(ranking: Sequence[dict[str, Any]]) -> dict[str, Any]:
    first, second = ranking[0], ranking[1]
    lead = first["confidence"] - second["confidence"]
    if first["confidence"] < LEAST_CONFIDENCE or lead < LEAST_LEAD:
        return {"name": FALLBACK, "confidence": first["confidence"]}
    return first
