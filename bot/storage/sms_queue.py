"""Text messages on their way, so that none is lost and none acted on twice.

Who takes a message up claims it for a while: one statement that only one process can win. What a claim leads to is
written in one transaction, and only by whoever still holds it. A process that dies leaves its claims to run out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StartError
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.sms_rows import MOVES, Answer, Arrived, Pieces, Queued, Tie, Waiting
from bot.storage.tables.sms_queue import IncomingRow, KeptNumberRow, OutgoingRow, PartRow
from bot.storage.together import Together

# Rows in one statement; SQLite takes 32,766 values in all.
_AT_A_TIME = 100
_Read = TypeVar("_Read", Waiting, Queued)


class SmsQueue:
    """All that is read from or written to the tables of the queue."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._door: Together[tuple[Sequence[Arrived], datetime], int] = Together(self._keep_all)

    # Coming in

    async def keep(self, arrived: Sequence[Arrived], now: datetime) -> int:
        """Write them down, each once. Returns how many were new. When this returns they survive a loss of power.

        Those who come while the disk is being waited for are written together, at the cost of one.
        """
        return await self._door.write((arrived, now))

    async def _keep_all(self, requests: Sequence[tuple[Sequence[Arrived], datetime]]) -> list[int]:
        items = [(item, now) for arrived, now in requests for item in arrived]
        whole = [self._whole_row(item, now) for item, now in items if not item.part]
        parts = [self._part_row(item, now) for item, now in items if item.part]
        async with self._database.write(durable=True) as connection:
            new = await self._insert_rows(connection, IncomingRow, whole)
            new |= await self._insert_rows(connection, PartRow, parts)
        return [len({item.message for item in arrived} & new) for arrived, _ in requests]

    async def _insert_rows(self, connection: AsyncConnection, table: Any, rows: list[dict[str, Any]]) -> set[str]:
        """Insert those that are not there; the ``message`` of each that was new."""
        new: set[str] = set()
        for start in range(0, len(rows), _AT_A_TIME):
            some = self._database.insert(table).values(rows[start : start + _AT_A_TIME]).on_conflict_do_nothing()
            new |= set((await connection.execute(some.returning(table.message))).scalars())
        return new

    def _whole_row(self, item: Arrived, now: datetime) -> dict[str, Any]:
        return {
            "provider": item.provider,
            "message": item.message,
            "person": item.person,
            "address": self._seal(item.person, f"in:{item.message}:address", item.address),
            "body": self._seal(item.person, f"in:{item.message}:body", item.text),
            "words": item.words,
            "state": "waiting",
            "reason": "",
            "abroad": item.abroad,
            "tries": 0,
            "received_at": now,
            "next_at": now,
        }

    def _part_row(self, item: Arrived, now: datetime) -> dict[str, Any]:
        assert item.part is not None
        reference, number, of = item.part
        return {
            "provider": item.provider,
            "message": item.message,
            "person": item.person,
            "reference": reference,
            "number": number,
            "of": of,
            "address": self._seal(item.person, f"part:{item.message}:address", item.address),
            "body": self._seal(item.person, f"part:{item.message}:body", item.text),
            "abroad": item.abroad,
            "state": "waiting",
            "received_at": now,
        }

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
            if {row.number for row in found} >= set(range(1, of + 1)) or min(row.received_at for row in found) < too_old
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
            first_at=first.received_at,
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
            await self._insert_rows(connection, IncomingRow, [self._whole_row(whole, now)])
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
            received_at=row.received_at,
            claimed_by=row.claimed_by,
        )

    async def answered(
        self, waiting: Waiting, answers: Sequence[Answer], now: datetime, *, reason: str = "", tie: Tie = Tie.FREE
    ) -> bool:
        """Put the answers out and the message away, whole or not at all. False when the claim has been lost.

        ``reason``: the message was dropped, and why. ``tie``: whether the number is kept, for a human to write to.
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
            if tie is Tie.HELD:
                await self._keep_number(connection, waiting, now)
            else:
                await _forget(connection, waiting.person, cancel=tie is Tie.GONE)
        return True

    async def forget(self, person: str) -> None:
        """Forget the number that was kept. What a worker has written already goes out."""
        async with self._database.write() as connection:
            await _forget(connection, person, cancel=False)

    async def later(self, waiting: Waiting, at: datetime, *, tried: bool) -> None:
        """Give the message back, to be taken up again at ``at``."""
        await self._give_back(IncomingRow, waiting.number, waiting.claimed_by, at, tried)

    # Going out

    async def _put_out(self, connection: AsyncConnection, answer: Answer, to: Waiting, now: datetime) -> int:
        row = self._out_row(answer, to.person, to.address, now)
        return await self._insert_new(
            connection, OutgoingRow, **row, provider=to.provider, answers=to.number, abroad=to.abroad
        )

    async def put_out_for(self, person: str, answer: Answer, now: datetime) -> bool:
        """What a worker wrote, to the number that is kept for the person. False when none is kept."""
        async with self._database.write(durable=True) as connection:
            columns = select(KeptNumberRow.provider, KeptNumberRow.address, KeptNumberRow.abroad)
            kept = (await connection.execute(columns.where(KeptNumberRow.person == person))).first()
            if kept is None:
                return False
            row = self._out_row(answer, person, self._open(person, "kept", kept.address), now)
            await self._insert_new(connection, OutgoingRow, **row, provider=kept.provider, abroad=kept.abroad)
        return True

    def _out_row(self, answer: Answer, person: str, number: str, now: datetime) -> dict[str, Any]:
        return {
            "id": answer.id,
            "person": person,
            "address": self._seal(person, f"out:{answer.id}:address", number),
            "body": self._seal(person, f"out:{answer.id}:body", answer.text),
            "words": answer.words,
            "parts": answer.parts,
            "state": "queued",
            "reason": "",
            "tries": 0,
            "created_at": now,
            "next_at": now,
        }

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
            created_at=row.created_at,
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
        done = await connection.execute(self._database.insert(table).values(**values).on_conflict_do_nothing())
        return int(done.rowcount == 1)

    def _seal(self, person: str, place: str, text: str) -> bytes:
        return self._vault.seal(person, f"sms:{place}", text.encode("utf-8", "surrogatepass"))

    def _open(self, person: str, place: str, sealed: bytes) -> str:
        return self._vault.open(person, f"sms:{place}", sealed).decode("utf-8", "surrogatepass")


async def _forget(connection: AsyncConnection, person: str, *, cancel: bool) -> None:
    gone = await connection.execute(delete(KeptNumberRow).where(KeptNumberRow.person == person))
    if gone.rowcount and cancel:
        unsent = and_(OutgoingRow.person == person, OutgoingRow.state == "queued", OutgoingRow.answers.is_(None))
        closed = {"state": "expired", "reason": "closed", "address": None, "body": None}
        await connection.execute(update(OutgoingRow).where(unsent).values(**closed))


def _held(table: Any, number: int, me: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.number == number, table.claimed_by == me
