"""What outward human channels need to remember: their threads, the calls they acted on, and who holds the line."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.errors import StorageUnavailable
from bot.storage.alerts import Outbox, Parcel
from bot.storage.database import Database
from bot.storage.tables.alerts import HumanCallRow, HumanThreadRow, LeaseRow


@dataclass(frozen=True)
class Thread:
    """A case as one channel knows it; see ``HumanThreadRow`` for the fields."""

    channel: str
    case: str
    remote: str = ""
    line: int = 0
    shown: int = 0
    round: int = 0
    state: str = ""
    holder: str = ""
    shown_at: datetime | None = None


class HumanStore:
    """Threads, calls and leases in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._me = secrets.token_hex(8)

    async def thread(self, channel: str, case: str) -> Thread | None:
        """The thread of a case, or None. Raises StorageUnavailable."""
        return await self._one(HumanThreadRow.channel == channel, HumanThreadRow.case == case)

    async def by_remote(self, channel: str, remote: str) -> Thread | None:
        """The thread that is called so on the other side, or None. Raises StorageUnavailable."""
        return await self._one(HumanThreadRow.channel == channel, HumanThreadRow.remote == remote)

    async def by_remote_start(self, channel: str, start: str) -> Thread | None:
        """The thread whose name on the other side begins so, or None. Raises StorageUnavailable."""
        return await self._one(
            HumanThreadRow.channel == channel, HumanThreadRow.remote.startswith(start, autoescape=True)
        )

    async def threads(self, channel: str) -> list[Thread]:
        """Every thread of a channel. Raises StorageUnavailable."""
        query = sa.select(HumanThreadRow.__table__).where(HumanThreadRow.channel == channel)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [_thread(row) for row in rows]

    async def advance(
        self, before: Thread, after: Thread, outbox: Outbox, parcels: Sequence[Parcel], now: datetime
    ) -> bool:
        """Go from one state of a thread to the next and put in the outbox what follows from it, both or neither.

        False when another process has gone on from ``before`` already. Raises StorageUnavailable.
        """
        values = {name: getattr(after, name) for name in ("line", "round", "state", "holder")}
        # Whoever changes the row first has it until the end of its transaction; the other finds it changed.
        async with self._database.write() as connection:
            await connection.execute(
                self._database.insert(HumanThreadRow)
                .on_conflict_do_nothing()
                .values(**_row(Thread(before.channel, before.case, before.remote)))
            )
            seen = {name: getattr(before, name) for name in values}
            done = await connection.execute(self._update(before).where(*_same(seen)).values(**values))
            if done.rowcount != 1:
                return False
            for parcel in parcels:
                await outbox.add_in(connection, parcel, now)
        return True

    async def name(
        self, thread: Thread, *, remote: str | None = None, shown: int | None = None, shown_at: datetime | None = None
    ) -> Thread:
        """Remember what the case is called there, or how much of it has been shown. Raises StorageUnavailable."""
        given = {"remote": remote, "shown": shown, "shown_at": shown_at}
        values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if not values:
            return thread
        async with self._database.write() as connection:
            await connection.execute(self._update(thread).values(**values))
        return replace(thread, **values)

    async def forget(self, thread: Thread) -> None:
        """The case is closed. Raises StorageUnavailable."""
        statement = sa.delete(HumanThreadRow).where(
            HumanThreadRow.channel == thread.channel, HumanThreadRow.case == thread.case
        )
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def first_time(self, channel: str, call: str, now: datetime) -> bool:
        """Note a call; False when it was here before. Raises StorageUnavailable."""
        try:
            async with self._database.write() as connection:
                await connection.execute(sa.insert(HumanCallRow).values(channel=channel, id=call, at=now))
        except StorageUnavailable as error:
            if isinstance(error.__cause__, IntegrityError):
                return False
            raise
        return True

    async def take_back(self, channel: str, call: str) -> None:
        """The call came to nothing, so that the same one may be tried again. Raises StorageUnavailable."""
        statement = sa.delete(HumanCallRow).where(HumanCallRow.channel == channel, HumanCallRow.id == call)
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def expire(self, before: datetime) -> None:
        """Forget calls from before a time. Raises StorageUnavailable."""
        async with self._database.write() as connection:
            await connection.execute(sa.delete(HumanCallRow).where(HumanCallRow.at < before))

    async def hold(self, name: str, now: datetime, until: datetime) -> bool:
        """Be the one process that does ``name`` until a time; False when another is. Raises StorageUnavailable."""
        mine = sa.or_(LeaseRow.holder == self._me, LeaseRow.until <= now)
        values = {"holder": self._me, "until": until}
        async with self._database.write() as connection:
            done = await connection.execute(sa.update(LeaseRow).where(LeaseRow.name == name, mine).values(**values))
            if done.rowcount == 1:
                return True
            first = self._database.insert(LeaseRow).values(name=name, **values).on_conflict_do_nothing()
            return (await connection.execute(first)).rowcount == 1

    async def let_go(self, name: str) -> None:
        """Let another process do ``name``. Raises StorageUnavailable."""
        async with self._database.write() as connection:
            await connection.execute(sa.delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.holder == self._me))

    async def _one(self, *where: Any) -> Thread | None:
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(HumanThreadRow.__table__).where(*where))).mappings().first()
        return _thread(row) if row else None

    def _update(self, thread: Thread) -> Any:
        return sa.update(HumanThreadRow).where(
            HumanThreadRow.channel == thread.channel, HumanThreadRow.case == thread.case
        )


def _thread(row: sa.RowMapping) -> Thread:
    return Thread(**row)


def _row(thread: Thread) -> dict[str, Any]:
    return {name: getattr(thread, name) for name in Thread.__dataclass_fields__}


def _same(seen: dict[str, Any]) -> list[Any]:
    return [getattr(HumanThreadRow, name) == value for name, value in seen.items()]
