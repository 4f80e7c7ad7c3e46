"""Text messages on their way, so that none is lost and none acted on twice.

Who takes a message up claims it for a while: one statement that only one process can win. What a claim leads to is
written in one transaction, and only by whoever still holds it. A process that dies leaves its claims to run out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StartError
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.sms_rows import MOVES, Answer, Arrived, Pieces, Queued, Waiting
from bot.storage.tables.sms_queue import IncomingRow, KeptNumberRow, OutgoingRow, PartRow

_Read = TypeVar("_Read", Waiting, Queued)


class SmsQueue:
    """All that is read from or written to the tables of the queue."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._dialect = database.engine.dialect.name

    # Coming in

    async def keep(self, arrived: Sequence[Arrived], now: datetime) -> int:
        """Write them down, each once. Returns how many were new. When this returns they survive a loss of power."""
        new = 0
        async with self._database.write(durable=True) as connection:
            for item in arrived:
                new += (
                    await self._keep_part(connection, item, now)
                    if item.part
                    else await self._add(connection, item, now)
                )
        return new

    async def _add(self, connection: AsyncConnection, item: Arrived, now: datetime) -> int:
        return await self._insert_new(
            connection,
            IncomingRow,
            provider=item.provider,
            message=item.message,
            person=item.person,
            address=self._seal(item.person, f"in:{item.message}:address", item.address),
            body=self._seal(item.person, f"in:{item.message}:body", item.text),
            words=item.words,
            state="waiting",
            reason="",
            abroad=item.abroad,
            tries=0,
            received_at=now,
            next_at=now,
        )

    async def _keep_part(self, connection: AsyncConnection, item: Arrived, now: datetime) -> int:
        assert item.part is not None
        reference, number, of = item.part
        return await self._insert_new(
            connection,
            PartRow,
            provider=item.provider,
            message=item.message,
            person=item.person,
            reference=reference,
            number=number,
            of=of,
            address=self._seal(item.person, f"part:{item.message}:address", item.address),
            body=self._seal(item.person, f"part:{item.message}:body", item.text),
            abroad=item.abroad,
            state="waiting",
            received_at=now,
        )

    async def pieces(self, too_old: datetime) -> list[Pieces]:
        """Long messages of which every piece has come, or whose first piece came before ``too_old``."""
        columns = PartRow.__table__.c
        async with self._database.read() as connection:
            rows = (await connection.execute(select(*columns).where(PartRow.state == "waiting"))).all()
        groups: dict[tuple[str, str, str, int], list[Any]] = {}
        for row in rows:
            groups.setdefault((row.provider, row.person, row.reference, row.of), []).append(row)
        ready = [
            (found, of)
            for (_, _, _, of), found in groups.items()
            if {row.number for row in found} >= set(range(1, of + 1))
            or min(utc(row.received_at) for row in found) < too_old
        ]
        # Pieces that another key has sealed are left to be removed with the rest.
        return [pieces for found, of in ready if (pieces := self._joined(found, of)) is not None]

    def _joined(self, rows: list[Any], of: int) -> Pieces | None:
        with contextlib.suppress(StartError):
            return self._opened(rows, of)
        return None

    def _opened(self, rows: list[Any], of: int) -> Pieces:
        by_place = {row.number: row for row in sorted(rows, key=lambda row: row.received_at)}
        texts = (by_place.get(place) for place in range(1, of + 1))
        first = min(rows, key=lambda row: row.received_at)
        return Pieces(
            provider=first.provider,
            person=first.person,
            messages=tuple(sorted(row.message for row in rows)),
            address=self._open(first.person, f"part:{first.message}:address", first.address),
            texts=tuple(self._open(row.person, f"part:{row.message}:body", row.body) if row else "" for row in texts),
            abroad=first.abroad,
            first_at=utc(first.received_at),
        )

    async def join(self, pieces: Pieces, whole: Arrived, now: datetime) -> bool:
        """Put ``whole`` in the place of its pieces, unless another process has done so."""
        mine = and_(PartRow.provider == pieces.provider, PartRow.message.in_(pieces.messages))
        async with self._database.write() as connection:
            joined = await connection.execute(
                update(PartRow).where(mine, PartRow.state == "waiting").values(state="joined", address=None, body=None)
            )
            if joined.rowcount != len(pieces.messages):
                await connection.rollback()
                return False
            await self._add(connection, whole, now)
        return True

    async def claim_incoming(self, me: str, now: datetime, until: datetime, limit: int) -> list[Waiting]:
        """The oldest message of each of some persons, and only of those with none in hand."""
        columns = IncomingRow.__table__.c
        rows = await self._claim(IncomingRow, IncomingRow.state == "waiting", me, now, until, limit, list(columns))
        return await self._readable(IncomingRow, rows, self._waiting, state="dropped")

    def _waiting(self, row: Any) -> Waiting:
        return Waiting(
            number=row.number,
            provider=row.provider,
            message=row.message,
            person=row.person,
            address=self._open(row.person, f"in:{row.message}:address", row.address),
            text=self._open(row.person, f"in:{row.message}:body", row.body),
            words=row.words,
            abroad=row.abroad,
            tries=row.tries,
            received_at=utc(row.received_at),
            claimed_by=row.claimed_by,
        )

    async def answered(
        self, waiting: Waiting, answers: Sequence[Answer], now: datetime, *, reason: str = "", keep_number: bool = False
    ) -> bool:
        """Put the answers out and the message away, whole or not at all. False when the claim has been lost.

        ``reason``: the message was dropped, and why. ``keep_number``: a human has the case and may write later.
        """
        async with self._database.write() as connection:
            done = await connection.execute(
                update(IncomingRow)
                .where(*_held(IncomingRow, waiting.number, waiting.claimed_by), IncomingRow.state == "waiting")
                .values(
                    state="dropped" if reason else "answered",
                    reason=reason,
                    address=None,
                    body=None,
                    claimed_by=None,
                    claimed_until=None,
                )
            )
            if done.rowcount != 1:
                await connection.rollback()
                return False
            for answer in answers:
                await self._put_out(connection, answer, waiting, now)
            if keep_number:
                await self._keep_number(connection, waiting, now)
            else:
                await _forget(connection, waiting.person)
        return True

    async def forget(self, person: str) -> None:
        """Forget the number that was kept, and whatever a worker wrote that has not gone out."""
        async with self._database.write() as connection:
            await _forget(connection, person)

    async def later(self, waiting: Waiting, at: datetime, *, tried: bool) -> None:
        """Give the message back, to be taken up again at ``at``."""
        await self._give_back(IncomingRow, waiting.number, waiting.claimed_by, at, tried)

    # Going out

    async def _put_out(self, connection: AsyncConnection, answer: Answer, to: Waiting, now: datetime) -> int:
        return await self._insert_new(
            connection,
            OutgoingRow,
            id=answer.id,
            provider=to.provider,
            person=to.person,
            answers=to.number,
            address=self._seal(to.person, f"out:{answer.id}:address", to.address),
            body=self._seal(to.person, f"out:{answer.id}:body", answer.text),
            words=answer.words,
            parts=answer.parts,
            abroad=to.abroad,
            state="queued",
            reason="",
            tries=0,
            created_at=now,
            next_at=now,
        )

    async def put_out_for(self, person: str, answer: Answer, now: datetime) -> bool:
        """What a worker wrote, to the number that is kept for the person. False when none is kept."""
        async with self._database.write(durable=True) as connection:
            columns = select(KeptNumberRow.provider, KeptNumberRow.address, KeptNumberRow.abroad)
            kept = (await connection.execute(columns.where(KeptNumberRow.person == person))).first()
            if kept is None:
                return False
            number = self._open(person, "kept", kept.address)
            await self._insert_new(
                connection,
                OutgoingRow,
                id=answer.id,
                provider=kept.provider,
                person=person,
                address=self._seal(person, f"out:{answer.id}:address", number),
                body=self._seal(person, f"out:{answer.id}:body", answer.text),
                words=answer.words,
                parts=answer.parts,
                abroad=kept.abroad,
                state="queued",
                reason="",
                tries=0,
                created_at=now,
                next_at=now,
            )
        return True

    async def claim_outgoing(self, me: str, now: datetime, until: datetime, limit: int) -> list[Queued]:
        """The oldest message to each of some persons, so that a person gets them in order."""
        columns = OutgoingRow.__table__.c
        rows = await self._claim(OutgoingRow, OutgoingRow.state == "queued", me, now, until, limit, list(columns))
        return await self._readable(OutgoingRow, rows, self._queued, state="failed")

    def _queued(self, row: Any) -> Queued:
        return Queued(
            number=row.number,
            id=row.id,
            person=row.person,
            address=self._open(row.person, f"out:{row.id}:address", row.address),
            text=self._open(row.person, f"out:{row.id}:body", row.body),
            parts=row.parts,
            tries=row.tries,
            created_at=utc(row.created_at),
            claimed_by=row.claimed_by,
        )

    async def sent(self, queued: Queued, provider_id: str | None, now: datetime) -> bool:
        """The provider has taken it: number and text are forgotten. ``provider_id``: keyed hash."""
        return await self._finish(queued, "sent", "", now, provider_id)

    async def give_up(self, queued: Queued, state: str, reason: str, now: datetime) -> bool:
        """It will not be sent: ``failed`` or ``expired``."""
        return await self._finish(queued, state, reason, now, None)

    async def _finish(self, queued: Queued, state: str, reason: str, now: datetime, provider_id: str | None) -> bool:
        values: dict[str, Any] = {"state": state, "reason": reason, "sent_at": now if state == "sent" else None}
        values |= {"address": None, "body": None, "claimed_by": None, "claimed_until": None}
        values["provider_id"] = provider_id
        async with self._database.write() as connection:
            done = await connection.execute(
                update(OutgoingRow)
                .where(OutgoingRow.number == queued.number, OutgoingRow.state == "queued")
                .values(**values)
            )
        return done.rowcount == 1

    async def again(self, queued: Queued, at: datetime) -> None:
        """Try it again at ``at``."""
        await self._give_back(OutgoingRow, queued.number, queued.claimed_by, at, True)

    async def report(self, state: str, now: datetime, *, reference: str = "", provider_id: str = "") -> str:
        """Move a message by a delivery report. Returns ``moved``, ``same``, ``refused`` or ``unknown``."""
        which = OutgoingRow.id == reference if reference else OutgoingRow.provider_id == provider_id
        before = [earlier for earlier, later in MOVES.items() if state in later]
        values = {"state": state, "address": None, "body": None, "sent_at": func.coalesce(OutgoingRow.sent_at, now)}
        # One statement, so that two reports at the same moment cannot undo one another.
        move = update(OutgoingRow).where(which, OutgoingRow.state.in_(before)).values(**values)
        async with self._database.write() as connection:
            if (await connection.execute(move)).rowcount:
                return "moved"
            found = (await connection.execute(select(OutgoingRow.state).where(which))).scalar()
        return "unknown" if found is None else "same" if found == state else "refused"

    async def _keep_number(self, connection: AsyncConnection, waiting: Waiting, now: datetime) -> None:
        sealed = self._seal(waiting.person, "kept", waiting.address)
        await self._insert_new(
            connection,
            KeptNumberRow,
            person=waiting.person,
            provider=waiting.provider,
            address=sealed,
            abroad=waiting.abroad,
            since=now,
        )

    # What the two directions share

    async def _claim(
        self,
        table: Any,
        open_: ColumnElement[bool],
        me: str,
        now: datetime,
        until: datetime,
        limit: int,
        columns: Sequence[Any],
    ) -> list[Any]:
        heads = select(func.min(table.number)).where(open_).group_by(table.person)
        free = or_(table.claimed_until.is_(None), table.claimed_until < now)
        ready = and_(table.number.in_(heads.scalar_subquery()), free, table.next_at <= now)
        async with self._database.read() as connection:
            found = await connection.execute(select(table.number).where(ready).order_by(table.number).limit(limit))
            numbers = list(found.scalars())
        if not numbers:
            return []
        async with self._database.write() as connection:
            claimed = await connection.execute(
                update(table)
                .where(table.number.in_(numbers), open_, free)
                .values(claimed_by=me, claimed_until=until)
                .returning(*columns)
            )
            return sorted(claimed.all(), key=lambda row: int(row.number))

    async def _readable(
        self, table: Any, rows: Sequence[Any], read: Callable[[Any], _Read], *, state: str
    ) -> list[_Read]:
        """The rows in the clear. What another key has sealed can never be read, and is put away as ``state``."""
        found: list[_Read] = []
        lost: list[int] = []
        for row in rows:
            try:
                found.append(read(row))
            except StartError:
                lost.append(row.number)
        if lost:
            values = {"state": state, "reason": "key", "address": None, "body": None}
            async with self._database.write() as connection:
                await connection.execute(update(table).where(table.number.in_(lost)).values(**values))
        return found

    async def _give_back(self, table: Any, number: int, me: str, at: datetime, tried: bool) -> None:
        async with self._database.write() as connection:
            await connection.execute(
                update(table)
                .where(*_held(table, number, me))
                .values(next_at=at, tries=table.tries + int(tried), claimed_by=None, claimed_until=None)
            )

    async def _insert_new(self, connection: AsyncConnection, table: Any, **values: Any) -> int:
        """Insert unless it is there already; 1 when it was new."""
        kind = postgresql.insert if self._dialect == "postgresql" else sqlite.insert
        done = await connection.execute(kind(table).values(**values).on_conflict_do_nothing())
        return int(done.rowcount == 1)

    def _seal(self, person: str, place: str, text: str) -> bytes:
        return self._vault.seal(person, f"sms:{place}", text.encode("utf-8", "surrogatepass"))

    def _open(self, person: str, place: str, sealed: bytes) -> str:
        return self._vault.open(person, f"sms:{place}", sealed).decode("utf-8", "surrogatepass")


async def _forget(connection: AsyncConnection, person: str) -> None:
    gone = await connection.execute(delete(KeptNumberRow).where(KeptNumberRow.person == person))
    if gone.rowcount:
        unsent = and_(OutgoingRow.person == person, OutgoingRow.state == "queued", OutgoingRow.answers.is_(None))
        closed = {"state": "expired", "reason": "closed", "address": None, "body": None}
        await connection.execute(update(OutgoingRow).where(unsent).values(**closed))


def _held(table: Any, number: int, me: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.number == number, table.claimed_by == me


def utc(time: datetime) -> datetime:
    """``time`` with its zone: SQLite gives back times without one, and all that is written is UTC."""
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)
