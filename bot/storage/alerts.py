"""The outbox: what is to be told to people on duty, kept until it has been told.

Several processes may work at one outbox. A row is claimed by the one that sends it, by an update that only one of
them can win; rows of one lane go out in order. A process that dies while it sends leaves a claim that runs out, after
which another sends the row again with the same key, by which the receiver can know it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables.alerts import OutboxRow

ALERT, HUMAN = "alert", "human"
_DUE, _SENT, _FAILED, _DROPPED = "due", "sent", "failed", "dropped"


@dataclass(frozen=True)
class Parcel:
    """One thing to deliver to one receiver."""

    key: str
    lane: str
    kind: str
    channel: str
    case: str
    what: str
    line: int = 0
    receiver: int = 0
    team: str = ""
    urgency: str = ""
    number: int = 0
    attempts: int = 0
    created_at: datetime | None = None


@dataclass(frozen=True)
class Failure:
    """A delivery that has not come through."""

    kind: str
    channel: str
    receiver: int
    """For an alert: which of the receivers in the settings, counted from 1. 0 otherwise."""
    case: str
    what: str
    since: datetime
    attempts: int
    error: str
    given_up: bool


class Outbox:
    """The outbox in one database. ``lease``: how long one process may be at one delivery."""

    def __init__(self, database: Database, *, lease: timedelta = timedelta(seconds=60)) -> None:
        self._database = database
        self._lease = lease
        self._me = secrets.token_hex(8)

    async def add(self, parcels: Sequence[Parcel], now: datetime) -> int:
        """Put parcels in, in order; those whose key has been here already are left alone. Returns how many were new.

        Raises StorageUnavailable.
        """
        if not parcels:
            return 0
        async with self._database.write() as connection:
            return sum([await self.add_in(connection, parcel, now) for parcel in parcels])

    async def add_in(self, connection: Any, parcel: Parcel, now: datetime) -> int:
        """``add`` of one, within a transaction of the caller's."""
        names = ("key", "lane", "kind", "channel", "case", "what", "line", "receiver", "team", "urgency")
        values = {name: getattr(parcel, name) for name in names}
        statement = self._database.insert(OutboxRow).values(
            **values, state=_DUE, attempts=0, error="", created_at=now, due_at=now
        )
        done = await connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
        return int(done.rowcount)

    async def claim(self, now: datetime, channels: Collection[tuple[str, str]], limit: int = 20) -> list[Parcel]:
        """Parcels that this process shall send now, each counted as one more attempt.

        ``channels``: the (kind, channel) pairs that can send at present. Raises StorageUnavailable.
        """
        if not channels:
            return []
        due = await self._due(now, channels, limit)
        claimed = []
        for row in due:
            statement = (
                sa.update(OutboxRow)
                .where(OutboxRow.number == row["number"], *_free(now))
                .values(claimed_until=now + self._lease, claimed_by=self._me, attempts=OutboxRow.attempts + 1)
            )
            async with self._database.write() as connection:
                won = (await connection.execute(statement)).rowcount == 1
            if won:
                claimed.append(_parcel(row))
        return claimed

    async def _due(self, now: datetime, channels: Collection[tuple[str, str]], limit: int) -> Sequence[sa.RowMapping]:
        ready = sa.or_(*(sa.and_(OutboxRow.kind == kind, OutboxRow.channel == name) for kind, name in channels))
        earlier = sa.orm.aliased(OutboxRow)
        held = sa.exists().where(
            earlier.lane == OutboxRow.lane, earlier.number < OutboxRow.number, earlier.state == _DUE
        )
        query = (
            sa.select(OutboxRow.__table__)
            .where(*_free(now), OutboxRow.due_at <= now, ready, ~held)
            .order_by(OutboxRow.due_at, OutboxRow.number)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return (await connection.execute(query)).mappings().all()

    async def sent(self, parcel: Parcel, now: datetime) -> None:
        """It came through. Raises StorageUnavailable."""
        await self._end(parcel, _SENT, "", now)

    async def dropped(self, parcel: Parcel, now: datetime) -> None:
        """There is no more need of it. Raises StorageUnavailable."""
        await self._end(parcel, _DROPPED, "", now)

    async def failed(self, parcel: Parcel, error: str, now: datetime) -> None:
        """It will not be tried again. Raises StorageUnavailable."""
        await self._end(parcel, _FAILED, error, now)

    async def again(self, parcel: Parcel, error: str, due_at: datetime) -> None:
        """It did not come through, and is to be tried again. Raises StorageUnavailable."""
        await self._change(parcel, due_at=due_at, error=error[:64])

    async def failures(self, now: datetime, late: timedelta, kind: str | None = None) -> list[Failure]:
        """What was given up, what is being tried again, and what has waited longer than ``late``; newest first."""
        troubled = sa.or_(
            OutboxRow.state == _FAILED,
            sa.and_(OutboxRow.state == _DUE, sa.or_(OutboxRow.error != "", OutboxRow.created_at < now - late)),
        )
        query = sa.select(OutboxRow.__table__).where(troubled).order_by(OutboxRow.number.desc()).limit(100)
        if kind is not None:
            query = query.where(OutboxRow.kind == kind)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [
            Failure(
                kind=row["kind"],
                channel=row["channel"],
                receiver=row["receiver"],
                case=row["case"],
                what=row["what"],
                since=row["created_at"],
                attempts=row["attempts"],
                error=row["error"] or "not_connected",
                given_up=row["state"] == _FAILED,
            )
            for row in rows
        ]

    async def troubled(self, lane: str) -> bool:
        """Whether the oldest unsent parcel of a lane has been tried in vain. Raises StorageUnavailable."""
        query = sa.select(sa.func.max(OutboxRow.attempts)).where(
            OutboxRow.lane == lane, OutboxRow.state == _DUE, OutboxRow.error != ""
        )
        async with self._database.read() as connection:
            return (await connection.scalar(query) or 0) > 2

    async def has_due(self, lane: str) -> bool:
        """Whether a lane has something left to send. Raises StorageUnavailable."""
        query = sa.select(sa.func.count()).where(OutboxRow.lane == lane, OutboxRow.state == _DUE)
        async with self._database.read() as connection:
            return bool(await connection.scalar(query))

    async def expire(self, before: datetime) -> int:
        """Remove what was done with before a time; answers how many. Raises StorageUnavailable."""
        statement = sa.delete(OutboxRow).where(OutboxRow.state != _DUE, OutboxRow.done_at < before)
        async with self._database.write() as connection:
            return int((await connection.execute(statement)).rowcount)

    async def _end(self, parcel: Parcel, state: str, error: str, now: datetime) -> None:
        await self._change(parcel, state=state, error=error[:64], done_at=now)

    async def _change(self, parcel: Parcel, **values: Any) -> None:
        # Only while the claim is ours: after it ran out, the one who took over says how it went.
        statement = sa.update(OutboxRow).where(
            OutboxRow.number == parcel.number, OutboxRow.claimed_by == self._me, OutboxRow.state == _DUE
        )
        async with self._database.write() as connection:
            await connection.execute(statement.values(claimed_until=None, claimed_by=None, **values))


def _free(now: datetime) -> tuple[Any, ...]:
    return (
        OutboxRow.state == _DUE,
        sa.or_(OutboxRow.claimed_until.is_(None), OutboxRow.claimed_until <= now),
    )


def _parcel(row: sa.RowMapping) -> Parcel:
    names = ("key", "lane", "kind", "channel", "case", "what", "line", "receiver", "team", "urgency", "number")
    return Parcel(
        **{name: row[name] for name in names},
        attempts=row["attempts"] + 1,
        created_at=row["created_at"],
    )
