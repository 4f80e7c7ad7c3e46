"""Cases as they are kept: whoever writes last does not win unseen, and what was written is sealed."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, delete, insert, select, update

from bot.errors import StartError
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.tables.cases import CaseLineRow, CaseMoveRow, CaseNoteRow, CaseReferralRow, CaseRow

logger = logging.getLogger("hjemvei.storage")

_SEALED = ("carried", "wish")
_COLUMNS = [column for column in CaseRow.__table__.columns if column.name not in ("lines", "papers")]

Record = dict[str, Any]
"""A row, its times aware and in UTC, what was sealed opened."""


class CaseStore:
    """All that is ever read from or written to the case tables."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def add(self, values: Mapping[str, Any], move: Mapping[str, Any]) -> None:
        """A new case, at version 1, and the move that opened it."""
        row = {"escalations": 0, "shared": False, "told": "", "version": 1, "lines": 0, "papers": 0}
        row.update(self._sealed(values["id"], values))
        async with self._database.write() as connection:
            await connection.execute(insert(CaseRow).values(**row))
            await connection.execute(insert(CaseMoveRow).values(case=values["id"], number=1, **move))

    async def get(self, identifier: str) -> Record | None:
        """The case, or None."""
        return next(iter(await self._read(select(*_COLUMNS).where(CaseRow.id == identifier))), None)

    async def of_conversation(self, conversation: str) -> list[Record]:
        """The conversation's cases, the newest first."""
        chosen = select(*_COLUMNS).where(CaseRow.conversation == conversation)
        return await self._read(chosen.order_by(CaseRow.opened_at.desc(), CaseRow.id))

    async def in_states(self, states: Collection[str], teams: Collection[str] | None = None) -> list[Record]:
        """Every case that is in one of the states, in no order."""
        chosen = select(*_COLUMNS).where(CaseRow.state.in_(states))
        return await self._read(chosen if teams is None else chosen.where(CaseRow.team.in_(teams)))

    async def waiting(self, team: str | None = None) -> list[Record]:
        """What the order of the queue depends on, of every case that waits; nothing is opened for it."""
        columns = (CaseRow.id, CaseRow.conversation, CaseRow.team, CaseRow.urgency, CaseRow.waiting_since)
        chosen = select(*columns, CaseRow.opened_at).where(CaseRow.state == "waiting")
        return await self._read(chosen if team is None else chosen.where(CaseRow.team == team))

    async def change(
        self, identifier: str, version: int, values: Mapping[str, Any], move: Mapping[str, Any] | None = None
    ) -> bool:
        """Write ``values`` unless somebody else has changed the case since ``version``; False when they have."""
        changed = update(CaseRow).where(CaseRow.id == identifier, CaseRow.version == version)
        async with self._database.write() as connection:
            done = await connection.execute(
                changed.values(**self._sealed(identifier, values), version=CaseRow.version + 1)
            )
            if done.rowcount != 1:
                return False
            if move is not None:
                await connection.execute(insert(CaseMoveRow).values(case=identifier, number=version + 1, **move))
        return True

    async def note_told(self, identifier: str, told: str) -> None:
        """What the person was last told of. Not a change of the case."""
        async with self._database.write() as connection:
            await connection.execute(update(CaseRow).where(CaseRow.id == identifier).values(told=told))

    async def heard_from(self, worker: str, identifiers: Sequence[str], at: datetime) -> None:
        """The worker who has these cases is there."""
        mine = update(CaseRow).where(CaseRow.id.in_(identifiers), CaseRow.taken_by == worker)
        async with self._database.write() as connection:
            await connection.execute(mine.values(alive_at=at))

    async def moves(self, identifier: str) -> list[Record]:
        """Every move, in order."""
        return await self._read(
            select(CaseMoveRow.__table__).where(CaseMoveRow.case == identifier).order_by(CaseMoveRow.number)
        )

    async def write(
        self,
        identifier: str,
        states: Collection[str],
        *,
        at: datetime,
        by: str,
        content: Mapping[str, Any],
        message_id: str | None,
        worker: str | None = None,
    ) -> tuple[Record, bool] | None:
        """Append a line: the line, and whether it is new (the same ``message_id`` again gives the line of before).

        With ``worker`` only where that worker has the case. None where the case is not in one of ``states``, or its
        conversation is gone.
        """
        counted = update(CaseRow).where(
            CaseRow.id == identifier, CaseRow.state.in_(states), CaseRow.conversation.is_not(None)
        )
        if worker is not None:
            counted = counted.where(CaseRow.taken_by == worker)
        touched: dict[str, Any] = {"lines": CaseRow.lines + 1, **({"alive_at": at} if by == "human" else {})}
        async with self._database.write() as connection:
            # Counting first takes the lock on the row, so that two lines never get the same number.
            counting = counted.values(**touched).returning(CaseRow.lines, CaseRow.conversation)
            row = (await connection.execute(counting)).first()
            if row is None:
                return None
            known = select(CaseLineRow.__table__).where(
                CaseLineRow.case == identifier, CaseLineRow.message_id == message_id
            )
            before = (await connection.execute(known)).mappings().first() if message_id is not None else None
            if before is not None:
                await connection.rollback()
                return self._line(dict(before)), False
            line = {"case": identifier, "number": row.lines, "conversation": row.conversation, "at": at, "by": by}
            data = self._seal(identifier, f"line:{row.lines}", content)
            await connection.execute(insert(CaseLineRow).values(**line, message_id=message_id, data=data))
        return {**line, **content}, True

    async def lines(self, identifier: str, after: int = 0) -> list[Record]:
        """The case's lines, in order, from the one after number ``after``."""
        chosen = select(CaseLineRow.__table__).where(CaseLineRow.case == identifier, CaseLineRow.number > after)
        return [self._line(row) for row in await self._read(chosen.order_by(CaseLineRow.number))]

    async def add_note(self, identifier: str, worker: str, text: str, at: datetime) -> int | None:
        """The note's number; None where there is no such case."""
        async with self._database.write() as connection:
            number = await self._next_paper(connection, identifier)
            if number is not None:
                data = self._seal(identifier, f"note:{number}", {"text": text})
                note = {"case": identifier, "number": number, "at": at, "worker": worker, "data": data}
                await connection.execute(insert(CaseNoteRow).values(**note))
        return number

    async def notes(self, identifier: str) -> list[Record]:
        """The notes, in order."""
        rows = await self._read(
            select(CaseNoteRow.__table__).where(CaseNoteRow.case == identifier).order_by(CaseNoteRow.number)
        )
        return [{**row, **self._open(identifier, f"note:{row['number']}", row["data"])} for row in rows]

    async def add_referral(self, identifier: str, worker: str, contact: str, at: datetime) -> int | None:
        """The referral's number; None where there is no such case."""
        async with self._database.write() as connection:
            number = await self._next_paper(connection, identifier)
            if number is not None:
                referral = {"case": identifier, "number": number, "at": at, "worker": worker, "contact": contact}
                await connection.execute(insert(CaseReferralRow).values(**referral))
        return number

    async def referrals(self, identifier: str) -> list[Record]:
        """The referrals, in order."""
        chosen = select(CaseReferralRow.__table__).where(CaseReferralRow.case == identifier)
        return await self._read(chosen.order_by(CaseReferralRow.number))

    async def strip(self, identifiers: Sequence[str]) -> None:
        """Remove what was passed on, left, noted and written."""
        empty = update(CaseRow).where(CaseRow.id.in_(identifiers)).values(carried=None, wish=None)
        async with self._database.write() as connection:
            await connection.execute(empty)
            for table in (CaseNoteRow, CaseLineRow):
                await connection.execute(delete(table).where(table.case.in_(identifiers)))

    async def with_papers_and_no_conversation(self) -> list[Record]:
        """Cases whose conversation is gone, and that hold something still."""
        noted = select(CaseNoteRow.case)
        held = CaseRow.carried.is_not(None) | CaseRow.wish.is_not(None) | CaseRow.id.in_(noted)
        return await self._read(select(*_COLUMNS).where(CaseRow.conversation.is_(None), held))

    async def forget(self, closed_before: datetime) -> int:
        """Remove the rows of cases that were closed before then; answers how many."""
        old = delete(CaseRow).where(CaseRow.state == "closed", CaseRow.closed_at < closed_before)
        async with self._database.write() as connection:
            return int((await connection.execute(old)).rowcount)

    @staticmethod
    async def _next_paper(connection: Any, identifier: str) -> int | None:
        counting = update(CaseRow).where(CaseRow.id == identifier).values(papers=CaseRow.papers + 1)
        row = (await connection.execute(counting.returning(CaseRow.papers))).first()
        return None if row is None else int(row.papers)

    async def _read(self, chosen: Executable) -> list[Record]:
        async with self._database.read() as connection:
            rows = (await connection.execute(chosen)).mappings().all()
        return [self._opened(dict(row)) for row in rows]

    def _opened(self, row: Mapping[str, Any]) -> Record:
        record = dict(row)
        for name in _SEALED:
            if record.get(name) is not None:
                record[name] = self._readable(record["id"], name, record[name])
        return record

    def _readable(self, identifier: str, place: str, sealed: bytes) -> Any:
        """None for what another key sealed: one such case must not keep the queue from the others."""
        try:
            return self._open(identifier, place, sealed)
        except StartError:
            logger.error("what hangs on a case was sealed with another key")
            return None

    def _line(self, row: Mapping[str, Any]) -> Record:
        content = self._open(row["case"], f"line:{row['number']}", row["data"])
        return {**{name: value for name, value in row.items() if name != "data"}, **content}

    def _sealed(self, identifier: str, values: Mapping[str, Any]) -> Record:
        return {
            name: self._seal(identifier, name, value) if name in _SEALED and value is not None else value
            for name, value in values.items()
        }

    def _seal(self, identifier: str, place: str, value: object) -> bytes:
        return self._vault.seal(f"case {identifier}", place, json.dumps(value, ensure_ascii=False).encode())

    def _open(self, identifier: str, place: str, sealed: bytes) -> Any:
        return json.loads(self._vault.open(f"case {identifier}", place, sealed))
