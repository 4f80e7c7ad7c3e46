"""The wiring: which concrete parts make up the service. Nothing else constructs them."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot import directory as directory_room
from bot import knowledge as knowledge_room
from bot import settings as settings_room
from bot.conversation.answers import Answers
from bot.directory import Directory
from bot.errors import KnowledgeError, StartError, StorageUnavailable
from bot.knowledge import Knowledge
from bot.knowledge.check import Finding, check
from bot.knowledge.reading import read_yaml
from bot.knowledge.search import Search
from bot.settings import ROOT, Secret, Settings

if TYPE_CHECKING:
    from bot.conversation.engine import Conversations
    from bot.storage.conversations import ConversationStore
    from bot.storage.database import Database
    from bot.storage.feedback import FeedbackStore


@dataclass(frozen=True)
class Library:
    """What is read from files and shared by everything that answers."""

    settings: Settings
    knowledge: Knowledge
    directory: Directory
    answers: Answers

    @cached_property
    def search(self) -> Search:
        """Search over the articles. Takes seconds to build, so only what searches waits for it."""
        return Search(self.knowledge, examples=read_examples(ROOT / "data" / "nlu"))


class Shelf:
    """The library in use, and what became of the last try to read it anew."""

    def __init__(self) -> None:
        self._library: Library | None = None
        self._version = 0.0
        self.problem = ""
        """One line for each error of the last reading that failed; empty when the last one went well."""

    def library(self) -> Library:
        """The library, read at first use. Raises KnowledgeError with every error found in knowledge/."""
        if self._library is None:
            settings = settings_room.read()
            self._version = _changed_at(settings)
            self._library = read_library(settings)
        return self._library

    def refresh(self) -> bool:
        """Read knowledge/ anew if a file has changed. A version that cannot be read leaves the old one in use."""
        settings = self.library().settings
        version = _changed_at(settings)
        if version == self._version:
            return False
        self._version = version
        try:
            fresh = read_library(settings)
        except (KnowledgeError, StartError) as error:
            self.problem = str(error)
            return False
        self._library, self.problem = fresh, ""
        return True


shelf = Shelf()


def library() -> Library:
    """The library of this process: what actions answer from."""
    return shelf.library()


def _changed_at(settings: Settings) -> float:
    """The time of the newest change under knowledge/, in seconds since 1970."""
    return max((path.stat().st_mtime for path in settings.knowledge.rglob("*")), default=0.0)


def read_library(settings: Settings) -> Library:
    """Read and check knowledge/."""
    knowledge, directory, findings = check_knowledge(date.today(), settings)
    errors = [str(finding) for finding in findings if finding.level == "error"]
    if errors:
        raise KnowledgeError(errors)
    answers = Answers(knowledge, directory, approved_only=settings.approved_only)
    return Library(settings, knowledge, directory, answers)


def check_knowledge(today: date, settings: Settings | None = None) -> tuple[Knowledge, Directory, list[Finding]]:
    """Read knowledge/ and everything that check() finds in it. Raises KnowledgeError when it cannot be read."""
    root = (settings or settings_room.read()).knowledge
    if not root.is_dir():
        raise StartError(f"Mappa {root} finnes ikke. Sett HJEMVEI_KNOWLEDGE til kunnskapsbasen.")
    directory = directory_room.load(root / "contacts")
    knowledge = knowledge_room.load(root)
    return knowledge, directory, check(knowledge, directory.details(), today)


def read_examples(folder: Path) -> dict[str, list[str]]:
    """For each topic, the messages that people would write about it: those that the model learns from."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for entry in read_yaml(path)["nlu"]:
            found.setdefault(entry["intent"], []).extend(example["text"] for example in entry["examples"])
    return found


@dataclass(frozen=True)
class House:
    """A running service."""

    settings: Settings
    database: Database
    store: ConversationStore
    conversations: Conversations

    @property
    def feedback(self) -> FeedbackStore:
        """Where it is counted whether answers helped."""
        from bot.storage.feedback import FeedbackStore

        return FeedbackStore(self.database)

    @property
    def library(self) -> Library:
        """The library in use now: editors may have changed it since the start."""
        return library()


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

    given = library().settings
    folder = tempfile.TemporaryDirectory() if temporary else None
    settings = _in_folder(given, folder.name) if folder else given
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
        yield House(settings, database, store, Conversations(store, agent, locks, lambda: library().answers))
    finally:
        await database.close()
        if folder:
            folder.cleanup()


def _in_folder(settings: Settings, folder: str) -> Settings:
    return replace(settings, folder=Path(folder), database_url=Secret(""), key=Secret(""), redis_url=Secret(""))
