"""Conversations as they are kept: sealed, appended to, expiring, erased on request."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update

from bot.errors import ConversationUnknown
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.tables.conversations import ConversationRow, EventRow, ReplyRow

Event = dict[str, Any]
"""A Rasa event as its ``as_dict`` gives it."""

WINDOW_TURNS = 6
"""How many turns the dialogue reads at least; it reads at most twice as many, so that no message costs more than
the twelfth. What older turns left behind (slots, an open form) is carried along in ``base``."""


_LOAD = (
    select(
        ConversationRow.token_hash,
        ConversationRow.channel,
        ConversationRow.created_at,
        ConversationRow.expires_at,
        ConversationRow.events,
        ConversationRow.window_start,
        ConversationRow.base,
        ConversationRow.choices,
        EventRow.first,
        EventRow.data,
        ReplyRow.data.label("reply"),
    )
    .outerjoin(
        EventRow,
        and_(EventRow.conversation == ConversationRow.id, EventRow.first >= ConversationRow.window_start),
    )
    .outerjoin(
        ReplyRow,
        and_(ReplyRow.conversation == ConversationRow.id, ReplyRow.client_message_id == bindparam("message")),
    )
    .where(ConversationRow.id == bindparam("id"))
    .order_by(EventRow.first)
)


@dataclass
class Turn:
    """What is known when a message comes in, and what it adds. Written in one transaction by ``commit``."""

    conversation: str
    channel: str
    base: list[Event]
    past: list[list[Event]]
    """The events of the window, a list for each turn."""
    stored: int
    """How many events are stored: the number of the next."""
    window_start: int
    choices: list[dict[str, str]]
    added: list[Event] = field(default_factory=list)
    new_base: list[Event] | None = None
    kept: int = 0
    """With ``new_base``: how many of the past turns stay in the window."""
    answered: dict[str, Any] | None = None
    """The reply that this very message was given before."""
    slots: dict[str, Any] = field(default_factory=dict)
    """What the dialogue remembers at the end of the turn. Not written: the events say the same."""
    slots_before: dict[str, Any] = field(default_factory=dict)
    """The same as the turn began."""
    began: datetime = datetime.min
    """When the conversation was started, UTC."""


class ConversationStore:
    """All that is ever read from or written to the conversation tables."""

    def __init__(self, database: Database, vault: Vault, retention: timedelta) -> None:
        self._database = database
        self._vault = vault
        self._retention = retention

    async def create(self, channel: str) -> tuple[str, str]:
        """Start a conversation: its id (192 random bits) and the token that every later call must carry."""
        identifier, token = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
        now = datetime.now(timezone.utc)
        async with self._database.write() as connection:
            await connection.execute(
                insert(ConversationRow).values(
                    id=identifier,
                    token_hash=_hash(token),
                    channel=channel,
                    created_at=now,
                    expires_at=now + self._retention,
                    events=0,
                    window_start=0,
                )
            )
        return identifier, token

    async def authenticate(self, identifier: str, token: str) -> None:
        """Raise ConversationUnknown unless the conversation lives and the token is its own.

        An unknown id and a wrong token are told apart by nobody: same error, same work.
        """
        columns = select(ConversationRow.token_hash, ConversationRow.expires_at)
        async with self._database.read() as connection:
            row = (await connection.execute(columns.where(ConversationRow.id == identifier))).first()
        self._admit(row, token)

    @staticmethod
    def _admit(row: Any, token: str | None) -> None:
        expected = row.token_hash if row is not None else bytes(32)
        given = expected if token is None else _hash(token)
        if not hmac.compare_digest(expected, given) or row is None or _expired(row.expires_at):
            raise ConversationUnknown

    async def load(self, identifier: str, *, token: str | None = None, client_message_id: str | None = None) -> Turn:
        """Everything the next message needs, in one statement. Raises ConversationUnknown.

        With ``token`` it must be the conversation's own. With ``client_message_id`` the turn's ``answered`` is the
        reply that this message was given before, if it was.
        """
        async with self._database.read() as connection:
            rows = (await connection.execute(_LOAD, {"id": identifier, "message": client_message_id or ""})).all()
        row = rows[0] if rows else None
        self._admit(row, token)
        assert row is not None
        answered = row.reply and self._open(identifier, f"reply:{client_message_id}", row.reply)
        return Turn(
            conversation=identifier,
            channel=row.channel,
            base=self._open(identifier, "base", row.base) if row.base else [],
            past=[self._open(identifier, f"events:{r.first}", r.data) for r in rows if r.data is not None],
            stored=row.events,
            window_start=row.window_start,
            choices=self._open(identifier, "choices", row.choices) if row.choices else [],
            answered=answered or None,
            began=row.created_at,
        )

    async def transcript(self, identifier: str) -> list[Event]:
        """Every event since the conversation began, for the human who takes over."""
        columns = select(EventRow.first, EventRow.data).where(EventRow.conversation == identifier)
        async with self._database.read() as connection:
            rows = (await connection.execute(columns.order_by(EventRow.first))).all()
        return [event for r in rows for event in self._open(identifier, f"events:{r.first}", r.data)]

    async def commit(
        self,
        turn: Turn,
        *,
        choices: Sequence[dict[str, str]] = (),
        client_message_id: str | None = None,
        reply: dict[str, Any] | None = None,
    ) -> None:
        """Append what the turn added, whole or not at all. Raises ConversationUnknown if it was erased meanwhile."""
        identifier = turn.conversation
        values: dict[str, Any] = {
            "events": turn.stored + len(turn.added),
            "expires_at": datetime.now(timezone.utc) + self._retention,
            "choices": self._seal(identifier, "choices", list(choices)) if choices else None,
        }
        if turn.new_base is not None:
            values["base"] = self._seal(identifier, "base", turn.new_base)
            values["window_start"] = turn.stored - sum(map(len, turn.past[len(turn.past) - turn.kept :]))
        async with self._database.write() as connection:
            done = await connection.execute(
                update(ConversationRow).where(ConversationRow.id == identifier).values(**values)
            )
            if done.rowcount != 1:
                raise ConversationUnknown
            if turn.added:
                sealed = self._seal(identifier, f"events:{turn.stored}", turn.added)
                event = {"conversation": identifier, "first": turn.stored, "count": len(turn.added), "data": sealed}
                await connection.execute(insert(EventRow).values(**event))
            if client_message_id is not None and reply is not None:
                sealed = self._seal(identifier, f"reply:{client_message_id}", reply)
                given = {"conversation": identifier, "client_message_id": client_message_id, "data": sealed}
                await connection.execute(insert(ReplyRow).values(**given))

    async def erase(self, identifier: str) -> None:
        """Remove the conversation and all that hangs on it, at once."""
        async with self._database.write() as connection:
            await connection.execute(delete(ConversationRow).where(ConversationRow.id == identifier))

    async def expire(self, now: datetime) -> int:
        """Remove every conversation whose time is out; answers how many."""
        async with self._database.write() as connection:
            done = await connection.execute(delete(ConversationRow).where(ConversationRow.expires_at <= now))
            return int(done.rowcount)

    def _seal(self, identifier: str, place: str, value: object) -> bytes:
        return self._vault.seal(identifier, place, json.dumps(value, ensure_ascii=False).encode())

    def _open(self, identifier: str, place: str, sealed: bytes) -> Any:
        return json.loads(self._vault.open(identifier, place, sealed))


def _hash(token: str) -> bytes:
    # The token has 256 random bits, so a plain hash is enough: there is nothing to guess.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _expired(time: datetime) -> bool:
    return time <= datetime.now(timezone.utc)
