"""The engine, and its connections to read from and to write through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StorageUnavailable

_MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """An engine and its connections. Nothing is opened until the first use."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._turn = asyncio.Lock()
        self._writer: asyncio.Task[Any] | None = None
        # A SQLite read opens no transaction, so there is nothing to roll back when a connection is given back.
        options: dict[str, Any] = {"pool_pre_ping": True} if "postgresql" in address else {"pool_reset_on_return": None}
        self.engine: AsyncEngine = create_async_engine(address, hide_parameters=True, **options)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)

    def insert(self, table: Any) -> Any:
        """An insert into ``table`` that can say what happens ``on_conflict``: both databases do, in the same words, but
        SQLAlchemy has a class for each."""
        return (postgresql if self.engine.dialect.name == "postgresql" else sqlite).insert(table)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read from. Raises StorageUnavailable when the database cannot be reached."""
        with _reachable():
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self, *, durable: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed when the block ends well, else undone. Raises StorageUnavailable.

        ``durable``: what is committed survives a loss of power too. PostgreSQL always sees to that; SQLite waits for
        the disk only when asked to.
        """
        with _reachable():
            if self.engine.dialect.name != "sqlite":
                async with self.engine.begin() as connection:
                    yield connection
                return
            async with self._in_turn(), self.engine.begin() as connection:
                await _wait_for_disk(connection, durable)
                yield connection

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        """One writer at a time, in the order in which they came.

        SQLite has one writer at a time anyway; who finds it taken looks again at growing intervals, and under load some
        never find it free.
        """
        task = asyncio.current_task()
        if self._writer is task:
            raise RuntimeError("a write inside a write would wait for itself")
        async with self._turn:
            self._writer = task
            try:
                yield
            finally:
                self._writer = None

    async def ping(self) -> None:
        """Raise StorageUnavailable unless the database answers."""
        async with self.read() as connection:
            await connection.execute(text("SELECT 1 FROM conversations WHERE 1 = 0"))

    async def migrate(self) -> None:
        """Bring the tables to the newest revision. Raises StorageUnavailable when the database cannot be reached."""
        with _reachable():
            await asyncio.to_thread(_upgrade, self.address)

    async def close(self) -> None:
        await self.engine.dispose()


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise StorageUnavailable(type(error).__name__) from error


async def _wait_for_disk(connection: AsyncConnection, durable: bool) -> None:
    """Set when SQLite's write-ahead log is flushed. A connection keeps the setting, so it is remembered with it."""
    known = (await connection.get_raw_connection()).info
    if known.get("durable", False) != durable:
        await connection.execute(text(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}"))
        known["durable"] = durable


def _upgrade(address: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["address"] = address
    command.upgrade(config, "head")


def _prepare_sqlite(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    # WAL lets readers go on while a turn is written; secure_delete overwrites what is erased with zeros.
    for pragma in (
        # How long to wait for another process that writes; within this one, writers take turns.
        "busy_timeout=20000",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
