"""The wiring: which concrete parts make up the service. Nothing else constructs them."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import desk as desk_room
from bot import directory as directory_room
from bot import knowledge as knowledge_room
from bot import settings as settings_room
from bot.conversation.answers import Answers
from bot.directory import Directory
from bot.directory.check import check as check_contacts
from bot.directory.lookup import Lookup
from bot.directory.need import read_doors
from bot.directory.rows import rows
from bot.errors import KnowledgeError, StartError, StorageUnavailable
from bot.handoff import duty as duty_room
from bot.knowledge import Knowledge
from bot.knowledge.check import Finding, check
from bot.knowledge.concerns import counted_names
from bot.knowledge.documents import ARTICLE
from bot.knowledge.reading import read_yaml
from bot.knowledge.search import Search
from bot.settings import ROOT, Secret, Settings
from bot.statistics.scheme import Measure, Names, measures

if TYPE_CHECKING:
    from bot.channels.outward import Outward
    from bot.channels.sms.dialogue import Dialogue
    from bot.channels.sms.service import Sms
    from bot.conversation.engine import Conversations
    from bot.handoff.cases import Cases
    from bot.handoff.news import Relay
    from bot.staff.service import Staff
    from bot.statistics.counts import Counts
    from bot.statistics.publication import Publisher
    from bot.storage.contacts import ContactStore
    from bot.storage.conversations import ConversationStore
    from bot.storage.database import Database
    from bot.storage.encryption import Vault
    from bot.storage.feedback import FeedbackStore
    from bot.storage.reviews import ReviewStore


_EXAMPLES = 60


@dataclass(frozen=True)
class Library:
    """What is read from files and shared by everything that answers."""

    settings: Settings
    knowledge: Knowledge
    directory: Directory
    lookup: Lookup
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
    answers = answers_of(knowledge, directory, approved_only=settings.approved_only)
    return Library(settings, knowledge, directory, answers.lookup, answers)


def answers_of(knowledge: Knowledge, directory: Directory, *, approved_only: bool = False) -> Answers:
    """What is answered from a knowledge base and a directory. Raises KnowledgeError for words that are missing."""
    lookup = Lookup(directory, read_doors(knowledge.root / "needs.yml"), knowledge.countries)
    return Answers(knowledge, directory, lookup, approved_only=approved_only)


def check_knowledge(today: date, settings: Settings | None = None) -> tuple[Knowledge, Directory, list[Finding]]:
    """Read knowledge/ and everything that check() finds in it. Raises KnowledgeError when it cannot be read."""
    root = (settings or settings_room.read()).knowledge
    if not root.is_dir():
        raise StartError(f"Mappa {root} finnes ikke. Sett HJEMVEI_KNOWLEDGE til kunnskapsbasen.")
    directory = directory_room.load(root / "contacts")
    knowledge = knowledge_room.load(root)
    findings = check(knowledge, directory.details(), today)
    # What is held back is told by `hjemvei contacts check`; here only what must be mended.
    contacts = check_contacts(directory, read_doors(root / "needs.yml"), root, today)
    findings += [finding for finding in contacts if finding.level == "error"]
    teams = root / "teams.yml"
    findings += [Finding("error", teams, 1, text) for text in duty_room.findings(teams)]
    return knowledge, directory, findings


def read_examples(folder: Path) -> dict[str, list[str]]:
    """For each topic, messages that people would write about it: the first of those that the model learns from.

    The search is at its best with some fifty of each; more make it slower to build and to ask.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for entry in read_yaml(path)["nlu"]:
            found.setdefault(entry["intent"], []).extend(example["text"] for example in entry["examples"])
    return {topic: texts[:_EXAMPLES] for topic, texts in found.items()}


def index_examples() -> None:
    """What the look-up learns from data/nlu/, put beside the model, and its index. Does nothing when they are there."""
    settings = settings_room.read()
    if not desk_room.has_learnt(settings):
        desk_room.learn_examples(settings, read_examples(ROOT / "data" / "nlu"))
    desk_room.Desk(settings).search(ARTICLE)


def counted_measures(settings: Settings) -> dict[str, Measure]:
    """What is counted, with the names that knowledge/ has for places and concerns."""
    return measures(Names(**counted_names(settings.knowledge)))


@dataclass(frozen=True)
class House:
    """A running service."""

    settings: Settings
    database: Database
    store: ConversationStore
    contacts: ContactStore
    reviews: ReviewStore
    conversations: Conversations
    staff: Staff
    counts: Counts
    publisher: Publisher
    cases: Cases
    news: Relay
    """Where cases tell what happens; the application joins it."""
    vault: Vault
    outward: Outward
    """Alerts and human channels: what reaches those on duty."""
    dialogue: Dialogue
    sms: Sms | None = None
    """Text messages; none where no provider is set."""

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
async def open_contacts(settings: Settings, sources: Mapping[str, str]) -> AsyncIterator[ContactStore]:
    """The contacts' history, the database migrated and in step with the files. Raises StorageUnavailable.

    ``sources``: for contacts that were changed from elsewhere than their file (a spreadsheet), from where.
    """
    from bot.storage.contacts import ContactStore
    from bot.storage.database import Database

    if not settings.database_url:
        settings.folder.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        await database.migrate()
        store = ContactStore(database)
        await store.bring_in_step(_contact_rows(directory_room.load(settings.knowledge / "contacts"), sources))
        yield store
    finally:
        await database.close()


def _contact_rows(directory: Directory, sources: Mapping[str, str]) -> dict[str, tuple[Mapping[str, Any], str]]:
    return {
        identifier: (values, sources.get(identifier, file)) for identifier, (values, file) in rows(directory).items()
    }


@asynccontextmanager
async def open_reviews() -> AsyncIterator[ReviewStore]:
    """The list of what was not understood, the database migrated. Raises StorageUnavailable."""
    from bot.storage.database import Database
    from bot.storage.encryption import open_vault
    from bot.storage.reviews import ReviewStore

    settings = settings_room.read()
    vault = open_vault(settings)
    database = Database(settings.database)
    try:
        await database.migrate()
        yield ReviewStore(database, vault, timedelta(days=settings.review_days))
    finally:
        await database.close()


@asynccontextmanager
async def open_staff() -> AsyncIterator[Staff]:
    """The accounts, the database migrated; needs no server and no model. Raises StorageUnavailable."""
    from bot.storage.database import Database
    from bot.storage.encryption import open_vault

    settings = settings_room.read()
    vault = open_vault(settings)
    database = Database(settings.database)
    try:
        await database.migrate()
        yield _staff(settings, database, vault)
    finally:
        await database.close()


def _staff(settings: Settings, database: Database, vault: Vault) -> Staff:
    from bot.staff.model import Limits
    from bot.staff.service import Staff
    from bot.storage.staff import StaffStore

    limits = Limits(
        idle=timedelta(minutes=settings.staff_idle_minutes),
        absolute=timedelta(hours=settings.staff_session_hours),
        log=timedelta(days=settings.audit_days),
    )
    return Staff(StaffStore(database, vault), limits)


@asynccontextmanager
async def open_house(*, temporary: bool = False) -> AsyncIterator[House]:
    """The whole service: database migrated, model loaded, conversations ready. Raises StartError.

    With ``temporary`` the conversations lie in a folder that is removed at the end.
    """
    # Rasa takes seconds to import; a command that only looks something up does not wait for it.
    from bot.bootstrap_cases import open_cases
    from bot.channels.alerts.sms import through
    from bot.channels.outward import open_outward
    from bot.channels.sms.opening import open_sms
    from bot.conversation.agent import load_agent, lock_store
    from bot.conversation.engine import Conversations
    from bot.conversation.handing import in_words
    from bot.conversation.review import Reviewer
    from bot.handoff.news import Relay
    from bot.language import pipeline
    from bot.statistics.case_watch import CaseCounts
    from bot.statistics.counts import Counts
    from bot.statistics.publication import Publisher
    from bot.storage.contacts import ContactStore
    from bot.storage.conversations import ConversationStore
    from bot.storage.database import Database
    from bot.storage.encryption import open_vault
    from bot.storage.reviews import ReviewStore
    from bot.storage.statistics import CountStore
    from bot.storage.tracker_store import SealedTrackerStore

    given = library().settings
    folder = tempfile.TemporaryDirectory() if temporary else None
    settings = _in_folder(given, folder.name) if folder else given
    vault = open_vault(settings)
    database = Database(settings.database)
    try:
        try:
            await database.migrate()
            contacts = ContactStore(database)
            await contacts.bring_in_step(rows(library().directory))
        except StorageUnavailable as error:
            raise StartError(
                "Databasen svarer ikke. Se at den kjører, og at HJEMVEI_DATABASE_URL er riktig."
            ) from error
        store = ConversationStore(database, vault, timedelta(hours=settings.retention_hours))
        pipeline.use(settings.spacy_model)
        locks = lock_store(settings.redis_url.reveal())
        agent = load_agent(settings.models, SealedTrackerStore(store), locks)
        reviews = ReviewStore(database, vault, timedelta(days=settings.review_days))
        reviewer = Reviewer(reviews, keep_text=settings.review_text)
        counted = (CountStore(database), counted_measures(settings))
        counts, publisher = Counts(*counted), Publisher(*counted)
        news, staff = Relay(), _staff(settings, database, vault)
        cases = open_cases(settings, database, vault, store, news, staff, lambda: library().answers)
        cases.watch(CaseCounts(counts))
        conversations = Conversations(store, agent, locks, lambda: library().answers, reviewer, cases, counts)
        dialogue, sms = open_sms(settings, database, vault, conversations, locks, cases, lambda: library().answers)
        outward = open_outward(
            settings,
            database,
            cases,
            lambda carried: in_words(carried, library().answers),
            through(sms.provider) if sms else None,
        )
        yield House(
            settings=settings,
            database=database,
            store=store,
            contacts=contacts,
            reviews=reviews,
            conversations=conversations,
            staff=staff,
            counts=counts,
            publisher=publisher,
            cases=cases,
            news=news,
            vault=vault,
            outward=outward,
            dialogue=dialogue,
            sms=sms,
        )
    finally:
        await database.close()
        if folder:
            folder.cleanup()


def _in_folder(settings: Settings, folder: str) -> Settings:
    return replace(settings, folder=Path(folder), database_url=Secret(""), key=Secret(""), redis_url=Secret(""))
