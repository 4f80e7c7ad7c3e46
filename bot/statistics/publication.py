"""What is published: whole months, and whole years, each written down once and never changed.

A figure that moved while people looked at it would tell what the last conversation was about. So a month is published
when it is closed, a year when its December is, and what was published stays as it was written. The periods can be
chosen but not combined: a sum over some months would be one more figure to work out a hidden one from. A year adds up
those of its months that were published, and shows a sum only where the months' hidden counts stay hidden
(``suppression.extend``).

The tables of one measure in a month hang together only by their total, which is shown when it is 7 or more; below that
the month shows nothing but a mark. When a year has been published, what it was counted from is removed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.statistics.counts import is_closed, newest_closed
from bot.statistics.scheme import TOTAL, UNKNOWN, Measure
from bot.statistics.suppression import LEAST, Mark, Sum, extend, protect
from bot.storage.statistics import CountStore

Figure = int | Mark
_Key = tuple[str, ...]
_ALL: _Key = (TOTAL, TOTAL)
_YEAR = ("year",)


@dataclass(frozen=True)
class Published:
    """What there is to see of one measure in one period. ``figures`` is empty where there is too little to show."""

    measure: Measure
    period: str
    total: Figure
    figures: Mapping[_Key, Figure]
    months: int = 1
    """How many months a year adds up."""


class Publisher:
    """Publishes what is due, and reads what has been published."""

    def __init__(self, store: CountStore, measures: Mapping[str, Measure], chance: random.Random | None = None) -> None:
        self._store = store
        self.measures = measures
        self._chance = chance or random.SystemRandom()
        self._lock = asyncio.Lock()
        self._done = ""

    async def publish_due(self, now: datetime) -> None:
        """Publish every period that is closed and has not been published. Raises StorageUnavailable."""
        async with self._lock:
            # Once a month there is something to do; a year of many places takes seconds.
            if (newest := newest_closed(now)) != self._done:
                await self._publish(now)
                self._done = newest

    async def all(self, now: datetime) -> dict[str, dict[str, Published]]:
        """Everything published, by period (the newest first) and measure; what has become due is published first."""
        await self.publish_due(now)
        found: dict[str, dict[str, Published]] = {}
        kept = await self._store.published()
        for (period, name), body in sorted(kept.items(), key=lambda item: item[0], reverse=True):
            if name in self.measures and body:
                found.setdefault(period, {})[name] = _read(self.measures[name], period, body)
        return found

    async def _publish(self, now: datetime) -> None:
        first = await self._store.first_month()
        if first is None:
            return
        kept = await self._store.published()
        done = {period for period, _ in kept}
        for month in _months(first, now):
            if month not in done:
                counted = {name: await self._store.month(month, name) for name in self.measures}
                bodies = await asyncio.to_thread(self._month_bodies, counted)
                await self._store.publish(month, bodies)
            year = month[:4]
            if month.endswith("-12") and year not in done:
                await self._publish_year(year)

    def _month_bodies(self, counted: Mapping[str, Mapping[_Key, int]]) -> dict[str, dict[str, Any]]:
        return {
            name: _written(month_figures(self.measures[name], counts, self._chance)) for name, counts in counted.items()
        }

    async def _publish_year(self, year: str) -> None:
        kept = await self._store.published()
        bodies: dict[str, dict[str, Any]] = {}
        for name, measure in self.measures.items():
            months = {
                period: _read(measure, period, body)
                for (period, of), body in kept.items()
                if of == name and period.startswith(f"{year}-")
            }
            counts = {month: await self._store.month(month, name) for month in months}
            figures, added = await asyncio.to_thread(year_figures, measure, months, counts)
            bodies[name] = {**_written(figures), "months": added} if figures else {}
        await self._store.publish(year, bodies)
        await self._store.forget(year)


def month_figures(
    measure: Measure, counts: Mapping[_Key, int], chance: random.Random | None = None
) -> dict[_Key, Figure]:
    """What to show of one month: the total alone where it is small, else every table protected."""
    values = complete(measure, counts)
    if values[_ALL] < LEAST:
        return {_ALL: Mark.SMALL}
    shown: dict[_Key, Figure] = {_ALL: values[_ALL]}
    for sums in _tables(measure):
        cells = [cell for add in sums for cell in add.cells]
        order = [cell for add in reversed(sums) for cell in reversed(add.parts)]
        protected = protect({cell: values[cell] for cell in cells}, sums, order, chance)
        shown.update({cell: protected[cell] for cell in cells if cell != _ALL})
    return shown


def year_figures(
    measure: Measure, months: Mapping[str, Published], counts: Mapping[str, Mapping[_Key, int]]
) -> tuple[dict[_Key, Figure], int]:
    """What to show of a year whose months have been published, and how many months it adds up; empty for fewer
    than two."""
    added = sorted(month for month, published in months.items() if published.figures)
    if len(added) < 2:
        return {}, 0
    result: dict[_Key, Figure] = {}
    values = {month: complete(measure, counts[month]) for month in added}
    result[_ALL] = sum(values[month][_ALL] for month in added)
    for sums in _tables(measure):
        cells = list(dict.fromkeys(cell for add in sums for cell in add.cells))
        shown = {(month, *cell): _seen(months[month], cell) for month in added for cell in cells}
        numbers = {(month, *cell): values[month][cell] for month in added for cell in cells}
        system = [
            Sum((month, *add.total), tuple((month, *part) for part in add.parts)) for month in added for add in sums
        ]
        below = [cell for cell in cells if cell != _ALL]
        system += [Sum((*_YEAR, *cell), tuple((month, *cell) for month in added)) for cell in below]
        numbers.update({(*_YEAR, *cell): sum(values[month][cell] for month in added) for cell in below})
        grown = extend(shown, numbers, system, [(*_YEAR, *cell) for cell in below])
        result.update({cell: grown[(*_YEAR, *cell)] for cell in below})
    return result, len(added)


def complete(measure: Measure, counts: Mapping[_Key, int]) -> dict[_Key, int]:
    """Every cell of a measure. What a table lacks of what it divides (a count that was lost) is unknown."""
    values: dict[_Key, int] = {_ALL: 0}
    for dimension in measure.dimensions:
        for category in dimension.categories:
            values[dimension.id, category] = max(0, counts.get((dimension.id, category), 0))
    for sums in _tables(measure):
        for add in sums:
            parts = sum(values[part] for part in add.parts)
            whole = counts.get(_ALL, 0) if add.total == _ALL else values[add.total]
            values[add.total] = max(values[add.total], whole, parts)
    for sums in _tables(measure):
        for add in sums:
            spare = next((part for part in add.parts if part[1] == UNKNOWN), add.parts[-1])
            values[spare] += values[add.total] - sum(values[part] for part in add.parts)
    return values


def _tables(measure: Measure) -> list[list[Sum]]:
    """The sums of a measure, in groups that hang together by more than the total."""
    groups: list[list[Sum]] = []
    for dimension in measure.dimensions:
        add = Sum(dimension.within, tuple((dimension.id, category) for category in dimension.categories))
        tied = next(
            (group for group in groups if dimension.within != _ALL and dimension.within in group[0].parts), None
        )
        if tied is None:
            groups.append([add])
        else:
            tied.append(add)
    return groups


def _seen(published: Published, cell: _Key) -> Figure:
    return published.total if cell == _ALL else published.figures[cell]


def _written(figures: Mapping[_Key, Figure]) -> dict[str, Any]:
    """As JSON keeps it. Most places have a small count, so that mark is the one left out."""
    kept: dict[str, dict[str, int | str]] = {}
    for cell, figure in figures.items():
        dimension, category = cell
        place = kept.setdefault(dimension, {})
        if figure is not Mark.SMALL:
            place[category] = figure.value if isinstance(figure, Mark) else figure
    return {"figures": kept}


def _read(measure: Measure, period: str, body: Mapping[str, Any]) -> Published:
    kept: Mapping[str, Mapping[str, int | str]] = body["figures"]
    figures: dict[_Key, Figure] = {}
    for dimension in measure.dimensions:
        if dimension.id in kept:
            for category in dimension.categories:
                figures[dimension.id, category] = _figure(kept[dimension.id].get(category))
    return Published(measure, period, _figure(kept[TOTAL].get(TOTAL)), figures, int(body.get("months", 1)))


def _figure(kept: int | str | None) -> Figure:
    if kept is None:
        return Mark.SMALL
    return Mark(kept) if isinstance(kept, str) else kept


def _months(first: str, now: datetime) -> list[str]:
    """Every closed month from the first one on."""
    found, year, month = [], int(first[:4]), int(first[5:])
    while is_closed(name := f"{year:04}-{month:02}", now):
        found.append(name)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found
