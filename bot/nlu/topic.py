"""Which topic is the message about, and is it a professional who writes?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.examples import Example, examples
from bot.nlu.linear import CalibratedSvm, Detector, Ngrams

STAFF_VOICES = {"fag", "stab"}
ROLE = "role"


@dataclass
class _Trained:
    features: Ngrams
    topics: CalibratedSvm
    staff: Detector | None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier, EntityExtractorMixin):
    """Ranks the topics by probability; entity ``role`` is ``professional`` when somebody writes who works with it."""

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``candidates``: how many topics the ranking holds. ``penalty``: the SVM's C. ``staff_recall``: 0…1."""
        return {"candidates": 10, "penalty": 1.0, "staff_recall": 0.7}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, trained: _Trained | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._trained = trained

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        messages = examples(training_data)
        if messages:
            features = Ngrams()
            rows = features.fit_transform([message.text for message in messages])
            topics = CalibratedSvm.fit(rows, [message.topic for message in messages], penalty=self._config["penalty"])
            self._trained = _Trained(features, topics, self._fit_staff(rows, messages))
            self.persist()
        return self._resource

    def _fit_staff(self, rows: Any, messages: Sequence[Example]) -> Detector | None:
        present = [message.voice in STAFF_VOICES for message in messages]
        if sum(present) < 20 or all(present):
            return None
        return Detector.fit(rows, present, recall=self._config["staff_recall"])

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._understand(message)
        return messages

    def _understand(self, message: Message) -> None:
        text = message.get(TEXT)
        if not text or self._trained is None or message.get(INTENT, {}).get(INTENT_NAME_KEY):
            return
        row = self._trained.features.row(text)
        scores = self._trained.topics.probabilities(row)
        best = scores.argsort()[::-1][: self._config["candidates"]]
        classes = self._trained.topics.classes
        ranking = [{INTENT_NAME_KEY: classes[index], PREDICTED_CONFIDENCE_KEY: float(scores[index])} for index in best]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        staff = self._trained.staff
        if staff is not None and staff.found(row):
            role = [{"entity": ROLE, "value": "professional", "start": 0, "end": 0}]
            message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(role), add_to_output=True)

    def persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._trained, folder / "topic.joblib", compress=3)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        try:
            with model_storage.read_from(resource) as folder:
                trained = joblib.load(folder / "topic.joblib")
        except ValueError:
            # Rasa asks for what was never written when there was nothing to train on.
            trained = None
        return cls(config, model_storage, resource, trained)
