"""A dialogue of one's own, on the real model and knowledge, with a clock that can be moved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from itertools import count

from rasa.core.lock_store import InMemoryLockStore

from bot.bootstrap import House, library
from bot.channels.sms.dialogue import Dialogue
from bot.language import gsm7
from bot.storage.sms_people import SmsPeople

SILENCE = timedelta(hours=4)
_numbers = count(1)


class Telephone:
    """Somebody who writes: each message gets an id of its own, and every answer is held to what an SMS may be."""

    def __init__(self, dialogue: Dialogue, clock: Clock, people: SmsPeople) -> None:
        self.dialogue = dialogue
        self.clock = clock
        self.people = people
        self.person = f"person-{next(_numbers)}"

    async def write(self, text: str, message_id: str | None = None) -> list[str]:
        told = await self.dialogue.answer(self.person, text, message_id or f"m{next(_numbers)}")
        for message in told:
            assert gsm7.parts(message) <= 3
            assert "http" not in message
        return told

    async def read(self, text: str) -> str:
        """The answer, where it is one message."""
        [told] = await self.write(text)
        return told


class Clock:
    def __init__(self) -> None:
        # The database is the house's, which erases what has been silent by the real time.
        self.now = datetime.now(timezone.utc)

    def __call__(self) -> datetime:
        return self.now


def make_telephone(house: House, people: SmsPeople, handoff: Callable[[str], Awaitable[str]]) -> Telephone:
    clock = Clock()
    dialogue = Dialogue(
        house.conversations,
        people,
        InMemoryLockStore(),
        lambda: library().answers,
        silence=SILENCE,
        keywords=("hjemvei",),
        handoff=handoff,
        clock=clock,
    )
    return Telephone(dialogue, clock, people)
