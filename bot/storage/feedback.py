"""Helpful or not: two counts for each topic, and nothing else."""

from __future__ import annotations

from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.tables.conversations import FeedbackRow


class FeedbackStore:
    """All that is ever read from or written to the table of helpful and not helpful."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, topic: str, *, helpful: bool) -> None:
        """One more for a topic. Raises StorageUnavailable."""
        column = FeedbackRow.yes if helpful else FeedbackRow.no
        first = self._database.insert(FeedbackRow).values(topic=topic, yes=int(helpful), no=int(not helpful))
        async with self._database.write() as connection:
            await connection.execute(first.on_conflict_do_update(index_elements=["topic"], set_={column: column + 1}))

    async def counts(self) -> dict[str, tuple[int, int]]:
        """For each topic with an answer from somebody: how many said yes, how many no."""
        columns = select(FeedbackRow.topic, FeedbackRow.yes, FeedbackRow.no)
        async with self._database.read() as connection:
            return {row.topic: (row.yes, row.no) for row in (await connection.execute(columns)).all()}
