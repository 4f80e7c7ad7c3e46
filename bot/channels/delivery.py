"""The courier: takes parcels from the outbox and delivers them, again and again with growing waits, up to a limit.

It never logs what a parcel says, where it goes or what the other side answered: a code, the channel and the number
of tries are all that is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from bot.errors import StorageUnavailable, Undelivered
from bot.storage.alerts import ALERT, HUMAN, Outbox, Parcel

logger = logging.getLogger("hjemvei.channels")

_TIMEOUT_S = 20.0
_POLL_S = 1.0
_KEPT = timedelta(days=7)


class Moot(Exception):
    """Raised by a sender: there is no more need of this parcel."""


Sender = Callable[[Parcel], Awaitable[None]]
"""Delivers one parcel. Raises Undelivered to have it tried again, Moot to have it dropped."""


@dataclass(frozen=True)
class Schedule:
    """How long to wait after each failed try, and when to give up."""

    waits_s: tuple[float, ...]
    """Seconds after the first, second … try; the last one goes on being used."""
    limit: timedelta
    """How old a parcel may grow before it is given up."""

    def next(self, parcel: Parcel, now: datetime) -> datetime | None:
        """When to try again; None to give up."""
        due = now + timedelta(seconds=self.waits_s[min(parcel.attempts, len(self.waits_s)) - 1])
        return due if due - (parcel.created_at or now) <= self.limit else None


SCHEDULES = {
    ALERT: Schedule((5.0, 15.0, 30.0, 60.0, 120.0, 300.0), timedelta(minutes=30)),
    HUMAN: Schedule((2.0, 5.0, 10.0, 20.0, 30.0, 60.0), timedelta(hours=24)),
}
"""An alert half an hour old helps nobody; a line from somebody in need is worth a day's tries."""


@dataclass(frozen=True)
class Route:
    """One way out of the outbox."""

    send: Sender
    ready: Callable[[], bool] = lambda: True
    """Whether it can send at present; while not, its parcels wait without being tried."""


class Courier:
    """Delivers what lies in the outbox. ``routes``: by kind and channel."""

    def __init__(
        self,
        outbox: Outbox,
        routes: Mapping[tuple[str, str], Route],
        *,
        schedules: Mapping[str, Schedule] = SCHEDULES,
        timeout_s: float = _TIMEOUT_S,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._outbox = outbox
        self._routes = routes
        self._schedules = schedules
        self._timeout_s = timeout_s
        self._now = now
        self._woken = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self.count: Callable[[str, str, str], None] = lambda kind, channel, outcome: None
        """Called with kind, channel and ``sent``, ``retried``, ``failed`` or ``dropped`` for each try."""

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then is given a moment to end."""
        try:
            while True:
                self._woken.clear()
                if await self.start_due() == 0:
                    await self._sleep()
        finally:
            await self.settle(5.0)

    async def _sleep(self) -> None:
        """Until woken, or for a while."""
        woken = asyncio.create_task(self._woken.wait())
        try:
            # Unlike wait_for, which loses a cancellation that comes as the event does.
            await asyncio.wait({woken}, timeout=_POLL_S)
        finally:
            woken.cancel()

    async def start_due(self) -> int:
        """Start on everything that is due; answers how many. A database that is away is waited for."""
        ready = [name for name, route in self._routes.items() if route.ready()]
        try:
            parcels = await self._outbox.claim(self._now(), ready)
        except StorageUnavailable as error:
            logger.error("the outbox cannot be read: %s", error)
            return 0
        for parcel in parcels:
            task = asyncio.create_task(self._deliver(parcel))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        return len(parcels)

    async def settle(self, limit_s: float | None = None) -> None:
        """Wait for what is under way; past the limit it is cancelled, and its claims run out by themselves."""
        if self._under_way:
            _, late = await asyncio.wait(set(self._under_way), timeout=limit_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def expire(self) -> None:
        """Remove what was done with a week ago. Raises StorageUnavailable."""
        await self._outbox.expire(self._now() - _KEPT)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        # The next parcel of this lane may go now.
        self._woken.set()

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            outcome = await self._try(parcel)
        except StorageUnavailable as error:
            # The claim runs out, and the parcel is sent again under the same key.
            logger.error("could not note how a delivery went: %s", error)
            return
        self.count(parcel.kind, parcel.channel, outcome)

    async def _try(self, parcel: Parcel) -> str:
        error = ""
        try:
            await asyncio.wait_for(self._routes[parcel.kind, parcel.channel].send(parcel), self._timeout_s)
        except Moot:
            await self._outbox.dropped(parcel, self._now())
            return "dropped"
        except Undelivered as problem:
            error = problem.code
        except asyncio.TimeoutError:
            error = "timeout"
        except StorageUnavailable:
            error = "storage"
        except Exception as problem:  # noqa: BLE001 - a library's own fault must not stop the others' alerts
            error = type(problem).__name__
        if not error:
            await self._outbox.sent(parcel, self._now())
            return "sent"
        return await self._later(parcel, error)

    async def _later(self, parcel: Parcel, error: str) -> str:
        due = self._schedules[parcel.kind].next(parcel, self._now())
        logger.warning(
            "%s by %s did not come through (%s, try %d)", parcel.kind, parcel.channel, error, parcel.attempts
        )
        if due is None:
            await self._outbox.failed(parcel, error, self._now())
            return "failed"
        await self._outbox.again(parcel, error, due)
        return "retried"
