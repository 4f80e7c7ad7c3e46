"""What is named in a message: countries as Rasa's entities, everything as the message's attribute ``said``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.language.entities import Entity, find_entities

SAID = "said"
"""A list of what was named, in the message's order: a dictionary each with ``kind``, ``value``, ``start``, ``end``,
``confidence`` and what else bot.language.entities.Entity says of the kind, days as ISO 8601 and tuples as lists. In an
action: ``tracker.latest_message["parse_data"]["said"]``, or ``latest_message["said"]`` where there is no parse data.
Only what is named stands in it; who has it in mind from message to message is the conversation's to say."""
TIMEZONE, NOW = "timezone", "now"
"""Keys of a message's metadata: the writer's time zone (IANA) and clock (ISO 8601 with an offset)."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MessageEntities(GraphComponent, EntityExtractorMixin):
    """Entity ``country``: the value is the ISO 3166-1 code, one entity for each country that may be meant."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``timezone``: the writer's, where the message does not say."""
        return {TIMEZONE: "Europe/Oslo"}

    def __init__(self, config: dict[str, Any]) -> None:
        self._zone = ZoneInfo(config[TIMEZONE])
        find_entities(
            "Kristiansnad", datetime.now(self._zone)
        )  # reads the lists now rather than with the first message

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageEntities:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = find_entities(message.get(TEXT) or "", self._now(message.get("metadata")))
            if not found:
                continue
            message.set(SAID, [as_json(entity) for entity in found], add_to_output=True)
            countries = [
                {
                    "entity": "country",
                    "value": code,
                    "start": entity.start,
                    "end": entity.end,
                    "confidence_entity": entity.confidence / len(entity.value),
                }
                for entity in found
                if entity.kind == "country"
                for code in entity.value
            ]
            if countries:
                named = message.get(ENTITIES, []) + self.add_extractor_name(countries)
                message.set(ENTITIES, named, add_to_output=True)
        return messages

    def _now(self, metadata: Any) -> datetime:
        """The writer's clock; a time or a zone that cannot be read is as if it were not given."""
        given = metadata if isinstance(metadata, dict) else {}
        try:
            clock = datetime.fromisoformat(str(given.get(NOW, "")))
            if clock.tzinfo is not None:
                return clock
        except ValueError:
            pass
        try:
            return datetime.now(ZoneInfo(str(given[TIMEZONE])))
        except (KeyError, ValueError, ZoneInfoNotFoundError, OSError):
            return datetime.now(self._zone)


def as_json(entity: Entity) -> dict[str, Any]:
    """The entity as JSON has it."""
    kept = {"kind": entity.kind, "value": entity.value, "start": entity.start, "end": entity.end}
    return {name: _plain(value) for name, value in {**kept, "confidence": entity.confidence, **entity.more}.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value
