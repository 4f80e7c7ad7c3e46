"""The n-grams of a message, as sparse features that the classifiers after it read (and Rasa's own can)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack, vstack

from bot.nlu.encoder import ORIGIN as ENCODER
from bot.nlu.features import Matrix, Ngrams
from bot.nlu.keeping import keep, kept

_FILE = "ngrams.joblib"
_ORIGIN = "ngrams"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(GraphComponent):
    """Adds one row of sparse sentence features to each message that has a text."""

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``least``: how many training messages must hold a feature."""
        return {"least": 2}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, ngrams: Ngrams | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._ngrams = ngrams

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramFeaturizer:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        texts = [message.get(TEXT) for message in training_data.intent_examples if message.get(TEXT)]
        if texts:
            self._ngrams = Ngrams(least=min(self._config["least"], len(texts))).fit(texts)
            self.persist()
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and self._ngrams is not None:
                row = self._ngrams.row(text)
                message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, _ORIGIN))
        return messages

    def persist(self) -> None:
        keep(self._storage, self._resource, _FILE, self._ngrams)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramFeaturizer:
        return cls(config, model_storage, resource, kept(model_storage, resource, _FILE))


def row_of(message: Message) -> Matrix | None:
    """(1 × features): what the featurizers before have made of the message, None where none has.

    An encoder's vector stands behind the n-grams.
    """
    # Rasa's own look-up copies what it finds.
    made = {features.origin: features.features for features in message.features}
    if _ORIGIN in made and ENCODER in made:
        return hstack([made[_ORIGIN], csr_matrix(made[ENCODER])], format="csr")
    return made.get(_ORIGIN)


def rows_of(messages: Sequence[Message]) -> Matrix:
    """(n × features). Raises ValueError when a message has not been read by a featurizer."""
    return vstack([row_of(message) for message in messages], format="csr")
