"""In which language to answer."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.language.danger import sounds_dangerous
from bot.language.detect import BOKMAL, ENGLISH, NORWEGIAN, NYNORSK, UNKNOWN, Guess, detect
from bot.language.urgency_words import highest
from bot.nlu.urgency import URGENCY

LANGUAGE = "language"
# Languages that are read as if they were Norwegian: they say too little, or are near enough to be understood.
_AS_NORWEGIAN = {UNKNOWN, "da", "sv"}
# Two words are enough for another language only when they could hardly be anything else: «salam aleikum» is a greeting.
_WORDS = 3
_SURE, _SURE_OF_TWO, _SURE_OF_ENGLISH, _SURE_OF_NYNORSK = 4.0, 12.0, 4.0, 1.0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Sets ``language`` to the code of the language that the message is in, ``nb`` where that is not certain.

    Raises ``urgency`` where the message, in another language, speaks of danger.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                language = language_of(text)
                message.set(LANGUAGE, language, add_to_output=True)
                if sounds_dangerous(text, language):
                    # The urgency component before this one reads Norwegian and English.
                    raised = highest(message.get(URGENCY) or "none", "urgent")
                    message.set(URGENCY, raised, add_to_output=True)
        return messages


def language_of(text: str) -> str:
    """The language to answer ``text`` in: a code, ``nb`` for whatever is not certain."""
    guess = detect(text)
    if guess.code == NYNORSK and guess.margin >= _SURE_OF_NYNORSK:
        return NYNORSK
    if guess.code in (*NORWEGIAN, *_AS_NORWEGIAN) or guess.margin < _least(guess, len(text.split())):
        return BOKMAL
    return guess.code


def _least(guess: Guess, words: int) -> float:
    if words >= _WORDS:
        return _SURE
    if words < 2:
        # One word in Latin letters may be a name; another script has no margin, and tells at once.
        return float("inf")
    return _SURE_OF_ENGLISH if guess.code == ENGLISH else _SURE_OF_TWO
