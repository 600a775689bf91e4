"""The parts of the pipeline that Rasa runs for every message."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_RANKING_KEY,
    METADATA,
    METADATA_INTENT,
    RESPONSE_SELECTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits

from nlu import entities
from nlu.decision import FAQ, FAQ_UNSURE, Decision, Thresholds
from nlu.ranker import Form, QuestionRanker
from nlu.reading import read

DICTIONARY = "dictionary.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class QuestionClassifier(GraphComponent):
    """Tells which FAQ question is asked, or what else the citizen wants."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        ranker: QuestionRanker | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._ranker = ranker
        self._thresholds = Thresholds(
            sure=config["sure"],
            offer=config["offer"],
            wish=config["wish"],
            follow_up=config["follow_up"],
        )

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "dense": True,
            "sure": 0.6,
            "offer": 0.35,
            "wish": 0.45,
            "follow_up": 0.75,
            "ranking_length": 5,
            "nearest": 5,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> QuestionClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> QuestionClassifier:
        with model_storage.read_from(resource) as folder:
            ranker = QuestionRanker.load(folder)
        # Small products gain nothing from a second thread, and lose tenfold on a busy machine.
        threadpool_limits(limits=1)
        ranker.rank("warm", 1)  # loads the encoder now, not at the first citizen's message
        return cls(config, model_storage, resource, ranker)

    def train(self, training_data: TrainingData) -> Resource:
        forms = [_form(example) for example in training_data.intent_examples]
        self._ranker = QuestionRanker.learn(forms, use_dense=self._config["dense"])
        with self._storage.write_to(self._resource) as folder:
            self._ranker.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if self._ranker is None:
            raise RuntimeError("the question classifier has not been trained")
        for message in messages:
            length = self._config["ranking_length"]
            decision = read(
                self._ranker,
                message.get(TEXT) or "",
                self._thresholds,
                length=length,
                nearest=self._config["nearest"],
            )
            _write(message, decision, length)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PatternEntities(GraphComponent):
    """Finds numbers, phones, days, departments and districts, by patterns and lookup tables."""

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        dictionary: entities.Dictionary = entities.NO_WORDS,
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._dictionary = dictionary

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PatternEntities:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> PatternEntities:
        with model_storage.read_from(resource) as folder:
            names = json.loads((folder / DICTIONARY).read_text(encoding="utf-8"))
        return cls(model_storage, resource, entities.Dictionary(names))

    def train(self, training_data: TrainingData) -> Resource:
        with self._storage.write_to(self._resource) as folder:
            names = json.dumps(_names(training_data), ensure_ascii=False)
            (folder / DICTIONARY).write_text(names, encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = [
                {
                    "entity": item.entity,
                    "value": item.value,
                    "start": item.start,
                    "end": item.end,
                    "extractor": "PatternEntities",
                }
                for item in entities.find(message.get(TEXT) or "", self._dictionary)
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def _names(training_data: TrainingData) -> dict[str, dict[str, str]]:
    """Return entity -> word -> name out of Rasa's lookup tables and synonyms."""
    names: dict[str, dict[str, str]] = {}
    for table in training_data.lookup_tables:
        words = names.setdefault(table["name"], {})
        words.update({word: word for word in table["elements"]})
        words.update(
            {word: name for word, name in training_data.entity_synonyms.items() if name in words}
        )
    return names


def _form(example: Message) -> Form:
    about = (example.get(METADATA) or {}).get(METADATA_INTENT) or {}
    return Form(example.get(TEXT), example.get_full_intent(), about.get("topic"))


def _write(message: Message, decision: Decision, length: int) -> None:
    """Write the decision the way Rasa's own classifiers and response selector do."""
    ranking = decision.ranking
    message.set(
        INTENT, {"name": decision.intent, "confidence": decision.confidence}, add_to_output=True
    )
    message.set(
        INTENT_RANKING_KEY,
        [{"name": item.label, "confidence": item.confidence} for item in ranking.items[:length]],
        add_to_output=True,
    )
    message.set("in_scope", ranking.in_scope, add_to_output=True)
    message.set("nearest", [asdict(form) for form in ranking.nearest], add_to_output=True)
    if decision.intent in {FAQ, FAQ_UNSURE}:
        questions = [
            {"intent_response_key": item.label, "confidence": item.confidence}
            for item in ranking.questions[:length]
        ]
        message.set(
            RESPONSE_SELECTOR,
            {
                "all_retrieval_intents": [FAQ],
                FAQ: {"response": questions[0], "ranking": questions},
            },
            add_to_output=True,
        )
    message.set("also_asked", list(decision.also_asked), add_to_output=True)
