"""How urgent is the message, and why? Runs before the topic and needs none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import expit, logit, softmax

from bot.language.urgency_words import LEVELS, REASONS, alarms, highest
from bot.nlu.examples import Example, examples, held_out
from bot.nlu.features import Matrix
from bot.nlu.featurizer import NgramFeaturizer, row_of, rows_of
from bot.nlu.keeping import keep, kept
from bot.nlu.network import Floats, Labels, Network, Recipe, answers_of, recipe_of, side_by_side, threshold_for

Scores: TypeAlias = NDArray[np.floating[Any]]

_FILE = "urgency.joblib"
URGENCY = "urgency"
REASON = "reason"
_ALARMING = ("urgent", "acute")
# The trained part hears so little in a few words that it answers with what is common among its examples: up to so many
# words, a level has to reach this score.
_FEW_WORDS = ((3, 0.5), (6, 0.2))
# A reason that the trained part alone has heard decides which number stands first, so it has to be fairly sure.
_REASON_SURE = 0.6
# What each network is measured on, to set the thresholds by.
_HELD_OUT = 0.1
# One network leans to the levels and one to the topics: they are wrong about different messages.
_LEANINGS = ((1.0, 0.5), (0.5, 1.0))
# How many messages at the usual rate each topic is counted to have besides its own.
_FEW_MESSAGES, _TINY = 3.0, 1e-6
# A level that few messages show cannot be learnt; the rules know it all the same.
_FEWEST = 10


@dataclass(frozen=True)
class Assessment:
    """A message's level, its reasons (the deciding one first) and those of them that a rule found."""

    level: str
    reasons: list[str]
    ruled: list[str]


@dataclass
class _Trained:
    networks: list[Network]
    """Their flags: at least concern, at least urgent, acute; then the reasons."""
    rates: Floats
    """(topics × 3): of the messages about a topic, the share that is at least concern, at least urgent, acute."""
    thresholds: list[float]
    """What the three levels' scores have to reach."""

    def read(self, row: Matrix, sharpness: float) -> tuple[Scores, Scores]:
        """The scores (0…1) of the three levels and of the reasons, the mean of the networks'."""
        read = [network.read(row) for network in self.networks]
        levels = [_scores(raw[None, :], flags[None, :], self.rates, sharpness)[0] for raw, flags in read]
        reasons = [flags[len(LEVELS) - 1 :] for _, flags in read]
        return expit(np.mean([_logit(scores) for scores in levels], axis=0)), np.mean(reasons, axis=0)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class UrgencyClassifier(GraphComponent, EntityExtractorMixin):
    """Adds ``urgency`` and ``reasons`` to the message, and both as entities, which the slots of that name keep.

    A rule or the trained part can raise the level; neither lowers what the other found. The thresholds are set for
    recall, since a miss is worse than a false alarm. The topics are learnt beside the levels, for what they have in
    common and for how urgent messages about them usually are; no topic is asked for or given.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [NgramFeaturizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["scipy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``recall``: the recall (0…1) on what is held out that each level's threshold is set for. ``sharpness``: how
        far the topics that the message may be about are told apart. The rest is the networks' Recipe."""
        return {
            "recall": {"concern": 0.9, "urgent": 0.957, "acute": 0.88},
            "sharpness": 4.0,
            **asdict(Recipe(epochs=8)),
        }

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
        messages = examples(training_data)
        told = np.array([number for number, message in enumerate(messages) if message.urgency in LEVELS], dtype=np.intp)
        if len(told):
            rows, labelled = rows_of(training_data.intent_examples)[told], [messages[number] for number in told]
            labels = _labels(labelled)
            recipe, recall = recipe_of(self._config), self._config["recall"]
            rates = _rates(labels)
            # Each network leaves other messages out, which it is measured on, and together they have learnt from all.
            apart = [held_out(labelled, _HELD_OUT, seed=number) for number in range(len(_LEANINGS))]
            recipes = [
                replace(recipe, seed=number, flags_weight=flags, answers_weight=answers)
                for number, (flags, answers) in enumerate(_LEANINGS)
            ]
            networks = side_by_side(
                [
                    partial(Network.fit, rows[learnt], labels.of(learnt), leaning)
                    for (learnt, _), leaning in zip(apart, recipes, strict=True)
                ]
            )
            scores = np.concatenate(
                [
                    _scores(*network.outputs(rows[measured]), rates, self._config["sharpness"])
                    for network, (_, measured) in zip(networks, apart, strict=True)
                ]
            )
            present = labels.flags[np.concatenate([measured for _, measured in apart])]
            thresholds = [
                threshold_for(recall[level], scores[:, place], present[:, place], _FEWEST)
                for place, level in enumerate(LEVELS[1:])
            ]
            self._trained = _Trained(networks, rates, thresholds)
            self.persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                self._note(message, self.assess(text, row_of(message)))
        return messages

    def assess(self, text: str, row: Matrix | None) -> Assessment:
        """How urgent ``text`` is, and why. ``row``: its features; without them only the rules speak."""
        fired = alarms(text)
        level = highest(*(alarm.level for alarm in fired))
        reasons = {alarm.reason for alarm in fired}
        if self._trained is not None and row is not None:
            scores, told = self._trained.read(row, self._config["sharpness"])
            words = len(text.split())
            least = next((score for most, score in _FEW_WORDS if words <= most), 0.0)
            for place, name in enumerate(LEVELS[1:]):
                if scores[place] >= max(self._trained.thresholds[place], least):
                    level = highest(level, name)
            if level in _ALARMING:
                reasons |= {name for name, score in zip(REASONS, told, strict=True) if score >= _REASON_SURE}
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
        keep(self._storage, self._resource, _FILE, self._trained)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> UrgencyClassifier:
        return cls(config, model_storage, resource, kept(model_storage, resource, _FILE))


def _rates(labels: Labels) -> Floats:
    """How often each topic's messages are at each level or above, drawn a little towards how often all are."""
    flags = labels.flags[:, : len(LEVELS) - 1]
    counted = labels.answers.T @ flags + _FEW_MESSAGES * flags.mean(axis=0)
    rates: Floats = counted / (labels.answers.sum(axis=0)[:, None] + _FEW_MESSAGES)
    return rates


def _scores(raw: Scores, flags: Scores, rates: Floats, sharpness: float) -> Scores:
    """What the first three flags say, and what is usual for the topics that the raw answers (n × k) point to, half
    each: (n × 3)."""
    usual = softmax(sharpness * raw, axis=1) @ rates
    mean: Scores = expit((_logit(flags[:, : len(LEVELS) - 1]) + _logit(usual)) / 2)
    return mean


def _logit(shares: Scores) -> Scores:
    found: Scores = logit(np.clip(shares, _TINY, 1 - _TINY))
    return found


def _labels(messages: Sequence[Example]) -> Labels:
    levels = [LEVELS.index(message.urgency or LEVELS[0]) for message in messages]
    flags = [
        [*(level >= least for least in range(1, len(LEVELS))), *(reason in message.reasons for reason in REASONS)]
        for level, message in zip(levels, messages, strict=True)
    ]
    answers = answers_of([[message.topic] for message in messages], sorted({message.topic for message in messages}))
    return Labels(answers, np.array(flags, dtype=np.float32))
