"""The things that knowledge/ holds, as values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path

_DATE = re.compile(r"^(\d{4})-(\d{2})(?:-(\d{2}))?$")
_MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()  # noqa: SIM905
LANGUAGES = ("nb", "nn", "en")
AUDIENCES = ("u", "v", "f")
URGENCIES = ("none", "concern", "urgent", "acute")
STATUSES = ("written", "approved", "stale")


class Section(str, Enum):
    """The parts of an article. The value is the heading that stands in the file."""

    SHORT = "Kort"
    STEPS = "Dette kan du gjøre nå"
    CONTACT = "Hvis du tar kontakt"
    CHOICE = "Dette bestemmer du selv"
    CARE = "Pass på"
    MORE = "Mer om dette"
    SMS = "SMS"
    STAFF = "For fagfolk"


@dataclass(frozen=True)
class Topic:
    """One line of topics.yml: the public id, whom it concerns (letters of u, v, f) and what it is about."""

    id: str
    audience: str
    about: str

    @property
    def group(self) -> str:
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Source:
    """A document, a law or a page that facts rest on."""

    id: str
    title: str
    publisher: str
    kind: str
    dated: str
    url: str | None = None
    older_than_law: bool = False
    """A law that it rests on has been replaced since: it never stands alone behind an answer."""

    @property
    def spoken(self) -> str:
        """The title with the publisher and the date, as a reader sees it: «Barnelova (…). Lovdata, 1.1.2026»."""
        publisher = self.publisher.removesuffix(" (åpne data)")
        named = publisher in self.title or self.title.lower().startswith(publisher.split(".")[0])
        dated = "uten dato" if self.dated == "udatert" else _DATE.sub(_day, self.dated)
        return f"{self.title}. {dated if named else f'{publisher}, {dated}'}"


def _day(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    return f"{int(day)}.{int(month)}.{year}" if day else f"{_MONTHS[int(month) - 1]} {year}"


@dataclass(frozen=True)
class Law:
    """One provision, in plain words. ``wording`` is the date of the last change the words take in."""

    id: str
    source: str
    paragraph: str
    title: str
    plain: str
    applies_abroad: str
    wording: str
    penalty: str | None = None


@dataclass(frozen=True)
class Mission:
    """A Norwegian mission abroad, as far as a source tells. ``contact`` is its id in the directory, where shown."""

    city: str
    source: str
    at: str
    date: str
    contact: str | None = None
    note: str | None = None

    @property
    def elsewhere(self) -> bool:
        """Another mission than the one in the country answers for it."""
        return bool(self.note) and ("dekker" in str(self.note) or "tok over" in str(self.note))


@dataclass(frozen=True)
class Country:
    """What Norway has in a country. None is unknown, and is said to be unknown."""

    code: str
    name: str
    name_nn: str
    also: tuple[str, ...] = ()
    nationality: tuple[str, ...] = ()
    mission: Mission | None = None
    mission_closed: Mission | None = None
    envoy: str | None = None
    """The seat of the special envoy for integration cases that covers it: Islamabad, Amman, Ankara or Nairobi."""
    envoy_role: str | None = None
    """``operativ``: helps in cases there; ``veileder``: guides the embassy that has the case."""
    envoy_basis: str | None = None
    """``navngitt``: a source names the country; ``region``: it follows from the region a source names."""

    @property
    def id(self) -> str:
        return self.code


@dataclass(frozen=True)
class Service:
    """Who does what: mandate, for whom, how to reach, and what they cannot do."""

    id: str
    name: str
    mandate: str
    for_whom: str
    how: str
    cannot: str
    earlier_names: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    sources: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """A table of figures from one source. A cell is a number, None (not given) or «<7» (hidden by the source)."""

    id: str
    title: str
    source: str
    at: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[Sequence[object], ...]
    year: int | None = None
    years: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Citation:
    """A source and the place in it (page, paragraph, character offset)."""

    source: str
    at: str


@dataclass(frozen=True)
class Article:
    """The written answer to one topic in one language."""

    topic: str
    language: str
    title: str
    path: Path
    sections: Mapping[Section, str]
    audience: tuple[str, ...] = ()
    urgency_floor: str = "none"
    contacts: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    sources: tuple[Citation, ...] = ()
    related: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    checked_on: date = date.min
    check_by: date = date.max
    status: str = "written"
    approved: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict, repr=False, compare=False)

    def text(self, section: Section) -> str:
        """The section's text, or an empty string where the article lacks it."""
        return self.sections.get(section, "")

    def line(self, name: str) -> int:
        """The line in the file where a front-matter key or a section begins, for findings. 1 when unknown."""
        return self.lines.get(name, 1)
