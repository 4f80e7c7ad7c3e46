"""Rasa's output, collected: what an action said, with the metadata that it said it with."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel


class ReplyChannel(OutputChannel):
    """Keeps every message of one turn as Rasa hands it over."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.messages: list[dict[str, Any]] = []

    def name(self) -> str:
        """The channel that the message came by, which actions see as the latest input channel."""
        return self._name

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(message)
