"""Which topic is the message about, and is it a professional who writes?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
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
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.urgency_words import LEVELS
from bot.nlu.blend import Blend
from bot.nlu.examples import STAFF_VOICES, Example, examples, held_out
from bot.nlu.features import Matrix
from bot.nlu.featurizer import NgramFeaturizer, row_of, rows_of
from bot.nlu.keeping import keep, kept
from bot.nlu.network import Labels, Recipe, answers_of, recipe_of, side_by_side, threshold_for

_FILE = "topic.joblib"
ROLE = "role"
# What is measured apart, to set the confidence and the threshold by.
_HELD_OUT = 0.1
_FEWEST_STAFF = 5


@dataclass
class _Trained:
    blend: Blend
    topics: list[str]
    staff_threshold: float


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier, EntityExtractorMixin):
    """Ranks the topics by probability; entity ``role`` is ``professional`` when somebody writes who works with it."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [NgramFeaturizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["scipy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``candidates``: how many topics the ranking holds. ``staff_recall``: 0…1. ``cost``: the SVM's C;
        ``beside``: what it counts beside the network. ``sharpness``: how much surer the topics are than on training
        messages, most of which name one topic where a second would do. The rest is the network's Recipe."""
        own = {"candidates": 10, "staff_recall": 0.7, "cost": 0.3, "beside": 4.0, "sharpness": 1.25}
        return {**own, **asdict(Recipe())}

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
            rows = rows_of(training_data.intent_examples)
            topics = sorted({message.topic for message in messages})
            labels = _labels(messages, topics)
            learnt, measured = held_out(messages, _HELD_OUT)
            first, blend = side_by_side(
                [
                    partial(self._fit, rows[learnt], labels.of(learnt), [messages[number] for number in learnt]),
                    partial(self._fit, rows, labels, messages),
                ]
            )
            factor = first.calibrate(rows[measured], labels.answers[measured], sharpness=self._config["sharpness"])
            _, flags = first.network.outputs(rows[measured])
            staff = threshold_for(self._config["staff_recall"], flags[:, 0], labels.flags[measured, 0], _FEWEST_STAFF)
            blend.factor = factor
            self._trained = _Trained(blend, topics, staff)
            self.persist()
        return self._resource

    def _fit(self, rows: Matrix, labels: Labels, messages: Sequence[Example]) -> Blend:
        alone = np.array([number for number, one in enumerate(messages) if one.copy_of is None], dtype=np.intp)
        cost, beside = self._config["cost"], self._config["beside"]
        return Blend.fit(rows, labels, recipe_of(self._config), cost=cost, beside=beside, alone=alone)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._understand(message)
        return messages

    def _understand(self, message: Message) -> None:
        row = row_of(message)
        if row is None or self._trained is None or message.get(INTENT, {}).get(INTENT_NAME_KEY):
            return
        scores, flags = self._trained.blend.read(row)
        best = scores.argsort()[::-1][: self._config["candidates"]]
        topics = self._trained.topics
        ranking = [{INTENT_NAME_KEY: topics[index], PREDICTED_CONFIDENCE_KEY: float(scores[index])} for index in best]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        if flags[0] >= self._trained.staff_threshold:
            role = [{"entity": ROLE, "value": "professional", "start": 0, "end": 0}]
            message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(role), add_to_output=True)

    def persist(self) -> None:
        keep(self._storage, self._resource, _FILE, self._trained)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        return cls(config, model_storage, resource, kept(model_storage, resource, _FILE))


def _labels(messages: Sequence[Example], topics: Sequence[str]) -> Labels:
    """The topics, and beside them whether a professional writes and how urgent it is, which helps to tell topics."""
    flags = [
        [message.voice in STAFF_VOICES, *(LEVELS.index(message.urgency or LEVELS[0]) >= level for level in (1, 2, 3))]
        for message in messages
    ]
    answers = answers_of([[message.topic, *message.also] for message in messages], topics)
    return Labels(answers, np.array(flags, dtype=np.float32))
