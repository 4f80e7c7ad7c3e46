"""A contact: who can help whom, with what, how, where and when. What no source gives is None, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.directory.hours import Hours

SHOWN, HELD_BACK, CLOSED = "shown", "held_back", "closed"
STATES = (SHOWN, HELD_BACK, CLOSED)
CONFIDENCES = ("high", "medium", "low")
CHANNELS = ("phone", "sms", "chat", "email", "visit", "url")
"""The ways in, the most direct first."""
DETAILS = ("name", "phone", "phone_abroad", "sms", "email", "chat", "url", "hours")
ROLES = ("utsatt", "parorende", "fagfolk")
SEXES = ("kvinne", "mann")
EMERGENCY = "nodnummer"
"""The kind of the emergency numbers."""


@dataclass(frozen=True)
class Reference:
    """Where a contact's details were seen, and how old that is, in the source's own words."""

    ref: str
    date: str


@dataclass(frozen=True)
class Ages:
    """Both ends included; None is no limit that a source gives."""

    least: int | None = None
    most: int | None = None

    def __contains__(self, age: object) -> bool:
        return (
            isinstance(age, int)
            and (self.least is None or age >= self.least)
            and (self.most is None or age <= self.most)
        )


@dataclass(frozen=True)
class Coverage:
    """Where a contact helps. Places by the names that editors write."""

    national: bool = False
    world: bool = False
    municipalities: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2."""

    @property
    def local(self) -> bool:
        """It helps in a part of Norway only."""
        return bool(self.municipalities or self.counties) and not self.national


@dataclass(frozen=True)
class Contact:
    """A service that can help, and how to reach it."""

    id: str
    name: str
    does: str
    kind: str
    state: str
    short: str | None = None
    """The name in everyday speech."""
    earlier_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """What people call it, for the look-up only."""
    whom: str = ""
    """For whom, as the source tells it."""
    phone: str | None = None
    phone_abroad: str | None = None
    sms: str | None = None
    email: str | None = None
    chat: str | None = None
    url: str | None = None
    hours: str | None = None
    """The hours in words, as editors wrote them from the source."""
    open: Mapping[str, Hours] = field(default_factory=dict)
    """The hours as rules, for those channels where a source is clear."""
    needs: tuple[str, ...] = ()
    """Ids of needs.yml."""
    ages: Ages = Ages()
    worried_adults: bool = False
    """The age is the child's: grown-ups who worry about a child may call too."""
    sex: str | None = None
    roles: tuple[str, ...] = ("utsatt", "parorende")
    status: tuple[str, ...] = ()
    """Only for those with this residence status (papirlos, asylsoker); empty is everybody."""
    languages: str | None = None
    speaks: tuple[str, ...] = ()
    many_languages: bool = False
    interpreter: bool = False
    anonymous: str | None = None
    free: bool | None = None
    scope: str | None = None
    covers: Coverage = Coverage(national=True)
    sources: tuple[Reference, ...] = ()
    confidence: str = "low"
    verified_on: date = date.min
    """The day its details were last held against the sources."""
    verify_by: date = date.max
    why_state: str | None = None
    """Why it is not shown, or is in spite of weak sources."""
    note: str | None = None
    """For editors only."""
    file: str = ""

    @property
    def spoken_name(self) -> str:
        """The name as people say it."""
        return self.short or self.name

    @property
    def shown(self) -> bool:
        return self.state == SHOWN

    @property
    def is_anonymous(self) -> bool:
        """A source says that one need not say who one is."""
        return bool(self.anonymous) and str(self.anonymous).startswith("ja")

    @property
    def for_professionals_only(self) -> bool:
        return self.roles == ("fagfolk",)

    @property
    def from_abroad(self) -> str | None:
        """The number that works from another country; None where no source gives one."""
        return self.phone_abroad or (self.phone if (self.phone or "").startswith("+") else None)

    @property
    def channel(self) -> str:
        """The most direct way in."""
        return next((name for name in CHANNELS if self.way(name)), "url")

    @property
    def answers(self) -> bool:
        """There is a number, a chat or an address that somebody answers; else only pages to read."""
        return bool(self.phone or self.phone_abroad or self.sms or self.chat or self.email)

    def way(self, channel: str) -> str | None:
        """The number or address of a channel; for ``visit`` a word, since no address is kept."""
        if channel == "visit":
            return "oppmøte" if "visit" in self.open else None
        value: str | None = getattr(self, channel)
        return value

    def hours_of(self, channel: str | None = None) -> Hours | None:
        """The rules of a channel, or of the most direct one that has any; None where no source gives them."""
        if channel is not None:
            return self.open.get(channel)
        return next((self.open[name] for name in CHANNELS if name in self.open), None)

    def details(self) -> dict[str, str]:
        """The fields that texts may ask for, those that are known."""
        values = {name: getattr(self, name) for name in DETAILS}
        return {name: value for name, value in values.items() if value}
