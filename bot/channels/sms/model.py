"""What passes between a provider of text messages, the queue and the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from bot.language import gsm7


@dataclass(frozen=True)
class Part:
    """One piece of a long message: the ``number``-th (from 1) ``of`` so many with the same ``reference``."""

    reference: str
    number: int
    of: int


@dataclass(frozen=True)
class Incoming:
    """A text message as the provider gave it. ``id`` is the provider's own; empty where it has none."""

    provider: str
    id: str
    sender: str = field(repr=False)
    receiver: str = field(repr=False)
    text: str = field(repr=False)
    part: Part | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Report:
    """What became of a message that was sent: ``accepted``, ``buffered``, ``delivered``, ``failed`` or ``expired``.

    ``id`` is the provider's; ``reference`` is our own, where the provider gives it back.
    """

    provider: str
    id: str
    state: str
    reference: str = ""


@dataclass(frozen=True)
class Unusable:
    """Well-formed, and nothing that can be answered: a binary message, a picture. ``why`` is a word for the log."""

    provider: str
    id: str
    why: str


Item = Incoming | Report | Unusable


@dataclass(frozen=True)
class Outgoing:
    """One message of at most three parts. ``id`` stays the same however often it is tried."""

    id: str
    to: str = field(repr=False)
    """The number with its country code, as ``+4790000000``."""
    text: str = field(repr=False)

    @property
    def unicode(self) -> bool:
        """Whether it has letters outside GSM-7, so that a part holds 70 characters (67 when joined)."""
        return bool(gsm7.foreign_characters(self.text))

    @property
    def parts(self) -> int:
        return gsm7.parts(self.text)


class Failure(str, Enum):
    """Why a message was not taken by the provider."""

    TEMPORARY = "temporary"
    """Worth another try: no answer, busy, its own trouble."""
    PERMANENT = "permanent"
    """The same again would fail again: no such number, refused, not allowed in."""


@dataclass(frozen=True)
class Sent:
    """What the provider said: its ``id`` for the message, or why it failed (``word`` is a code for the log)."""

    id: str = ""
    failure: Failure | None = None
    word: str = ""


@dataclass(frozen=True)
class Raw:
    """A request from a provider, as it came. Never written to a log: it holds a number, a text and a secret."""

    method: str
    url: str = field(repr=False)
    """The public address that was called, with its query: what some providers sign."""
    query: Mapping[str, str] = field(repr=False)
    form: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    remote: str = field(repr=False)
    """The address that it came from."""

    @property
    def fields(self) -> Mapping[str, str]:
        """Query and form together; the form wins."""
        return {**self.query, **self.form}


@dataclass(frozen=True)
class Answer:
    """What the provider is told."""

    status: int
    body: str = ""
    content_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)


class Malformed(Exception):
    """The request lacks what a message needs, or cannot be read. The text is a word for the log, nothing of it."""


class Untrusted(Exception):
    """The signature, the password or the time is not what it should be. The text is a word for the log."""


class Provider(Protocol):
    """A company or a gateway that carries text messages."""

    @property
    def name(self) -> str:
        """As it stands in the address that it calls."""

    def verify(self, raw: Raw, now: datetime) -> None:
        """Raise Untrusted unless the provider's own signature or password is right. Comes before anything is read."""

    def parse(self, raw: Raw) -> list[Item]:
        """What the request holds. Raises Malformed."""

    def ok(self) -> Answer:
        """What the provider is to hear when all of it is kept."""

    def refuse(self, status: int) -> Answer:
        """What it is to hear otherwise: 400 malformed, 403 untrusted, 503 try again."""

    async def send(self, outgoing: Outgoing) -> Sent:
        """Hand one message over. Never raises for what the provider does."""
