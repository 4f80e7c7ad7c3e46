"""Accounts, sessions, presence and the log, as they are kept."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import case, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.errors import StaffExists
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.tables.staff import AuditRow, PresenceRow, SessionRow, StaffRow


@dataclass(frozen=True)
class Account:
    """One account as it stands. ``secret`` is what one-time codes are made from; None until one is made."""

    id: str
    name: str
    shown: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    password: str
    first_time: bool
    secret: str | None
    enrolled: bool
    last_step: int
    failures: int
    locked_until: datetime | None
    closed: bool


@dataclass(frozen=True)
class Entry:
    """A session and the account that it is of."""

    account: Account
    stage: str
    started_at: datetime
    used_at: datetime


@dataclass(frozen=True)
class Deed:
    """One line of the log: who did what, when, to what. ``who`` is a log-in name; None for the command line."""

    at: datetime
    who: str | None
    what: str
    about: str | None


class StaffStore:
    """All that is ever read from or written to the tables of staff. Raises StorageUnavailable."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def add(
        self, name: str, shown: str, roles: Sequence[str], teams: Sequence[str], password: str, *, first_time: bool
    ) -> Account:
        """Make an account. Raises StaffExists when the name is taken, also by one that is closed."""
        values: dict[str, Any] = {
            "id": secrets.token_hex(12),
            "name": name,
            "shown": shown,
            "roles": list(roles),
            "teams": list(teams),
            "password": password,
            "first_time": first_time,
            "secret": None,
            "enrolled": False,
            "last_step": 0,
            "failures": 0,
            "created_at": _now(),
        }
        if await self.named(name) is not None:
            raise StaffExists(name)
        try:
            async with self._database.engine.begin() as connection:
                await connection.execute(insert(StaffRow).values(**values))
        except IntegrityError as error:
            raise StaffExists(name) from error
        made = await self.named(name)
        assert made is not None
        return made

    async def named(self, name: str) -> Account | None:
        """The account that logs in with this name."""
        return await self._one(StaffRow.name == name)

    async def get(self, identifier: str) -> Account | None:
        return await self._one(StaffRow.id == identifier)

    async def all(self) -> list[Account]:
        """Every account, closed ones too, by name."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(StaffRow.__table__).order_by(StaffRow.name))).all()
        return [self._account(row) for row in rows]

    async def change(self, identifier: str, **values: Any) -> None:
        """Set columns of an account. ``secret`` is given open and sealed here."""
        if values.get("secret") is not None:
            values["secret"] = self._vault.seal(f"staff:{identifier}", "code", values["secret"].encode())
        async with self._database.write() as connection:
            await connection.execute(update(StaffRow).where(StaffRow.id == identifier).values(**values))

    async def attempt(self, identifier: str, limit: int, now: datetime, locked_until: datetime) -> bool:
        """Count an attempt before it is looked at, so that many at once are no more than ``limit``.

        False when the account is locked. The attempt that reaches ``limit`` locks it; ``forgive`` or ``take_step``
        unlocks it again when that very attempt was right.
        """
        last = StaffRow.failures + 1 >= limit
        free = or_(StaffRow.locked_until.is_(None), StaffRow.locked_until <= now)
        counted = (
            update(StaffRow)
            .where(StaffRow.id == identifier, free)
            .values(
                failures=case((last, 0), else_=StaffRow.failures + 1),
                locked_until=case((last, locked_until), else_=None),
            )
        )
        async with self._database.write() as connection:
            return bool((await connection.execute(counted)).rowcount == 1)

    async def forgive(self, identifier: str, limit: int) -> None:
        """Take back one counted attempt: it was right, but what else is wrong stays counted."""
        fewer = case((StaffRow.failures > 0, StaffRow.failures - 1), else_=limit - 1)
        mine = update(StaffRow).where(StaffRow.id == identifier)
        async with self._database.write() as connection:
            await connection.execute(mine.values(failures=fewer, locked_until=None))

    async def take_step(self, identifier: str, step: int) -> bool:
        """Use up the code of a time step; False when it, or a later one, was used before."""
        taken = update(StaffRow).where(StaffRow.id == identifier, StaffRow.last_step < step)
        async with self._database.write() as connection:
            done = await connection.execute(taken.values(last_step=step, failures=0, locked_until=None, enrolled=True))
            return bool(done.rowcount == 1)

    async def start(self, identifier: str, stage: str, token: str, now: datetime) -> None:
        """Begin a session."""
        values = {"token_hash": _hash(token), "staff": identifier, "stage": stage, "started_at": now, "used_at": now}
        async with self._database.write() as connection:
            await connection.execute(insert(SessionRow).values(**values))

    async def entry(self, token: str) -> Entry | None:
        """The session with this token."""
        columns = select(SessionRow.stage, SessionRow.started_at, SessionRow.used_at, StaffRow.__table__)
        query = columns.join(StaffRow, StaffRow.id == SessionRow.staff).where(SessionRow.token_hash == _hash(token))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        return Entry(self._account(row), row.stage, row.started_at, row.used_at)

    async def used(self, token: str, at: datetime) -> None:
        """The person did something in this session."""
        mine = update(SessionRow).where(SessionRow.token_hash == _hash(token))
        async with self._database.write() as connection:
            await connection.execute(mine.values(used_at=at))

    async def end(self, token: str) -> None:
        """End one session."""
        async with self._database.write() as connection:
            await connection.execute(delete(SessionRow).where(SessionRow.token_hash == _hash(token)))

    async def end_all(self, identifier: str) -> None:
        """End every session of an account, and its presence."""
        async with self._database.write() as connection:
            await connection.execute(delete(SessionRow).where(SessionRow.staff == identifier))
            await connection.execute(delete(PresenceRow).where(PresenceRow.staff == identifier))

    async def come(self, identifier: str, now: datetime) -> None:
        """Somebody takes cases from now, or is still there."""
        if await self.heard(identifier, now):
            return
        # Two windows of the same person may say so at once; one of them is enough.
        with contextlib.suppress(IntegrityError):
            async with self._database.engine.begin() as connection:
                await connection.execute(insert(PresenceRow).values(staff=identifier, since=now, heard_at=now))

    async def heard(self, identifier: str, now: datetime) -> bool:
        """Somebody's console is heard from; False when they do not take cases."""
        async with self._database.write() as connection:
            mine = update(PresenceRow).where(PresenceRow.staff == identifier)
            return bool((await connection.execute(mine.values(heard_at=now))).rowcount == 1)

    async def go(self, identifier: str) -> None:
        """Somebody takes no more cases."""
        async with self._database.write() as connection:
            await connection.execute(delete(PresenceRow).where(PresenceRow.staff == identifier))

    async def present(self, heard_since: datetime) -> list[Account]:
        """Those who take cases and have been heard from since."""
        query = select(StaffRow.__table__).join(PresenceRow, PresenceRow.staff == StaffRow.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.where(PresenceRow.heard_at > heard_since))).all()
        return [self._account(row) for row in rows]

    async def record(self, at: datetime, who: str | None, what: str, about: str | None) -> None:
        """Write a line in the log."""
        async with self._database.write() as connection:
            await connection.execute(insert(AuditRow).values(at=at, who=who, what=what, about=about))

    async def log(self, limit: int, before: int | None = None) -> list[tuple[int, Deed]]:
        """The newest lines with their numbers; ``before``: older than this number."""
        columns = select(AuditRow.__table__, StaffRow.name).outerjoin(StaffRow, StaffRow.id == AuditRow.who)
        if before is not None:
            columns = columns.where(AuditRow.number < before)
        async with self._database.read() as connection:
            rows = (await connection.execute(columns.order_by(AuditRow.number.desc()).limit(limit))).all()
        return [(row.number, Deed(row.at, row.name, row.what, row.about)) for row in rows]

    async def expire(self, *, started: datetime, used: datetime, logged: datetime) -> None:
        """Remove sessions begun or last used before these times, and lines of the log from before."""
        over = or_(SessionRow.started_at < started, SessionRow.used_at < used)
        async with self._database.write() as connection:
            await connection.execute(delete(SessionRow).where(over))
            await connection.execute(delete(AuditRow).where(AuditRow.at < logged))

    async def _one(self, condition: Any) -> Account | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(StaffRow.__table__).where(condition))).first()
        return self._account(row) if row is not None else None

    def _account(self, row: Any) -> Account:
        secret = self._vault.open(f"staff:{row.id}", "code", row.secret).decode() if row.secret else None
        return Account(
            id=row.id,
            name=row.name,
            shown=row.shown,
            roles=tuple(row.roles),
            teams=tuple(row.teams),
            password=row.password,
            first_time=bool(row.first_time),
            secret=secret,
            enrolled=bool(row.enrolled),
            last_step=row.last_step,
            failures=row.failures,
            locked_until=row.locked_until,
            closed=row.closed_at is not None,
        )


def _hash(token: str) -> bytes:
    # 256 random bits: there is nothing to guess, so a plain hash is enough.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _now() -> datetime:
    return datetime.now(timezone.utc)
