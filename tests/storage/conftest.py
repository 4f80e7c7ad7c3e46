"""The stores to test: SQLite always, PostgreSQL where Debian's package is installed (in CI it must be)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.storage.conversations import ConversationStore
from bot.storage.database import Database
from bot.storage.encryption import Vault

REQUIRED = os.environ.get("TEST_SERVERS") == "required"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def missing(what: str) -> None:
    """Skip with a word; in CI, where the servers must be there, fail."""
    message = f"{what} is not installed (Debian: apt install {what})"
    if REQUIRED:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL of our own, on loopback and a free port."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []
    if not found:
        missing("postgresql")
    tools, folder, port = found[-1], tmp_path_factory.mktemp("postgresql"), free_port()
    # PostgreSQL refuses to run as root.
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_owner:
        shutil.chown(folder, "postgres")
        for parent in folder.parents:
            if str(parent).startswith("/tmp/"):
                parent.chmod(0o755)
    data = folder / "data"
    subprocess.run(
        [*as_owner, tools / "initdb", "-D", data, "-U", "hjemvei", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
    )
    server = subprocess.Popen(
        [*as_owner, tools / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            ready = subprocess.run([tools / "pg_isready", "-h", "127.0.0.1", "-p", str(port)], capture_output=True)
            if ready.returncode == 0:
                break
            time.sleep(0.1)
        yield f"postgresql+asyncpg://hjemvei@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis of our own, on loopback and a free port."""
    program = shutil.which("redis-server")
    if program is None:
        missing("redis-server")
    port = free_port()
    server = subprocess.Popen(
        [str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        cwd=tmp_path_factory.mktemp("redis"),
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated database of each kind."""
    if request.param == "sqlite":
        address = f"sqlite+aiosqlite:///{tmp_path / 'hjemvei.sqlite3'}"
    else:
        address = request.getfixturevalue("postgresql")
    opened = Database(address)
    await opened.migrate()
    yield opened
    await opened.close()


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return ConversationStore(database, Vault(b"k" * 32), timedelta(hours=24))
