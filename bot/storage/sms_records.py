"""What the rules of SMS ask of the queue: how much lately, which numbers are kept, and what can go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from bot.storage.database import Database
from bot.storage.tables.sms_queue import IncomingRow, KeptNumberRow, OutgoingRow, PartRow

_NEWEST = 300
_OVER = ("sent", "accepted", "buffered", "delivered", "failed", "expired")


class SmsRecords:
    """Reads of the queue's tables that hold no number and no text, and their removal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def kept(self) -> list[tuple[str, datetime]]:
        """The persons whose number is kept, and since when."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(KeptNumberRow.person, KeptNumberRow.since))).all()
        return [(row.person, row.since) for row in rows]

    async def lately(self, person: str, since: datetime) -> tuple[list[Any], list[Any]]:
        """What has come from a person and gone to them since then, oldest first, the newest 300 of each.

        Incoming: ``number``, ``received_at``, ``words``, ``state``, ``reason``. Outgoing: ``words``, ``sent_at``.
        """
        came = select(
            IncomingRow.number, IncomingRow.received_at, IncomingRow.words, IncomingRow.state, IncomingRow.reason
        ).where(IncomingRow.person == person, IncomingRow.received_at >= since)
        went = select(OutgoingRow.words, OutgoingRow.sent_at).where(
            OutgoingRow.person == person, OutgoingRow.created_at >= since
        )
        async with self._database.read() as connection:
            incoming = (await connection.execute(came.order_by(IncomingRow.number.desc()).limit(_NEWEST))).all()
            outgoing = (await connection.execute(went.order_by(OutgoingRow.number.desc()).limit(_NEWEST))).all()
        return list(reversed(incoming)), list(reversed(outgoing))

    async def parts_out(self, since: datetime) -> tuple[int, int]:
        """How many message parts have gone or are to go out since then: in all, and abroad."""
        total = select(OutgoingRow.abroad, func.sum(OutgoingRow.parts)).where(OutgoingRow.created_at >= since)
        async with self._database.read() as connection:
            rows = (await connection.execute(total.group_by(OutgoingRow.abroad))).all()
        counted = {bool(abroad): int(parts or 0) for abroad, parts in rows}
        return sum(counted.values()), counted.get(True, 0)

    async def newest_out(self, person: str) -> str:
        """The id of the last message that went to the person; empty when none has."""
        columns = select(OutgoingRow.id).where(OutgoingRow.person == person, OutgoingRow.state.in_(_OVER))
        async with self._database.read() as connection:
            found = (await connection.execute(columns.order_by(OutgoingRow.number.desc()).limit(1))).scalar()
        return found or ""

    async def lengths(self) -> dict[str, int]:
        """How many wait: ``incoming`` to be answered, ``outgoing`` to be sent."""
        waiting = select(func.count()).where(IncomingRow.state == "waiting")
        queued = select(func.count()).where(OutgoingRow.state == "queued")
        async with self._database.read() as connection:
            return {
                "incoming": int((await connection.execute(waiting)).scalar() or 0),
                "outgoing": int((await connection.execute(queued)).scalar() or 0),
            }

    async def purge(self, before: datetime) -> None:
        """Remove what was over and done with before then: from then on a repeat is no longer known."""
        async with self._database.write() as connection:
            await connection.execute(
                delete(IncomingRow).where(IncomingRow.state != "waiting", IncomingRow.received_at < before)
            )
            await connection.execute(delete(PartRow).where(PartRow.received_at < before))
            await connection.execute(
                delete(OutgoingRow).where(OutgoingRow.state != "queued", OutgoingRow.created_at < before)
            )
