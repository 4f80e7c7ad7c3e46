"""Alerts by SMS, through the service's own SMS channel."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence

from bot.channels.alerts.model import Alert, Receiver
from bot.channels.sms.model import Outgoing, Provider
from bot.errors import Undelivered

Send = Callable[[str, str], Awaitable[object]]
"""Sends a text to a number (E.164). Raises Undelivered."""


def through(provider: Provider) -> Send:
    """Send by the SMS channel's provider, past its queue: the outbox is the queue of alerts."""

    async def send(to: str, text: str) -> None:
        sent = await provider.send(Outgoing(secrets.token_hex(12), to, text))
        if sent.failure is not None:
            raise Undelivered(sent.word or "sms")

    return send


class Sms:
    """Sends alerts with ``send``."""

    name = "sms"

    def __init__(self, send: Send, receivers: Sequence[Receiver]) -> None:
        self._send = send
        self.receivers = receivers

    async def send(self, alert: Alert, receiver: Receiver) -> None:
        """Raises Undelivered unless the SMS channel took it."""
        await self._send(receiver.address, alert.text)
