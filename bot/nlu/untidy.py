"""More untidy writing to learn from: copies of training messages as somebody else would have typed them."""

from __future__ import annotations

import random
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.forms import REGIONS
from bot.language.noise import noisy
from bot.nlu.examples import COPY_OF


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class UntidyCopies(GraphComponent):
    """Adds copies while training, and does nothing to what people write."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Shares in 0…1. ``share``: of the messages that get a copy. ``rate``: of a copy's words that are spelt
        otherwise. ``dialect``: of the copies of messages in bokmål that are put into dialect or nynorsk."""
        return {"share": 0.15, "rate": 0.1, "dialect": 0.5, "seed": 0}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UntidyCopies:
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        draw = random.Random(self._config["seed"])
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        chosen = draw.sample(messages, int(len(messages) * self._config["share"]))
        copies = [self._copy(message, draw) for message in chosen]
        return training_data.merge(TrainingData([copy for copy in copies if copy is not None]))

    def _copy(self, message: Message, draw: random.Random) -> Message | None:
        """An untidy copy, or None where it came out as it was."""
        text, metadata = message.get(TEXT), message.get(METADATA) or {}
        form = (metadata.get(METADATA_EXAMPLE) or {}).get("form")
        region = draw.choice(REGIONS) if form == "nb" and draw.random() < self._config["dialect"] else None
        untidy = noisy(text, rate=self._config["rate"], seed=draw.randrange(1_000_000), region=region)
        if untidy == text or not untidy.strip():
            return None
        return Message({TEXT: untidy, INTENT: message.get(INTENT), METADATA: metadata, COPY_OF: text})

    def process(self, messages: list[Message]) -> list[Message]:
        return messages
