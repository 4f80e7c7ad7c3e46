"""Alerts as cases and the console know them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Protocol

from bot.channels.alerts.model import Alert, Receiver, is_urgent
from bot.channels.delivery import Moot, Route
from bot.storage.alerts import ALERT, Failure, Outbox, Parcel

WAITS, WAITS_AGAIN = "waits", "waits_again"
_LATE = timedelta(seconds=60)


class Way(Protocol):
    """One way of alerting somebody: e-mail, SMS, webhook."""

    name: str
    receivers: Sequence[Receiver]

    async def send(self, alert: Alert, receiver: Receiver) -> None: ...


class Waiting(Protocol):
    """What an alert needs to know of a case."""

    @property
    def id(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def urgency(self) -> str: ...
    @property
    def escalations(self) -> int: ...
    @property
    def alerted_at(self) -> datetime | None: ...


class Alerts:
    """Puts alerts in the outbox, says how they are sent, and which have not come through."""

    def __init__(self, outbox: Outbox, ways: Sequence[Way], link: str) -> None:
        self._outbox = outbox
        self._ways = {way.name: way for way in ways}
        self._link = link
        self.wake: Callable[[], None] = lambda: None
        """Called when there is something new in the outbox."""
        self.waits: Callable[[str], Awaitable[bool]] | None = None
        """Whether a case, by its id, still waits; an alert about one that somebody has taken is not sent."""

    async def case_waits(self, case: Waiting, *, again: bool) -> None:
        """Alert those on duty; ``again`` when the case has waited too long. The same call twice alerts once.

        Returns when the alerts lie in the database. Raises StorageUnavailable.
        """
        parcels = [
            self._parcel(case, way.name, number, again=again)
            for way in self._ways.values()
            for number, receiver in enumerate(way.receivers, 1)
            if receiver.wants(case.team)
        ]
        await self._outbox.add(parcels, datetime.now(timezone.utc))
        self.wake()

    def routes(self) -> dict[tuple[str, str], Route]:
        """How the courier sends what lies in the outbox."""
        return {(ALERT, name): Route(self._send) for name in self._ways}

    async def failures(self) -> list[Failure]:
        """What has not come through: given up, being tried again, or waiting for over a minute. Newest first.

        No address: a receiver is known by its place in the settings. Raises StorageUnavailable.
        """
        return await self._outbox.failures(datetime.now(timezone.utc), _LATE, ALERT)

    def _parcel(self, case: Waiting, way: str, number: int, *, again: bool) -> Parcel:
        at = int(case.alerted_at.timestamp() * 1000) if case.alerted_at else 0
        key = f"{ALERT}:{case.id}:{at}:{case.escalations}:{'again' if again else 'new'}:{way}:{number}"
        return Parcel(
            key=key,
            # Alerts do not wait for each other.
            lane=key[:128],
            kind=ALERT,
            channel=way,
            case=case.id,
            what=WAITS_AGAIN if again else WAITS,
            receiver=number,
            team=case.team,
            urgency=case.urgency,
        )

    async def _send(self, parcel: Parcel) -> None:
        way = self._ways[parcel.channel]
        if parcel.receiver > len(way.receivers):
            raise Moot
        if self.waits is not None and not await self.waits(parcel.case):
            raise Moot
        alert = Alert(
            key=parcel.key,
            case=parcel.case,
            team=parcel.team,
            urgent=is_urgent(parcel.urgency),
            again=parcel.what == WAITS_AGAIN,
            link=self._link,
        )
        await way.send(alert, way.receivers[parcel.receiver - 1])
