"""Cases, an outbox and a human channel over a database of their own, as a house has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bot.channels.delivery import Courier, Schedule
from bot.channels.human.channel import HumanChannel
from bot.channels.human.service import HumanChannels
from bot.handoff.case import Carried, Case
from bot.handoff.cases import Cases
from bot.handoff.duty import Duty, Team
from bot.storage.alerts import ALERT, HUMAN, Outbox
from bot.storage.cases import CaseStore
from bot.storage.conversations import ConversationStore
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.human import HumanStore

QUICK = {kind: Schedule((0.05,), timedelta(minutes=5)) for kind in (ALERT, HUMAN)}
CARRIED = Carried("urgent", ("pass tatt",), "utland.pass_tatt", "under 18", "PK", None, "nb", ("udops",))


@dataclass
class Clock:
    """A time that a test can move."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(timezone.utc) + self.ahead


@dataclass
class Desk:
    """Everything that belongs together."""

    database: Database
    conversations: ConversationStore
    cases: Cases
    outbox: Outbox
    store: HumanStore
    human: HumanChannels
    courier: Courier
    clock: Clock
    told: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)

    async def waiting(self, *said: str, urgency: str = "urgent") -> Case:
        """A case that has just joined the queue; ``said``: what the person wrote to the assistant before."""
        conversation, _ = await self.conversations.create("web")
        for text in said:
            event = {"event": "user", "text": text, "timestamp": self.clock().timestamp()}
            turn = await self.conversations.load(conversation)
            turn.added.append(event)
            await self.conversations.commit(turn)
        carried = Carried(urgency, *list(CARRIED.__dict__.values())[1:])
        offered = await self.cases.offer(conversation, "web", carried)
        return await self.cases.hand_over(offered.id)

    async def says(self, case: Case, text: str) -> None:
        """The person writes while a human has the case."""
        await self.cases.write(case.id, by="user", text=text)

    async def heard(self, case: Case) -> list[str]:
        """What humans have written to the person, in order."""
        return [line.text for line in await self.cases.lines(case.id) if line.by == "human"]

    async def state(self, case: Case) -> str:
        return (await self.cases.get(case.id)).state.value


async def until(
    condition: Callable[[], Awaitable[bool]] | Callable[[], bool], what: str, limit_s: float = 15.0
) -> None:
    """Wait for something to become so."""
    for _ in range(int(limit_s / 0.02)):
        found = condition()
        if isinstance(found, bool):
            if found:
                return
        elif await found:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {limit_s} s: {what}")


@asynccontextmanager
async def process(
    database: Database, channels: Callable[[HumanStore], Sequence[HumanChannel]], clock: Clock | None = None
) -> AsyncIterator[Desk]:
    """One process of the service over a database, its background work going on."""
    vault, clock = Vault(b"k" * 32), clock or Clock()
    conversations = ConversationStore(database, vault, timedelta(hours=24))
    cases = Cases(
        CaseStore(database, vault),
        Duty({"vakt": Team("vakt", "Vakta")}),
        clock=clock,
        transcript=conversations.transcript,
    )
    outbox, store = Outbox(database, lease=timedelta(seconds=3)), HumanStore(database)
    human = HumanChannels(cases, store, outbox, channels(store))
    courier = Courier(outbox, human.routes(), schedules=QUICK, timeout_s=2.0)
    human.wake = courier.wake
    cases.watch(human)
    desk = Desk(database, conversations, cases, outbox, store, human, courier, clock)

    class News:
        def conversation(self, conversation: str, kind: str, data: dict[str, object]) -> None:
            desk.told.append((conversation, kind, dict(data)))

        def desk(self, kind: str, data: object) -> None:
            return None

    cases.news.join(News())  # type: ignore[attr-defined]

    async def sweep() -> None:
        while True:
            await human.sweep()
            await asyncio.sleep(0.2)

    await human.start()
    tasks = [asyncio.create_task(courier.run()), asyncio.create_task(sweep())]
    try:
        yield desk
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await human.stop()


@asynccontextmanager
async def database_in(folder: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{folder / 'hjemvei.sqlite3'}")
    await opened.migrate()
    yield opened
    await opened.close()
