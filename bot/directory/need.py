"""What somebody needs, as the look-up reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.knowledge.reading import read_yaml
from bot.language.places import Place


@dataclass(frozen=True)
class Door:
    """One line of needs.yml: a thing that people need, and who helps with it wherever one is."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    doors: tuple[str, ...] = ()
    young: tuple[str, ...] = ()
    """Instead of ``doors``, for those under 18."""
    abroad: tuple[str, ...] = ()
    """Instead of ``doors``, when the person is in another country."""
    local: bool = False
    """There are local services too, so an answer says when none is known for the place."""
    near: bool = False
    """One may choose freely among the local services, so one in the same county is worth telling of."""
    general: bool = False
    """Said beside a more specific need, it counts less."""
    acute: str | None = None
    """The emergency number that always comes first with it."""


def read_doors(path: Path) -> dict[str, Door]:
    """The file needs.yml, by id, in its order. Raises KnowledgeError when it cannot be read."""
    doors = {}
    for entry in read_yaml(path):
        values: dict[str, Any] = {key: tuple(item) if isinstance(item, list) else item for key, item in entry.items()}
        doors[values["id"]] = Door(**values)
    return doors


@dataclass(frozen=True)
class Need:
    """A look-up. Everything is optional: what is not known does not narrow the search."""

    at: datetime
    """The moment that the hours are told for, with its zone."""
    wanted: tuple[str, ...] = ()
    """Ids of needs.yml, the clearest first."""
    named: tuple[str, ...] = ()
    """Ids of contacts that were asked for by name or number."""
    first: tuple[str, ...] = ()
    """Ids of contacts that editors put first, for a topic."""
    places: tuple[Place, ...] = ()
    """Where in Norway; more than one where several places are called the same."""
    read_as: tuple[tuple[str, str], ...] = ()
    """Words that were taken for misspelt places or countries, and for which."""
    unknown_place: str = ""
    """What stands where a place would, and is none that is known."""
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    unknown_country: str = ""
    """What was given for a country, and is none that is known."""
    abroad: bool = False
    """The person is, or may be, in another country."""
    age: int | None = None
    minor: bool = False
    sex: str | None = None
    language: str | None = None
    """Code of a language other than Norwegian that the help should be in."""
    language_name: str = ""
    anonymous: bool = False
    free: bool = False
    channel: str | None = None
    open_now: bool = False
    """Who answers at ``at`` matters."""
    at_said: bool = False
    """``at`` is another moment than now."""
    acute: str | None = None
    """The emergency number that comes first, when there is danger."""
    acute_then: tuple[str, ...] = ()
    """Ids of the contacts right after it."""
    elsewhere: bool = False
    """``unknown_place`` is where the person is, and may lie in another country."""
    either: tuple[str, ...] = ()
    """What the place may be, where its name has more than one meaning: «bydelen Grønland i Oslo», «landet Grønland»."""
    understood: bool = True
    """Some word of the query said something."""
    professional: bool = False
    worried: bool = False
    """A grown-up asks for a child."""

    @property
    def says_nothing(self) -> bool:
        """No word of the query was understood, and nothing else is known."""
        known = (self.wanted, self.named, self.first, self.places, self.country, self.age, self.language, self.channel)
        return not self.understood and not any(known)

    @property
    def young(self) -> bool:
        """Under 18."""
        return self.age < 18 if self.age is not None else self.minor
