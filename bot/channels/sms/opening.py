"""How the parts of SMS are put together, and how they hang on the cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from rasa.core.lock_store import LockStore

from bot.channels.sms.dialogue import NOBODY, Dialogue
from bot.channels.sms.human import HumanBySms
from bot.channels.sms.service import Sms, sms_of
from bot.conversation.answers import Answers
from bot.conversation.engine import Conversations
from bot.handoff.cases import Cases
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.sms_people import SmsPeople
from bot.storage.sms_rows import Tie


def open_sms(
    settings: Settings,
    database: Database,
    vault: Vault,
    conversations: Conversations,
    locks: LockStore,
    cases: Cases,
    answers: Callable[[], Answers],
) -> tuple[Dialogue, Sms | None]:
    """The conversation by SMS and, where the settings name a provider, what carries it. Raises SettingError."""
    people = SmsPeople(database, vault)

    async def handoff(conversation: str) -> str:
        case = await cases.current(conversation)
        return case.state.value if case is not None else "none"

    async def ties(person: str) -> Tie:
        conversation = (await people.load(person)).conversation
        if conversation is None:
            return Tie.GONE
        return Tie.HELD if await handoff(conversation) not in NOBODY else Tie.FREE

    dialogue = Dialogue(
        conversations,
        people,
        locks,
        answers,
        silence=timedelta(hours=settings.sms_session_hours),
        keywords=settings.sms_keywords,
        handoff=handoff,
    )
    notice = lambda kind: str(getattr(answers().sms.words, kind))  # noqa: E731
    sms = sms_of(settings, database, vault, dialogue, ties=ties, notice=notice)
    if sms is not None:
        cases.watch(HumanBySms(sms, people))
    return dialogue, sms
