"""Counts and what has been published of them. Nothing here leads to a conversation or a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select

from bot.storage.database import Database
from bot.storage.tables.statistics import CountRow, PublicationRow


class Cell(NamedTuple):
    """What is counted: in which month, of what, by what, and which of those."""

    month: str
    measure: str
    dimension: str
    category: str


class CountStore:
    """All that is ever read from or written to the tables of counts and publications."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, changes: Mapping[Cell, int]) -> None:
        """Add to counts, all or none. Raises StorageUnavailable."""
        rows = [{**cell._asdict(), "count": change} for cell, change in sorted(changes.items()) if change]
        if not rows:
            return
        # In one order for everybody, so that two who count at the same time never wait for each other.
        first = self._database.insert(CountRow).values(rows)
        keys = ["month", "measure", "dimension", "category"]
        added = {"count": CountRow.count + first.excluded.count}
        async with self._database.write() as connection:
            await connection.execute(first.on_conflict_do_update(index_elements=keys, set_=added))

    async def month(self, month: str, measure: str) -> dict[tuple[str, ...], int]:
        """The counts of a month, by dimension and category. Raises StorageUnavailable."""
        # «count» alone would be the method of the row, which is a tuple.
        columns = select(CountRow.dimension, CountRow.category, CountRow.count.label("number"))
        wanted = columns.where(CountRow.month == month, CountRow.measure == measure)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        return {(row.dimension, row.category): int(row.number) for row in rows}

    async def first_month(self) -> str | None:
        """The earliest month that anything was counted in or published of; None when there is nothing."""
        published = select(func.min(PublicationRow.period)).where(func.length(PublicationRow.period) == 7)
        async with self._database.read() as connection:
            found = [
                (await connection.execute(select(func.min(CountRow.month)))).scalar(),
                (await connection.execute(published)).scalar(),
            ]
        return min((str(month) for month in found if month), default=None)

    async def publish(self, period: str, bodies: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep what is published of a period, for each measure. What is kept already stays as it is."""
        rows = [{"period": period, "measure": measure, "body": dict(body)} for measure, body in bodies.items()]
        first = self._database.insert(PublicationRow).values(rows)
        async with self._database.write() as connection:
            await connection.execute(first.on_conflict_do_nothing())

    async def published(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Everything that has been published, by period and measure. Raises StorageUnavailable."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(PublicationRow.__table__))).all()
        return {(row.period, row.measure): dict(row.body) for row in rows}

    async def forget(self, year: str) -> None:
        """Remove the counts of a year: what was published of it is kept, what was hidden is gone for good."""
        async with self._database.write() as connection:
            await connection.execute(delete(CountRow).where(CountRow.month.like(f"{year}-%")))
