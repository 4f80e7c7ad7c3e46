"""Fixtures for what goes out to people on duty."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.channels.desk import database_in
from tests.channels.prosody import Prosody, prosody_server
from tests.storage.conftest import postgresql

__all__ = ["postgresql"]


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    async with database_in(tmp_path) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated database of each kind, empty of deliveries."""
    if request.param == "sqlite":
        async with database_in(tmp_path) as opened:
            yield opened
        return
    opened = Database(request.getfixturevalue("postgresql"))
    await opened.migrate()
    async with opened.write() as connection:
        for table in ("outbox", "human_threads", "human_calls", "leases", "cases"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")
    yield opened
    await opened.close()


@pytest.fixture
def prosody(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Prosody]:
    with prosody_server(tmp_path_factory.mktemp("prosody")) as server:
        yield server
