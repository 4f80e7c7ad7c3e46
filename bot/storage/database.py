"""The engine, and one transaction for each turn of a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from bot.errors import StorageUnavailable

_MIGRATIONS = Path(__file__).parent / "migrations"
_current: ContextVar[AsyncSession | None] = ContextVar("current_session", default=None)


class Database:
    """An engine and its sessions. Nothing is opened until the first use."""

    def __init__(self, address: str) -> None:
        self.address = address
        options: dict[str, Any] = {"pool_pre_ping": True} if "postgresql" in address else {}
        self._engine: AsyncEngine = create_async_engine(address, hide_parameters=True, **options)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """The transaction of the turn that is under way, or one of its own; committed when the block ends well.

        Raises StorageUnavailable when the database cannot be reached.
        """
        current = _current.get()
        if current is not None:
            yield current
            return
        try:
            async with self._sessions.begin() as session:
                mark = _current.set(session)
                try:
                    yield session
                finally:
                    _current.reset(mark)
        except (DBAPIError, SQLAlchemyError, OSError) as error:
            raise StorageUnavailable(type(error).__name__) from error

    async def ping(self) -> None:
        """Raise StorageUnavailable unless the database answers."""
        async with self.session() as session:
            await session.execute(text("SELECT 1 FROM conversations WHERE 1 = 0"))

    async def migrate(self) -> None:
        """Bring the tables to the newest revision. Raises StorageUnavailable when the database cannot be reached."""
        try:
            await asyncio.to_thread(_upgrade, self.address)
        except (DBAPIError, SQLAlchemyError, OSError) as error:
            raise StorageUnavailable(type(error).__name__) from error

    async def close(self) -> None:
        await self._engine.dispose()


def _upgrade(address: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["address"] = address
    command.upgrade(config, "head")


def _prepare_sqlite(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    # WAL lets readers go on while a turn is written; secure_delete overwrites what is erased with zeros.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "busy_timeout=5000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
