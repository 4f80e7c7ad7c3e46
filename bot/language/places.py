"""Places in Norway, found in running text: counties, municipalities, towns, districts, and names no longer in use.

The list is data/places.csv: the 15 counties and 357 municipalities since 1 January 2024 with the numbers of Statistics
Norway (Klass 104 and 131), and what people say beside them. Its columns: ``kind``; ``name``; ``code`` (two digits for
a county, four for a municipality, else empty); ``within``: the municipalities or counties it lies in, is now part of
or covers; ``also``: other ways to write it, with «|» between; ``word``: «weak» or «strong» when the name is also an
ordinary word or a person's name and needs the words around it to say that it is a place.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.language.gazetteer import PLAIN, Found, Gazetteer
from bot.language.lists import words
from bot.language.tokens import Token, tokens

_FILE = Path(__file__).parent / "data" / "places.csv"
_PREPOSITIONS, _LIVES, _AFTER, _AREA, _SIDE = (
    words("place_context", key) for key in ("prepositions", "lives", "after", "area", "side")
)
# From this length on, a misspelling is believed without a preposition before it.
_SURELY_A_NAME = 8


@dataclass(frozen=True)
class Place:
    """A named place in Norway."""

    name: str
    kind: str
    """``county``, ``municipality``, ``town``, ``district``, ``region``, ``old_municipality`` or ``old_county``."""
    code: str
    """The number of a county (two digits) or a municipality (four); empty for other kinds."""
    municipalities: tuple[str, ...]
    """Numbers of the municipalities it is, lies in or covers; empty where only the county is known."""
    counties: tuple[str, ...]
    """Numbers of the counties it is, lies in or covers. Svalbard (municipality number 2100) has 21."""
    word: str = ""
    """How easily the name is taken for an ordinary word: empty, ``weak`` or ``strong``."""


@dataclass(frozen=True)
class PlaceMention:
    """A place named in a text, the characters ``start`` to ``end``: ``places`` has more than one where several are
    called the same. ``confidence`` (0…1) is below 1 for a misspelling."""

    places: tuple[Place, ...]
    start: int
    end: int
    confidence: float = 1.0


def find_places(text: str) -> list[PlaceMention]:
    """Every place in Norway named in ``text``, in order."""
    return places_among(tokens(text))


def places_among(message: Sequence[Token]) -> list[PlaceMention]:
    """The same, for a text that has been split into words."""
    return [
        PlaceMention(found.meanings, found.start, found.end, found.confidence)
        for found in _gazetteer().find(message)
        if _is_meant(message, found)
    ]


def place(name: str) -> tuple[Place, ...]:
    """The places that are called ``name`` in the list, in any case; none for a misspelling."""
    return _gazetteer().get(name)


def municipality(code: str) -> Place | None:
    """The municipality with a number of four digits."""
    return _by_code().get(code)


def county(code: str) -> Place | None:
    """The county with a number of two digits."""
    return _by_code().get(code)


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """The whole list."""
    return tuple(item for item, _ in _rows())


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Place]:
    return {item.code: item for item in places() if item.code}


@lru_cache(maxsize=1)
def _gazetteer() -> Gazetteer[Place]:
    return Gazetteer(((form, item) for item, forms in _rows() for form in forms), misspelt=lambda item: not item.word)


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[Place, tuple[str, ...]], ...]:
    read = []
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            within = row["within"].split()
            municipalities = tuple(code for code in within if len(code) == 4)
            counties = tuple(dict.fromkeys(code[:2] for code in within))
            item = Place(row["name"], row["kind"], row["code"], municipalities, counties, row["word"])
            read.append((item, (row["name"], *filter(None, row["also"].split("|")))))
    return tuple(read)


def _is_meant(message: Sequence[Token], found: Found[Place]) -> bool:
    """The words around the name do not speak against its being a place."""
    first, last = message[found.first], message[found.last]
    before = message[found.first - 1] if found.first else None
    after = message[found.last + 1] if found.last + 1 < len(message) else None
    if after is not None and after.joined and after.text not in _AREA:
        return False
    if first.joined and before is not None and before.text not in _SIDE:
        return False
    placed = before is not None and before.text in _PREPOSITIONS
    named = after is not None and not after.opens and after.text in _AFTER
    if found.confidence < PLAIN and not (placed or named):
        return len(found.form) >= _SURELY_A_NAME or (first.capital and not first.opens)
    level = max((item.word for item in found.meanings), key=("", "weak", "strong").index)
    if not level or named or last.text.endswith("kommune"):
        return True
    if level == "weak":
        surname = before is not None and before.capital  # «Kari Lund»
        return placed or (first.capital and not first.opens and not surname)
    lives = any(word.text in _LIVES for word in message[max(0, found.first - 4) : found.first])
    return placed and (first.capital or lives)
