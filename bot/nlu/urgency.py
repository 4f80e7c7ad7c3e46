"""How urgent is the message, and why? Runs before the topic and needs none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.urgency_words import LEVELS, REASONS, alarms, highest
from bot.nlu.examples import Example, examples
from bot.nlu.linear import Detector, Matrix, Ngrams

URGENCY = "urgency"
REASON = "reason"
_ALARMING = ("urgent", "acute")
# The trained part hears so little in a few words that it answers with what is common among its examples.
_FEW_WORDS, _SURE = 4, 0.5
# A reason that the trained part alone has heard decides which number stands first, so it has to be fairly sure.
_REASON_SURE = 0.6
# A reason that few messages show cannot be learnt; the rules know it all the same.
_MINIMUM = 15


@dataclass(frozen=True)
class Assessment:
    """A message's level, its reasons (the deciding one first) and those of them that a rule found."""

    level: str
    reasons: list[str]
    ruled: list[str]


@dataclass
class _Trained:
    features: Ngrams
    levels: dict[str, Detector]
    """For each level above none: is the message at least that urgent?"""
    reasons: dict[str, Detector]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class UrgencyClassifier(GraphComponent, EntityExtractorMixin):
    """Adds ``urgency`` and ``reasons`` to the message, and both as entities, which the slots of that name keep.

    A rule or the trained part can raise the level; neither lowers what the other found. The thresholds are set for
    recall, since a miss is worse than a false alarm.
    """

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``recall``: the out-of-fold recall (0…1) that each level's threshold is set for."""
        return {"recall": {"concern": 0.9, "urgent": 0.94, "acute": 0.8}}

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
    ) -> UrgencyClassifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        messages = [message for message in examples(training_data) if message.urgency in LEVELS]
        if messages:
            features = Ngrams()
            rows = features.fit_transform([message.text for message in messages])
            self._trained = _Trained(features, self._fit_levels(rows, messages), self._fit_reasons(rows, messages))
            self.persist()
        return self._resource

    def _fit_levels(self, rows: Matrix, messages: list[Example]) -> dict[str, Detector]:
        found = {}
        for number, level in enumerate(LEVELS[1:], start=1):
            present = [LEVELS.index(message.urgency or LEVELS[0]) >= number for message in messages]
            if _MINIMUM <= sum(present) < len(present):
                found[level] = Detector.fit(rows, present, recall=self._config["recall"][level])
        return found

    def _fit_reasons(self, rows: Matrix, messages: list[Example]) -> dict[str, Detector]:
        found = {}
        for reason in REASONS:
            present = [reason in message.reasons for message in messages]
            if sum(present) >= _MINIMUM:
                found[reason] = Detector.fit(rows, present, recall=None)
        return found

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                self._note(message, self.assess(text))
        return messages

    def assess(self, text: str) -> Assessment:
        """How urgent ``text`` is, and why."""
        fired = alarms(text)
        level = highest(*(alarm.level for alarm in fired))
        reasons = {alarm.reason for alarm in fired}
        if self._trained is not None:
            row = self._trained.features.row(text)
            least = _SURE if len(text.split()) < _FEW_WORDS else 0.0
            for name, detector in self._trained.levels.items():
                if detector.score(row) >= max(detector.threshold, least):
                    level = highest(level, name)
            if level in _ALARMING:
                told = self._trained.reasons.items()
                reasons |= {name for name, detector in told if detector.score(row) >= _REASON_SURE}
        ordered = [reason for reason in REASONS if reason in reasons]
        return Assessment(level, ordered, [alarm.reason for alarm in fired])

    def _note(self, message: Message, found: Assessment) -> None:
        level, reasons = found.level, found.reasons
        message.set(URGENCY, level, add_to_output=True)
        message.set("reasons", reasons, add_to_output=True)
        message.set("alarms", found.ruled, add_to_output=True)
        # The conversation stays at a level that there is a reason for. Without one this message is answered as
        # urgent, and the next one is heard afresh.
        kept = level if reasons or level not in _ALARMING else "concern"
        entities = [{"entity": URGENCY, "value": kept, "start": 0, "end": 0}]
        entities += [{"entity": REASON, "value": reason, "start": 0, "end": 0} for reason in reasons]
        message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(entities), add_to_output=True)

    def persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._trained, folder / "urgency.joblib", compress=3)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> UrgencyClassifier:
        try:
            with model_storage.read_from(resource) as folder:
                trained = joblib.load(folder / "urgency.joblib")
        except ValueError:
            # Rasa asks for what was never written when there was nothing to train on.
            trained = None
        return cls(config, model_storage, resource, trained)
