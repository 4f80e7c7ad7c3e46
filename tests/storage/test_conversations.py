from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.errors import ConversationUnknown, StorageUnavailable
from bot.storage.conversations import ConversationStore
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.tables import Base
from bot.storage.tables.conversations import EventRow


def _said(text: str) -> list[dict[str, Any]]:
    return [{"event": "user", "text": text}, {"event": "bot", "text": f"svar på {text}"}]


async def _write(store: ConversationStore, identifier: str, text: str, **kwargs: Any) -> None:
    turn = await store.load(identifier)
    turn.added = _said(text)
    await store.commit(turn, **kwargs)


async def test_what_is_committed_is_loaded_again_in_order(store: ConversationStore) -> None:
    identifier, _ = await store.create("web")
    await _write(store, identifier, "en")
    await _write(store, identifier, "to", choices=[{"title": "A", "topic": "t", "section": ""}])
    turn = await store.load(identifier)
    assert turn.past == [_said("en"), _said("to")]
    assert turn.stored == 4
    assert turn.choices == [{"title": "A", "topic": "t", "section": ""}]
    assert await store.transcript(identifier) == _said("en") + _said("to")


async def test_the_token_opens_its_own_conversation_only(store: ConversationStore) -> None:
    (first, token), (second, _) = await store.create("web"), await store.create("web")
    await store.authenticate(first, token)
    for identifier, wrong in ((second, token), (first, ""), (first, "feil"), ("finnes-ikke", token)):
        with pytest.raises(ConversationUnknown):
            await store.authenticate(identifier, wrong)


async def test_the_same_message_finds_the_same_reply(store: ConversationStore) -> None:
    identifier, _ = await store.create("web")
    assert (await store.load(identifier, client_message_id="m1")).answered is None
    await _write(store, identifier, "en", client_message_id="m1", reply={"texts": ["svar"]})
    assert (await store.load(identifier, client_message_id="m1")).answered == {"texts": ["svar"]}
    assert (await store.load(identifier, client_message_id="m2")).answered is None


async def test_erase_leaves_nothing(store: ConversationStore, database: Database) -> None:
    identifier, token = await store.create("web")
    await _write(store, identifier, "en", client_message_id="m1", reply={"texts": ["svar"]})
    await store.erase(identifier)
    with pytest.raises(ConversationUnknown):
        await store.load(identifier)
    with pytest.raises(ConversationUnknown):
        await store.authenticate(identifier, token)
    async with database.read() as connection:
        left = await connection.scalar(
            sa.select(sa.func.count()).select_from(EventRow).where(EventRow.conversation == identifier)
        )
    assert left == 0


async def test_a_reply_under_way_cannot_bring_back_what_was_erased(store: ConversationStore) -> None:
    identifier, _ = await store.create("web")
    turn = await store.load(identifier)
    await store.erase(identifier)
    turn.added = _said("for sent")
    with pytest.raises(ConversationUnknown):
        await store.commit(turn)
    assert await store.transcript(identifier) == []


async def test_conversations_expire(database: Database) -> None:
    short = ConversationStore(database, Vault(b"k" * 32), timedelta(seconds=-1))
    identifier, token = await short.create("web")
    with pytest.raises(ConversationUnknown):
        await short.authenticate(identifier, token)
    with pytest.raises(ConversationUnknown):
        await short.load(identifier)
    assert await short.expire(datetime.now(timezone.utc)) >= 1
    assert await short.transcript(identifier) == []


async def test_the_window_moves_and_the_transcript_stays(store: ConversationStore) -> None:
    identifier, _ = await store.create("web")
    for number in range(5):
        await _write(store, identifier, str(number))
    turn = await store.load(identifier)
    turn.added = _said("5")
    turn.new_base, turn.kept = [{"event": "slot", "name": "urgency", "value": "urgent"}], 2
    await store.commit(turn)
    later = await store.load(identifier)
    assert later.base == [{"event": "slot", "name": "urgency", "value": "urgent"}]
    assert later.past == [_said("3"), _said("4"), _said("5")]
    assert len(await store.transcript(identifier)) == 12


async def test_the_tables_are_what_the_migrations_make(database: Database) -> None:
    async with database.engine.connect() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), Base.metadata)
        )
    assert difference == []


async def test_a_second_migration_changes_nothing(database: Database) -> None:
    await database.migrate()
    await database.ping()


async def test_a_database_that_is_gone_says_so() -> None:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StorageUnavailable):
        await database.ping()
    with pytest.raises(StorageUnavailable):
        await database.migrate()
    await database.close()


async def test_nothing_readable_lies_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "hjemvei.sqlite3"
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.migrate()
    store = ConversationStore(database, Vault(b"k" * 32), timedelta(hours=1))
    identifier, token = await store.create("web")
    await _write(store, identifier, "HEMMELIGORD", client_message_id="m", reply={"texts": ["HEMMELIGORD"]})
    everything = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    await database.close()
    assert b"HEMMELIGORD" not in everything
    assert token.encode() not in everything
