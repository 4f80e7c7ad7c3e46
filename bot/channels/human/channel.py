"""What every human channel is, and what passes between it and the cases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from bot.handoff.case import Carried, Case, Line
from bot.storage.human import Thread


class Action(str, Enum):
    """What a human on the other side does with a case."""

    TAKE = "take"
    WRITE = "write"
    TYPING = "typing"
    RELEASE = "release"
    """Give it back to the queue."""
    CLOSE = "close"


@dataclass(frozen=True)
class Call:
    """One thing that a human on the other side does."""

    id: str
    """The same however often it is sent: the second one does nothing."""
    action: Action
    case: str
    worker: str
    """Who does it, as the other side names its people. Never shown to the person."""
    name: str = ""
    """What the person is told that the human is called; empty for no name."""
    text: str = ""
    on: bool = True
    """For typing: whether they type now."""
    takes: bool = False
    """For writing: whether the one who writes takes the case by it, where nobody has it."""


@dataclass(frozen=True)
class Delivery:
    """What an adapter knows of one event that it is to pass on."""

    key: str
    """The same however often the event is sent."""
    thread: Thread
    again: bool = False
    """For a case that waits: it has been announced before."""
    mine: bool = False
    """Somebody of this channel has the case."""
    erased: bool = False
    """For a case that is closed: the conversation is gone, by the person's wish or because its time is out."""


class HumanChannel(Protocol):
    """One way to humans. Every method that sends raises Undelivered to be called again later."""

    name: str
    early: bool
    """Whether it is a system that keeps what it gets: it is sent what the person writes before somebody there has
    taken the case, and is told to delete it when the conversation goes, also after the case is closed."""

    def ready(self) -> bool:
        """Whether it can send at present."""

    async def present(self) -> bool | None:
        """Whether somebody may answer there now; None where only the team's hours can say."""

    async def opened(self, delivery: Delivery, case: Case, carried: Carried | None, lines: Sequence[Line]) -> None:
        """A case waits. ``lines``: what is new of the conversation, as far as the person agreed to pass it on."""

    async def moved(self, delivery: Delivery, case: Case, lines: Sequence[Line]) -> None:
        """The case changed hands: taken here (``delivery.mine``) or elsewhere, or no longer waiting."""

    async def wrote(self, delivery: Delivery, case: Case, line: Line) -> None:
        """The person wrote."""

    async def closed(self, delivery: Delivery) -> None:
        """The case is over; with ``delivery.erased`` possibly for the second time."""

    async def start(self, desk: Desk) -> None:
        """Begin to listen."""

    async def stop(self) -> None:
        """End, and give back what is held."""


class Incoming(Protocol):
    """A human channel whose other side calls us over HTTP."""

    async def read(self, headers: Mapping[str, str], body: bytes, now: int) -> list[Call]:
        """What a request asks for. ``now``: seconds since 1970. Raises SignatureRefused and CallRefused."""

    async def refused(self, call: Call) -> None:
        """A call could not be acted on: tell whoever made it, where the answer alone does not."""


class Desk(Protocol):
    """What a channel may do with cases."""

    async def act(self, channel: str, call: Call) -> Case:
        """Do what a call asks for. Raises CaseUnknown, IllegalMove, AlreadyTaken, CallRefused, StorageUnavailable."""

    async def waiting(self) -> list[Case]:
        """The cases that wait, in the queue's order."""


URGENCY_WORDS: Mapping[str, str] = {
    "acute": "akutt",
    "urgent": "haster",
    "concern": "bekymring",
    "none": "vanlig",
}
_MOST_HOLDER = 64
Describe = Callable[[Carried], Sequence[str]]
"""What the person agreed to pass on, in the words that it was shown to them."""


def summary(case: Case, carried: Carried | None, describe: Describe) -> str:
    """What is known of a case, for a worker."""
    told = [f"Hast: {URGENCY_WORDS.get(case.urgency, case.urgency)}"]
    if carried is None:
        return "\n".join([*told, "Personen ville ikke sende med det som er skrevet før."])
    return "\n".join([*told, "Personen sa ja til å sende med:", *(f"– {words}" for words in describe(carried))])


def holder(channel: str, worker: str) -> str:
    """How a case names a worker of an outward channel."""
    name = f"{channel}:{worker}"
    if len(name) <= _MOST_HOLDER:
        return name
    return f"{channel}:{hashlib.sha256(worker.encode()).hexdigest()[:32]}"
