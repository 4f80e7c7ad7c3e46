"""What goes into the queue of text messages and what is taken out of it, with numbers and texts in the clear."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

MOVES: dict[str, frozenset[str]] = {
    # A report may come before the answer to the very request that handed the message over.
    "queued": frozenset({"accepted", "buffered", "delivered", "failed", "expired"}),
    "sent": frozenset({"accepted", "buffered", "delivered", "failed", "expired"}),
    "accepted": frozenset({"buffered", "delivered", "failed", "expired"}),
    "buffered": frozenset({"accepted", "delivered", "failed", "expired"}),
    "delivered": frozenset(),
    "failed": frozenset(),
    "expired": frozenset(),
}
"""Which states a delivery report may move a message to, from each state."""


class Tie(str, Enum):
    """What binds a person to the service after their message is answered."""

    HELD = "held"
    """A human has, or is to have, the case: the number is kept so that they can write."""
    FREE = "free"
    """Nothing is owed."""
    GONE = "gone"
    """They have ended it all (STOPP, SLETT): what a human wrote and has not gone out is not sent."""


@dataclass(frozen=True)
class Arrived:
    """A message, or a piece of one, that is to be kept. ``part``: reference, place and number of pieces."""

    provider: str
    message: str
    """Keyed hash of the provider's id."""
    person: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    words: str
    abroad: bool = False
    part: tuple[str, int, int] | None = None


@dataclass(frozen=True)
class Waiting:
    """An incoming message that has been claimed."""

    number: int
    provider: str
    message: str
    person: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    words: str
    abroad: bool
    tries: int
    received_at: datetime
    claimed_by: str


@dataclass(frozen=True)
class Queued:
    """An outgoing message that has been claimed."""

    number: int
    id: str
    person: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    parts: int
    tries: int
    created_at: datetime
    claimed_by: str


@dataclass(frozen=True)
class Answer:
    """A message to go out. ``id`` is the same whenever the same answer is written again."""

    id: str
    text: str = field(repr=False)
    words: str
    parts: int


@dataclass(frozen=True)
class Pieces:
    """The pieces of one long message that have come, in order."""

    provider: str
    person: str
    messages: tuple[str, ...]
    address: str = field(repr=False)
    texts: tuple[str, ...] = field(repr=False)
    """A text for each piece, empty where one is missing."""
    abroad: bool
    first_at: datetime
