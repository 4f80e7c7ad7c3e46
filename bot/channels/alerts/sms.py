"""Alerts by SMS, through the service's own SMS channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.channels.alerts.model import Alert, Receiver

Send = Callable[[str, str], Awaitable[object]]
"""Sends a text to a number (E.164). Raises Undelivered."""


class Sms:
    """Sends alerts with ``send``."""

    name = "sms"

    def __init__(self, send: Send, receivers: Sequence[Receiver]) -> None:
        self._send = send
        self.receivers = receivers

    async def send(self, alert: Alert, receiver: Receiver) -> None:
        """Raises Undelivered unless the SMS channel took it."""
        await self._send(receiver.address, alert.text)
