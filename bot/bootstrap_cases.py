"""The wiring of the cases: the teams of knowledge/teams.yml, and the words of knowledge/talk.yml."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.conversation.answers import Answers
from bot.conversation.handing import occasion
from bot.handoff.cases import Cases, Limits
from bot.handoff.duty import read_duty
from bot.handoff.news import Relay
from bot.settings import Settings
from bot.staff.service import Staff
from bot.storage.cases import CaseStore
from bot.storage.conversations import ConversationStore
from bot.storage.database import Database
from bot.storage.encryption import Vault


def open_cases(
    settings: Settings,
    database: Database,
    vault: Vault,
    store: ConversationStore,
    news: Relay,
    staff: Staff,
    answers: Callable[[], Answers],
) -> Cases:
    """The cases of this installation. ``answers``: those in use now."""
    limits = Limits(
        silent=timedelta(seconds=settings.worker_silent_seconds),
        kept=timedelta(hours=settings.retention_hours),
        unread=timedelta(days=settings.message_days),
        rows=timedelta(days=settings.case_days),
    )
    return Cases(
        CaseStore(database, vault),
        read_duty(settings.knowledge / "teams.yml"),
        news=news,
        on_duty=staff.on_duty,
        staffed=staff.staffed,
        words=lambda name, case: occasion(name, case, answers()),
        transcript=store.transcript,
        limits=limits,
    )
