"""A queue on each kind of database."""

from __future__ import annotations

import pytest

from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.sms_queue import SmsQueue
from tests.storage.conftest import database, postgresql

__all__ = ["database", "postgresql"]


@pytest.fixture
def vault() -> Vault:
    return Vault(b"k" * 32)


@pytest.fixture
def queue(database: Database, vault: Vault) -> SmsQueue:
    return SmsQueue(database, vault)
