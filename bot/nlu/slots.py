"""Slot types of our own."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.slots import AnySlot

from bot.language.urgency_words import highest


class UrgencySlot(AnySlot):
    """The highest urgency of the conversation so far. Only setting it to nothing lowers it."""

    type_name = "bot.nlu.slots.UrgencySlot"

    _value: Any

    @property
    def value(self) -> Any:
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = highest(self._value or "none", value) if value else None
        self._has_been_set = True
