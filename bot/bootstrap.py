"""The wiring: which concrete parts make up the service. Nothing else constructs them."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot import directory as directory_room
from bot import knowledge as knowledge_room
from bot import settings as settings_room
from bot.conversation.answers import Answers
from bot.directory import Directory
from bot.errors import KnowledgeError, StartError, StorageUnavailable
from bot.knowledge import Knowledge
from bot.knowledge.check import check
from bot.settings import Secret, Settings

if TYPE_CHECKING:
    from bot.conversation.engine import Conversations
    from bot.storage.conversations import ConversationStore
    from bot.storage.database import Database


@dataclass(frozen=True)
class Library:
    """What is read from files and shared by everything that answers."""

    settings: Settings
    knowledge: Knowledge
    directory: Directory
    answers: Answers


@lru_cache(maxsize=1)
def library() -> Library:
    """The library of this process, read once. Raises KnowledgeError with every error found in knowledge/."""
    return read_library(settings_room.read())


def read_library(settings: Settings) -> Library:
    """Read and check knowledge/."""
    if not settings.knowledge.is_dir():
        raise StartError(f"Mappa {settings.knowledge} finnes ikke. Sett HJEMVEI_KNOWLEDGE til kunnskapsbasen.")
    directory = directory_room.load(settings.knowledge / "contacts")
    knowledge = knowledge_room.load(settings.knowledge)
    errors = [f for f in check(knowledge, directory.details(), date.today()) if f.level == "error"]
    if errors:
        raise KnowledgeError([str(error) for error in errors])
    answers = Answers(knowledge, directory, approved_only=settings.approved_only)
    return Library(settings, knowledge, directory, answers)


@dataclass(frozen=True)
class House:
    """A running service."""

    library: Library
    database: Database
    store: ConversationStore
    conversations: Conversations


@asynccontextmanager
async def open_house(*, temporary: bool = False) -> AsyncIterator[House]:
    """The whole service: database migrated, model loaded, conversations ready. Raises StartError.

    With ``temporary`` the conversations lie in a folder that is removed at the end.
    """
    # Rasa takes seconds to import; a command that only looks something up does not wait for it.
    from bot.conversation.agent import load_agent, lock_store
    from bot.conversation.engine import Conversations
    from bot.storage.conversations import ConversationStore
    from bot.storage.database import Database
    from bot.storage.encryption import open_vault
    from bot.storage.tracker_store import SealedTrackerStore

    shelf = library()
    folder = tempfile.TemporaryDirectory() if temporary else None
    settings = _in_folder(shelf.settings, folder.name) if folder else shelf.settings
    vault = open_vault(settings)
    database = Database(settings.database)
    try:
        try:
            await database.migrate()
        except StorageUnavailable as error:
            raise StartError(
                "Databasen svarer ikke. Se at den kjører, og at HJEMVEI_DATABASE_URL er riktig."
            ) from error
        store = ConversationStore(database, vault, timedelta(hours=settings.retention_hours))
        locks = lock_store(settings.redis_url.reveal())
        agent = load_agent(settings.models, SealedTrackerStore(store), locks)
        yield House(shelf, database, store, Conversations(store, agent, locks, shelf.answers))
    finally:
        await database.close()
        if folder:
            folder.cleanup()


def _in_folder(settings: Settings, folder: str) -> Settings:
    return replace(settings, folder=Path(folder), database_url=Secret(""), key=Secret(""), redis_url=Secret(""))
