"""A case: what it is, and which moves it can make. Pure; times are aware, in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any

from bot.errors import IllegalMove


class State(str, Enum):
    """Where a case is."""

    OFFERED = "offered"
    """The person has asked for a human and sees what would be passed on."""
    WAITING = "waiting"
    """The person has agreed; those on duty have been told."""
    ACTIVE = "active"
    """A human has the conversation, and the assistant is silent."""
    CLOSED = "closed"
    MISSED = "missed"
    """Nobody took it. The person has been told so."""
    CALLBACK = "callback"
    """The person has left a message and said how they can be reached."""


MOVES: Mapping[State, frozenset[State]] = {
    State.OFFERED: frozenset({State.WAITING, State.CALLBACK, State.CLOSED}),
    State.WAITING: frozenset({State.ACTIVE, State.MISSED, State.CALLBACK, State.CLOSED}),
    State.ACTIVE: frozenset({State.CLOSED, State.WAITING}),
    State.MISSED: frozenset({State.WAITING, State.CALLBACK, State.CLOSED, State.ACTIVE}),
    State.CALLBACK: frozenset({State.ACTIVE, State.CLOSED}),
    State.CLOSED: frozenset(),
}
"""From each state, the states that it can go to."""

OPEN = tuple(state for state in State if state is not State.CLOSED)
_URGENCIES = ("none", "concern", "urgent", "acute")
DELETED = "deleted by user"
"""The outcome of a case whose person deleted the conversation."""
_BEFORE = {State.WAITING: "waiting", State.ACTIVE: "active"}


def advance(before: State, after: State) -> State:
    """``after``, when a case may go there from ``before``. Raises IllegalMove."""
    if after not in MOVES[before]:
        raise IllegalMove(f"a case that is {before.value} cannot become {after.value}")
    return after


@dataclass(frozen=True)
class Carried:
    """What the person agreed to pass on. Sealed in storage."""

    urgency: str
    reasons: tuple[str, ...] = ()
    topic: str | None = None
    age: str | None = None
    """``under 18`` or ``18+``, of the person it is about."""
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    role: str | None = None
    language: str = "nb"
    offered: tuple[str, ...] = ()
    """Ids of the contacts that were shown."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Carried:
        """From what ``asdict`` gave, through JSON."""
        return cls(**{f.name: _tuple(given[f.name]) for f in fields(cls) if f.name in given})


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Wish:
    """A message that was left, and how it is safe to answer it. Sealed in storage; in the person's own words."""

    what: str
    how: str = ""
    when: str = ""
    code_word: str = ""


@dataclass(frozen=True)
class Closing:
    """How a case ended, as the one who closes it says. Never text: each is one of a list."""

    concern: str | None = None
    age: str | None = None
    role: str | None = None
    place: str | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class Case:
    """One hand-off of one conversation. ``conversation`` is None once the conversation is gone."""

    id: str
    conversation: str | None
    channel: str
    state: State
    team: str
    urgency: str
    opened_at: datetime
    waiting_since: datetime | None = None
    """When the person began to wait: the order in the queue. A case that comes back keeps it."""
    queued_at: datetime | None = None
    """When it came into the queue last: how soon it goes missed is counted from here."""
    alerted_at: datetime | None = None
    """When those on duty were told last: how soon it escalates is counted from here."""
    taken_by: str | None = None
    taken_at: datetime | None = None
    alive_at: datetime | None = None
    """When the worker who has it was last heard from."""
    closed_at: datetime | None = None
    escalations: int = 0
    shared: bool = False
    """The person agreed that the human reads what was written before."""
    told: str = ""
    """The state, and place, that the person was last told of in a reply."""
    closing: Closing | None = None
    carried: Carried | None = None
    left_message: bool = False
    """The person has left a message; ``Cases.read_message`` opens it."""
    message_read_at: datetime | None = None
    version: int = 1

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Case:
        """From a row of storage."""
        values = {f.name: record[f.name] for f in fields(cls) if f.name in record}
        values["state"] = State(record["state"])
        values["carried"] = Carried.of(record["carried"]) if record["carried"] else None
        values["closing"] = Closing(**record["closing"]) if record["closing"] else None
        return cls(**values, left_message=record["wish"] is not None, message_read_at=record["wish_read_at"])

    @property
    def erased(self) -> bool:
        """The conversation is gone, or going: what hangs on the case is not to be kept anywhere."""
        return self.conversation is None or (self.closing is not None and self.closing.outcome == DELETED)

    @property
    def handoff(self) -> str:
        """The state as the reply contract has it: ``none``, ``waiting``, ``active`` or ``closed``."""
        return _BEFORE.get(self.state, "none")


@dataclass(frozen=True)
class Line:
    """Something that was written. ``by``: ``user``, ``human`` or ``program``."""

    number: int
    at: datetime
    by: str
    name: str
    text: str
    language: str = "nb"
    case: str = ""

    @property
    def id(self) -> str:
        """Names the line for whoever shows it."""
        return f"{self.case}-{self.number}"

    def as_message(self) -> dict[str, Any]:
        """As the event ``message`` carries it to the person."""
        return {"id": self.id, "text": self.text, "by": self.by, "name": self.name, "language": self.language}


@dataclass(frozen=True)
class Note:
    """What a worker wrote for other workers."""

    number: int
    at: datetime
    worker: str
    text: str


@dataclass(frozen=True)
class Move:
    """Who moved a case, when, from where, to where. Never text."""

    at: datetime
    by: str
    """``user``, ``program`` or a worker's id."""
    before: str
    after: str
    team: str
    why: str = ""


def rank(case: Case) -> tuple[int, datetime]:
    """The order of the queue: acute first, then by urgency, then by how long they have waited."""
    return rank_of(case.urgency, case.waiting_since or case.opened_at)


def rank_of(urgency: str, since: datetime) -> tuple[int, datetime]:
    """The same, of what it depends on."""
    return -(_URGENCIES.index(urgency) if urgency in _URGENCIES else 0), since


def worst(*levels: str) -> str:
    """The highest of some urgencies."""
    return max((level for level in levels if level in _URGENCIES), key=_URGENCIES.index, default="none")


def plain(value: Any) -> dict[str, Any]:
    """A Carried, Wish or Closing as JSON has it."""
    return asdict(value)
