"""Count what happens, as it happens, and keep nothing else.

A conversation is counted when its first message has been answered, and moved when what is known of it changes: one
less where it stood, one more where it stands now. What it was counted as is worked out from the conversation itself,
as it was before the message. So no id, no row and no mark is kept for a conversation on the side of the counts, none
has to be opened when it expires, and erasing it takes away all that could tell which of the counted ones it was.
(Counting at the end instead would have meant to open every conversation as it expires, and to lose those that end
while the service is down.)

A month is closed three days after its end. What happens later in a conversation of that month is no longer counted,
so that what was published of it never changes (see ``publication``).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.errors import StorageUnavailable
from bot.statistics.scheme import (
    ANSWERED,
    CASES,
    CLOSINGS,
    CONVERSATIONS,
    HANDLING,
    MESSAGES,
    TOTAL,
    Measure,
    wait_id,
)
from bot.storage.statistics import Cell, CountStore

logger = logging.getLogger("hjemvei.statistics")

_OSLO = ZoneInfo("Europe/Oslo")
_LATE = timedelta(days=3)
# Staff who try the assistant are no conversations with it.
_COUNTED_CHANNELS = ("web", "sms")


def month_of(moment: datetime) -> str:
    """``2026-11``, by Norwegian time. A time without a zone is UTC."""
    return _local(moment).strftime("%Y-%m")


def is_closed(month: str, now: datetime) -> bool:
    """Nothing more is counted in it."""
    return month < month_of(_local(now) - _LATE)


def newest_closed(now: datetime) -> str:
    """The last closed month."""
    return month_of((_local(now) - _LATE).replace(day=1) - timedelta(days=1))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(_OSLO)


def _now() -> datetime:
    return datetime.now(timezone.utc)


class Counts:
    """Adds to the counts. A count that cannot be written is lost with a line in the log; nobody waits for it."""

    def __init__(self, store: CountStore, measures: Mapping[str, Measure], now: Callable[[], datetime] = _now) -> None:
        self._store = store
        self._measures = measures
        self._now = now

    async def turn(
        self,
        channel: str,
        began: datetime,
        *,
        understood: bool | None,
        before: Mapping[str, str | None] | None,
        after: Mapping[str, str | None],
    ) -> None:
        """A message came. ``before`` and ``after``: the conversation's group, urgency, age and place, those that the
        message may have changed; None before its first message. ``understood`` is None for a message to a human.
        The urgency counted is the one that the conversation ends at: it falls when the person says that it was a joke
        or is over."""
        if channel not in _COUNTED_CHANNELS:
            return
        moves: Counter[Cell] = Counter()
        if before is None:
            moves.update(self._cells(CONVERSATIONS, began, {TOTAL: TOTAL}))
            moves.update(self._cells(CONVERSATIONS, began, {"channel": channel, "hour": _hour(began)}))
        else:
            moves.subtract(self._cells(CONVERSATIONS, began, before))
        moves.update(self._cells(CONVERSATIONS, began, after))
        if understood is not None:
            told = {TOTAL: TOTAL, "understood": "yes" if understood else "no"}
            moves.update(self._cells(MESSAGES, self._now(), told))
        await self._add(moves)

    async def case_opened(self, channel: str, urgency: str, age: str | None, place: str | None) -> None:
        """Somebody asked for a human, or was offered one and said yes."""
        now = self._now()
        told = {TOTAL: TOTAL, "channel": channel, "urgency": urgency, "age": age, "place": place, "hour": _hour(now)}
        await self._add(Counter(self._cells(CASES, now, told)))

    async def case_waited(self, result: str, seconds: float = 0.0) -> None:
        """The wait for a human ended: ``answered``, ``missed``, ``callback`` or ``left``. Once for each wait."""
        told = {TOTAL: TOTAL, "result": result}
        if result == ANSWERED:
            told["wait"] = wait_id(seconds)
        await self._add(Counter(self._cells(HANDLING, self._now(), told)))

    async def case_closed(
        self, concern: str | None, age: str | None, role: str | None, place: str | None, outcome: str | None
    ) -> None:
        """A human closed a case."""
        told = {TOTAL: TOTAL, "concern": concern, "age": age, "role": role, "place": place, "outcome": outcome}
        await self._add(Counter(self._cells(CLOSINGS, self._now(), told)))

    def _cells(self, measure: str, moment: datetime, told: Mapping[str, str | None]) -> list[Cell]:
        month, known = month_of(moment), self._measures[measure].known
        return [
            Cell(month, measure, dimension, TOTAL if dimension == TOTAL else known(dimension, category))
            for dimension, category in told.items()
        ]

    async def _add(self, moves: Counter[Cell]) -> None:
        now = self._now()
        changes = {cell: change for cell, change in moves.items() if change and not is_closed(cell.month, now)}
        try:
            await self._store.add(changes)
        except StorageUnavailable as error:
            logger.warning("something could not be counted: %s", error)


def _hour(moment: datetime) -> str:
    return f"{_local(moment).hour:02}"
