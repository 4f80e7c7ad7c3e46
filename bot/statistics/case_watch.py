"""Count cases as they move. It watches them (``bot.handoff.news.Watcher``) and sees no text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Protocol

from bot.statistics.counts import Counts
from bot.statistics.scheme import ANSWERED


class Carried(Protocol):
    """What the person agreed to pass on."""

    @property
    def age(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...


class Closing(Protocol):
    """How a case ended, each a word of a list."""

    @property
    def concern(self) -> str | None: ...
    @property
    def age(self) -> str | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def place(self) -> str | None: ...
    @property
    def outcome(self) -> str | None: ...


class Case(Protocol):
    """The part of a case that is looked at. The states' values are those of ``bot.handoff.case.State``."""

    @property
    def channel(self) -> str: ...
    @property
    def urgency(self) -> str: ...
    @property
    def state(self) -> Enum: ...
    @property
    def waiting_since(self) -> datetime | None: ...
    @property
    def queued_at(self) -> datetime | None: ...
    @property
    def taken_at(self) -> datetime | None: ...
    @property
    def carried(self) -> Carried | None: ...
    @property
    def closing(self) -> Closing | None: ...


_OFFERED, _WAITING, _CALLBACK, _ACTIVE, _CLOSED = "offered", "waiting", "callback", "active", "closed"
_RESULTS: Mapping[str, str] = {_ACTIVE: ANSWERED, "missed": "missed", _CALLBACK: "callback", _CLOSED: "left"}


class CaseCounts:
    """A case is counted when the person has said yes to a human, its first wait when that ends, and its end when
    whoever had it closes it."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    async def moved(self, case: Case, before: Enum | None) -> None:
        came_from, now = before.value if before is not None else None, case.state.value
        if came_from in (None, _OFFERED) and now in (_WAITING, _CALLBACK):
            carried = case.carried
            age, country = (carried.age, carried.country) if carried is not None else (None, None)
            await self._counts.case_opened(case.channel, case.urgency, age, country)
        # A case that came back to the queue keeps the time it began to wait, but not the time it came in.
        if came_from == _WAITING and now in _RESULTS and case.queued_at == case.waiting_since:
            await self._counts.case_waited(_RESULTS[now], _seconds(case.waiting_since, case.taken_at))
        if came_from in (_ACTIVE, _CALLBACK) and now == _CLOSED:
            end = case.closing
            told = (end.concern, end.age, end.role, end.place, end.outcome) if end is not None else (None,) * 5
            await self._counts.case_closed(*told)

    async def wrote(self, case: Case, line: object) -> None:
        """Lines are not counted."""


def _seconds(start: datetime | None, end: datetime | None) -> float:
    return max(0.0, (end - start).total_seconds()) if start is not None and end is not None else 0.0
