"""Contacts in the database: brought in step with the files, each change kept in a history.

The files of knowledge/contacts/ are the truth. ``bring_in_step`` may run as often as one likes, and in several
processes at once: a contact that is already as in the files is not touched, and of two that write the same change one
writes it and the other finds it written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StorageUnavailable
from bot.storage.database import Database
from bot.storage.tables.contacts import ContactChangeRow, ContactRow

Values = Mapping[str, Any]
"""A contact by the columns of ``ContactRow``, without id, version, digest and changed_at."""
_GONE = "removed"
_TRIES = 5


@dataclass(frozen=True)
class Change:
    """One line of a contact's history."""

    contact: str
    version: int
    what: str
    changed_at: datetime
    source: str
    fields: Mapping[str, tuple[Any, Any]]


class ContactStore:
    """Contacts in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bring_in_step(self, contacts: Mapping[str, tuple[Values, str]]) -> int:
        """Make the tables as ``contacts``: for each id, its values and where they come from. Returns how many changed.

        Raises StorageUnavailable.
        """
        for _ in range(_TRIES):
            known = await self._known()
            due: list[tuple[str, Values | None, str]] = [
                (identifier, values, source)
                for identifier, (values, source) in contacts.items()
                if known.get(identifier) != _digest(values)
            ]
            due += [(identifier, None, "knowledge/contacts") for identifier in sorted(set(known) - set(contacts))]
            if not due:
                return 0
            try:
                async with self._database.write() as connection:
                    return sum([await _write(connection, *one) for one in due])
            except StorageUnavailable as error:
                # Another process wrote the same versions first: look again at what stands there now.
                if not isinstance(error.__cause__, IntegrityError):
                    raise
        return 0

    async def history(self, identifier: str) -> list[Change]:
        """What has changed in a contact, the oldest first; empty when it was never there."""
        query = (
            sa.select(ContactChangeRow).where(ContactChangeRow.contact == identifier).order_by(ContactChangeRow.version)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [
            Change(**dict(row) | {"fields": {name: (before, after) for name, (before, after) in row["fields"].items()}})
            for row in rows
        ]

    async def versions(self) -> dict[str, int]:
        """The version of each contact."""
        async with self._database.read() as connection:
            rows = (await connection.execute(sa.select(ContactRow.id, ContactRow.version))).all()
        return {row.id: row.version for row in rows}

    async def _known(self) -> dict[str, str]:
        async with self._database.read() as connection:
            rows = (await connection.execute(sa.select(ContactRow.id, ContactRow.digest))).all()
        return {row.id: row.digest for row in rows}


async def _write(connection: AsyncConnection, identifier: str, values: Values | None, source: str) -> int:
    """Write one contact (None: take it out) with its history. 1 when it was changed, 0 when another had done it."""
    row = (await connection.execute(sa.select(ContactRow).where(ContactRow.id == identifier))).mappings().one_or_none()
    before = {name: row[name] for name in row if name not in _OWN} if row else {}
    if values is None and row is None:
        return 0
    if values is not None and row is not None and row["digest"] == _digest(values):
        return 0
    latest = sa.select(sa.func.max(ContactChangeRow.version)).where(ContactChangeRow.contact == identifier)
    # Counted from the row that was read: if another has changed it since, the version is taken and this is refused.
    version = (row["version"] if row else await connection.scalar(latest) or 0) + 1
    now = datetime.now(timezone.utc)
    what = _GONE if values is None else "changed" if row else "new"
    await connection.execute(
        sa.insert(ContactChangeRow).values(
            contact=identifier,
            version=version,
            what=what,
            changed_at=now,
            source=source,
            fields=_difference(before, values or {}),
        )
    )
    own = {"version": version, "changed_at": now}
    if values is None:
        await connection.execute(sa.delete(ContactRow).where(ContactRow.id == identifier))
    elif row is None:
        await connection.execute(sa.insert(ContactRow).values(id=identifier, digest=_digest(values), **own, **values))
    else:
        await connection.execute(
            sa.update(ContactRow).where(ContactRow.id == identifier).values(digest=_digest(values), **own, **values)
        )
    return 1


_OWN = {"id", "version", "digest", "changed_at"}


def _difference(before: Values, after: Values) -> dict[str, list[Any]]:
    names = [*after, *(name for name in before if name not in after)]
    return {
        name: [_plain(before.get(name)), _plain(after.get(name))]
        for name in names
        if _plain(before.get(name)) != _plain(after.get(name))
    }


def _plain(value: Any) -> Any:
    """As JSON can hold it."""
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _digest(values: Values) -> str:
    plain = {name: _plain(value) for name, value in values.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
