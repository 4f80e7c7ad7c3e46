"""The reply that every channel and every measurement reads: the contract, version 1."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

HANDOFF_STATES = ("none", "offered", "waiting", "active", "closed")


@dataclass(frozen=True)
class Candidate:
    """A topic and its probability, 0…1."""

    id: str
    score: float


@dataclass(frozen=True)
class Button:
    """A quick reply. ``payload`` is plain text that may be sent as a message."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """Fields as in the reply contract; they may be added to, never renamed or dropped."""

    conversation: str
    texts: list[str]
    topic: str | None
    topics: list[Candidate] = field(default_factory=list)
    urgency: str = "none"
    contacts: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    handoff: str = "none"
    language: str = "nb"
    ms: float = 0.0
    erased: bool = False
    """The person asked for it: the conversation is gone, and its token opens nothing more."""

    keep: dict[str, str] | None = None
    """Something to take along (a travel plan): ``name``, a file name that tells nothing, and ``text``."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
