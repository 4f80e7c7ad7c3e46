"""Names of people and places in a message that was not understood, so that the list for review can leave them out.

The spaCy pipeline finds them. It takes longer than everything else together (docs/understanding.md), so it reads only
what somebody may have to look at.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.language.pipeline import names
from bot.nlu.decision import NOT_UNDERSTOOD

NAMES = "names"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class NameFinder(GraphComponent):
    """Sets ``names`` to where they stand, a start and an end each, on messages that were not understood."""

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy"]

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NameFinder:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and message.get(INTENT, {}).get(INTENT_NAME_KEY) == NOT_UNDERSTOOD:
                message.set(NAMES, [list(span) for span in names(text)], add_to_output=True)
        return messages
