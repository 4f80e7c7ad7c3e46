"""Alerts to another system by a signed webhook."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

from bot.channels import signing
from bot.channels.alerts.model import Alert, Receiver
from bot.channels.http import Caller


class Webhook:
    """Posts alerts to the addresses in ``receivers``, signed with ``secrets``."""

    name = "webhook"

    def __init__(self, secrets: Sequence[str], receivers: Sequence[Receiver]) -> None:
        self._secrets = secrets
        self._caller = Caller()
        self.receivers = receivers

    async def send(self, alert: Alert, receiver: Receiver) -> None:
        """Raises Undelivered unless it was answered with 2xx."""
        body = json.dumps(
            {
                "id": alert.key,
                "event": "case.waits",
                "case": alert.case,
                "team": alert.team,
                "urgent": alert.urgent,
                "again": alert.again,
                "text": alert.subject,
                "link": alert.link,
            },
            ensure_ascii=False,
        ).encode()
        headers = {signing.HEADER: signing.sign(self._secrets, body, int(time.time()))}
        await self._caller.post(receiver.address, body, headers)

    async def close(self) -> None:
        await self._caller.close()
