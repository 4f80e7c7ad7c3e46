"""Cases on a database of each kind, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from bot.handoff.case import Carried, Case, Line, State
from bot.handoff.cases import Cases
from bot.handoff.duty import Duty, Team
from bot.storage.cases import CaseStore
from bot.storage.conversations import ConversationStore
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.tables.cases import CaseRow
from tests.storage.conftest import database, postgresql, redis_server, store  # noqa: F401

FIRST = Team("forste", "Første", next="andre", take_within=timedelta(minutes=5), missed_after=timedelta(minutes=20))
SECOND = Team("andre", "Andre", take_within=timedelta(minutes=5), missed_after=timedelta(minutes=20))


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime(2026, 3, 3, 12, 0, tzinfo=timezone.utc))

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@dataclass
class Heard:
    """Everything that was told, in order."""

    told: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    desks: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    alerts: list[tuple[str, bool]] = field(default_factory=list)
    moves: list[tuple[str | None, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def conversation(self, conversation: str, kind: str, data: Mapping[str, Any]) -> None:
        self.told.append((conversation, kind, data))

    def desk(self, kind: str, data: Mapping[str, Any]) -> None:
        self.desks.append((kind, data))

    async def case_waits(self, case: Case, *, again: bool) -> None:
        self.alerts.append((case.team, again))

    async def moved(self, case: Case, before: State | None) -> None:
        self.moves.append((before.value if before else None, case.state.value))

    async def wrote(self, case: Case, line: Line) -> None:
        self.lines.append(line)

    def states(self) -> list[Mapping[str, Any]]:
        return [data for _, kind, data in self.told if kind == "state"]


@dataclass
class Desk:
    """Cases with everything that a test looks at."""

    cases: Cases
    conversations: ConversationStore
    clock: Clock
    heard: Heard
    present: set[str]

    async def waiting(self, urgency: str = "urgent", *, shared: bool = True, channel: str = "web") -> Case:
        conversation, _ = await self.conversations.create(channel)
        offered = await self.cases.offer(conversation, channel, Carried(urgency, ("held_abroad",), country="PK"))
        return await self.cases.hand_over(offered.id, shared=shared)

    async def active(self, worker: str = "w1") -> Case:
        return await self.cases.take((await self.waiting()).id, worker)


def open_desk(database: Database, conversations: ConversationStore, clock: Clock | None = None) -> Desk:  # noqa: F811
    clock, heard, present = clock or Clock(), Heard(), {"forste", "andre"}

    async def on_duty(team: str) -> bool:
        return team in present

    cases = Cases(
        CaseStore(database, Vault(b"k" * 32)),
        Duty({team.id: team for team in (FIRST, SECOND)}),
        news=heard,
        on_duty=on_duty,
        staffed=on_duty,
        alerts=heard,
        words=lambda name, case: f"ord: {name}",
        transcript=conversations.transcript,
        clock=clock,
    )
    cases.watch(heard)
    return Desk(cases, conversations, clock, heard, present)


@pytest.fixture
async def desk(database: Database, store: ConversationStore) -> Desk:  # noqa: F811
    # The tests share one PostgreSQL.
    async with database.write() as connection:
        await connection.execute(sa.delete(CaseRow))
    return open_desk(database, store)
