"""What many tests share."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

from bot.quiet import be_quiet

be_quiet()

from bot import settings as settings_room
from bot.bootstrap import House, Library, library, open_house
from bot.staff import passwords

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(scope="session", autouse=True)
def _only_loopback() -> Iterator[None]:
    """No test reaches another machine: a connection to anything but this one fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise OSError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> None:
    """The tests run with default settings, whatever the developer's shell has."""
    for name in [name for name in os.environ if name.startswith("HJEMVEI_")]:
        del os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def strength_of_passwords() -> Iterator[int]:
    """Passwords of tests are worth nothing, and each check would take 64 MiB and a core. Answers the real strength."""
    real = passwords._HASHER
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield real.memory_cost
    passwords._HASHER = real


@pytest.fixture(scope="session")
def shelf() -> Library:
    """The real knowledge base and directory."""
    return library()


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model's folder; `make test` trains it before the tests."""
    models = settings_room.read().models
    if not any(models.glob("*.tar.gz")):
        pytest.fail("There is no model. Run `make train` first.")
    return models


@pytest.fixture(scope="session")
async def house(model: Path) -> AsyncIterator[House]:
    """A whole service on a database of its own, shared by the tests that only talk to it."""
    async with open_house(temporary=True) as opened:
        yield opened
