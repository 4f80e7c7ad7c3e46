"""The last word on the topic: what is urgent is never answered with small talk or «I do not understand»."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.urgency import URGENCY

NOT_UNDERSTOOD = "nlu_fallback"
# What may still be asked for in danger: a human, or to have the screen hidden.
_ALWAYS_HEARD = {"bot.menneske", "bot.skjul_og_slett"}
TOPIC_OF_REASON = {
    "violence_now": "akutt.vold_naa",
    "threat_to_life": "vold.trusler",
    "suicide": "akutt.selvmord",
    "locked_in": "akutt.innesperret",
    "wedding_soon": "tvang.frykt",
    "fgm_soon": "lemlestelse.frykt",
    "travel_soon": "utland.frykt_for_reise",
    "held_abroad": "utland.er_i_utlandet",
    "passport_taken": "utland.pass_tatt",
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class TopicDecision(GraphComponent, IntentClassifier):
    """Chooses between the best topic, «not understood» and the topic that the alarm's reason names."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``threshold`` (0…1): below it the message was not understood."""
        return {"threshold": 0.25}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicDecision:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            intent = message.get(INTENT) or {}
            name, confidence = intent.get(INTENT_NAME_KEY), intent.get(PREDICTED_CONFIDENCE_KEY, 0.0)
            if name is None or INTENT_RANKING_KEY not in message.data:
                continue  # an intent that Rasa was given as such
            chosen = self._topic(name, confidence, message)
            if chosen != name:
                message.set(INTENT, {INTENT_NAME_KEY: chosen, PREDICTED_CONFIDENCE_KEY: confidence}, add_to_output=True)
        return messages

    def _topic(self, name: str, confidence: float, message: Message) -> str:
        reasons = message.get("reasons") or []
        alarming = message.get(URGENCY) in ("urgent", "acute") and bool(reasons)
        unclear = confidence < self._config["threshold"]
        if alarming and name not in _ALWAYS_HEARD and (unclear or name.startswith("bot.")):
            return self._named_by(reasons, message)
        return NOT_UNDERSTOOD if unclear and name not in _ALWAYS_HEARD else name

    def _named_by(self, reasons: list[str], message: Message) -> str:
        """The best-ranked topic among those that the reasons name, else that of the first reason."""
        named = [TOPIC_OF_REASON[reason] for reason in reasons]
        ranked = [candidate[INTENT_NAME_KEY] for candidate in message.get(INTENT_RANKING_KEY)]
        if "suicide" in reasons:
            return TOPIC_OF_REASON["suicide"]
        return next((topic for topic in ranked[:5] if topic in named), named[0])
