"""The things that knowledge/ holds, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path

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
