"""Who writes by SMS: a keyed hash, the conversation that is under way, and whether they want nothing more."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone

from sqlalchemy import delete, select

from bot.errors import StartError
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.tables.sms import SmsPersonRow

logger = logging.getLogger("hjemvei.sms")

_PLACE = "sms"


@dataclass(frozen=True)
class State:
    """What the next message is read against. It is kept sealed."""

    rest: list[tuple[str, list[str]]] = field(default_factory=list)
    """What is left of the answer: each message, and the titles of the choices that it ends with."""
    choices: list[str] = field(default_factory=list)
    """The titles of the choices that were shown last, the first as number one."""
    answer: list[str] = field(default_factory=list)
    """The messages that answered ``last_id``."""


@dataclass(frozen=True)
class Person:
    """Somebody who writes. ``id`` is the keyed hash of the number."""

    id: str
    conversation: str | None = None
    opted_out: bool = False
    last_at: datetime | None = None
    last_id: str | None = None
    state: State = field(default_factory=State)


class SmsPeople:
    """All that is ever read from or written to the table of those who write by SMS."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def load(self, person: str) -> Person:
        """What is known of a person; an empty one for somebody new."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(select(SmsPersonRow.__table__).where(SmsPersonRow.person == person))
            ).first()
        if row is None:
            return Person(person)
        return Person(person, row.conversation, row.opted_out, row.last_at, row.last_id, self._open(person, row.state))

    async def whose(self, conversation: str) -> str | None:
        """The person of a conversation; none when they have ended it, or it is no SMS."""
        columns = select(SmsPersonRow.person).where(SmsPersonRow.conversation == conversation)
        async with self._database.read() as connection:
            return (await connection.execute(columns)).scalar()

    async def save(self, person: Person) -> None:
        """Write what is known now in the place of what was. Raises StorageUnavailable."""
        values = {
            "conversation": person.conversation,
            "opted_out": person.opted_out,
            "last_at": person.last_at or datetime.now(timezone.utc),
            "last_id": person.last_id,
            "state": self._seal(person.id, person.state),
        }
        first = self._database.insert(SmsPersonRow).values(person=person.id, **values)
        async with self._database.write() as connection:
            await connection.execute(first.on_conflict_do_update(index_elements=["person"], set_=values))

    async def forget(self, person: str) -> None:
        """Remove all that is known of a person, at once."""
        async with self._database.write() as connection:
            await connection.execute(delete(SmsPersonRow).where(SmsPersonRow.person == person))

    async def silent_since(self, moment: datetime) -> list[str]:
        """Those of whom more than the wish for no messages is kept, and who have not written since ``moment``."""
        quiet = select(SmsPersonRow.person).where(
            SmsPersonRow.last_at <= moment, (SmsPersonRow.opted_out.is_(False)) | (SmsPersonRow.last_id.is_not(None))
        )
        async with self._database.read() as connection:
            return [row.person for row in (await connection.execute(quiet)).all()]

    def _seal(self, person: str, state: State) -> bytes | None:
        if state == State():
            return None
        return self._vault.seal(person, _PLACE, json.dumps(asdict(state), ensure_ascii=False).encode())

    def _open(self, person: str, sealed: bytes | None) -> State:
        if sealed is None:
            return State()
        try:
            kept = json.loads(self._vault.open(person, _PLACE, sealed))
        except StartError:
            # One such row must not keep the others from being erased in time.
            logger.error("what hangs on a conversation by SMS was sealed with another key")
            return State()
        return State(
            rest=[(text, titles) for text, titles in kept["rest"]], choices=kept["choices"], answer=kept["answer"]
        )
