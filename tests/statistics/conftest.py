"""A small scheme, and a store of each kind of database."""

from __future__ import annotations

import pytest

from bot.statistics.scheme import Measure, Names, measures
from bot.storage.database import Database
from bot.storage.statistics import CountStore
from tests.storage.conftest import database, postgresql  # noqa: F401

NAMES = Names(
    places={"03": "Oslo", "11": "Rogaland", "46": "Vestland", "PK": "Pakistan", "SO": "Somalia"},
    concerns={"vold": "Trusler og vold", "kontroll": "Negativ sosial kontroll", "opphold": "Ufrivillig opphold"},
)


@pytest.fixture
def scheme() -> dict[str, Measure]:
    return measures(NAMES)


@pytest.fixture
def counted(database: Database) -> CountStore:  # noqa: F811
    return CountStore(database)
