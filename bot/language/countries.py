"""Countries abroad as Norwegians name them, and their cities and regions, found in running text.

Names of countries come from CLDR (bokmål, nynorsk, English); data/abroad.csv adds what people say and how they
misspell it. Its columns: ``name``; ``codes``: ISO 3166-1 alpha-2, several where the name does not say which, the
likeliest first; ``city``: «yes» for a city, which a mention keeps; ``also``: other ways to write it, with «|» between;
``word``: «weak» or «strong» when the name is also a person's name or an ordinary word, and needs the words around it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale

from bot.language.gazetteer import PLAIN, Found, Gazetteer
from bot.language.lists import words
from bot.language.tokens import Token, tokens

_FILE = Path(__file__).parent / "data" / "abroad.csv"
_PREPOSITIONS, _SAYS, _PERSON_AFTER, _LAND, _NOT_BEFORE, _SIDE, _ARTICLE, _NEVER = (
    words("country_context", key)
    for key in ("prepositions", "says", "person_after", "land", "not_before", "side", "article", "never")
)
_COORDINATES = frozenset(("og", "å", "eller", "or", "and"))
# Not abroad, not a country, or a district of Oslo first (Grønland).
_LEFT_OUT = {"NO", "ZZ", "EU", "UN", "EZ", "QO", "XA", "XB", "GL", "SJ", "BV"}
# Names in CLDR that are Norwegian or English words; abroad.csv has those that may be meant all the same.
_WORDS = frozenset(("man", "jersey", "oman", "turkey", "niger"))
# From this length on, a misspelling is believed without a preposition before it.
_SURELY_A_NAME = 7


@dataclass(frozen=True)
class CountryMention:
    """A country abroad named in a text, the characters ``start`` to ``end``."""

    code: str
    """ISO 3166-1 alpha-2; the likeliest where ``codes`` has several."""
    start: int
    end: int
    city: str | None = None
    """The city by its usual name, where one was named."""
    codes: tuple[str, ...] = ()
    """Every country that may be meant: «Kurdistan» lies in four."""
    confidence: float = 1.0


@dataclass(frozen=True)
class _Name:
    codes: tuple[str, ...]
    city: str | None
    word: str


def find_countries(text: str) -> list[CountryMention]:
    """Every country named in ``text``, in order, Norway left out."""
    return countries_among(tokens(text))


def countries_among(message: Sequence[Token]) -> list[CountryMention]:
    """The same, for a text that has been split into words."""
    candidates = list(_gazetteer().find(message))
    return [
        _mention(found)
        for number, found in enumerate(candidates)
        if _is_meant(message, found, candidates[number - 1 : number] + candidates[number + 1 : number + 2])
    ]


def _mention(found: Found[_Name]) -> CountryMention:
    name = found.meanings[0]
    return CountryMention(name.codes[0], found.start, found.end, name.city, name.codes, found.confidence)


def _is_meant(message: Sequence[Token], found: Found[_Name], near: Sequence[Found[_Name]]) -> bool:
    first = message[found.first]
    before = message[found.first - 1] if found.first else None
    after = message[found.last + 1] if found.last + 1 < len(message) else None
    if first.text in _NEVER or (after is not None and (after.joined or after.text in _NOT_BEFORE)):
        return False
    if first.joined and before is not None and before.text not in _SIDE:
        return False
    level = found.meanings[0].word
    placed = before is not None and before.text in _PREPOSITIONS
    if found.confidence < PLAIN and not placed and len(found.form) < _SURELY_A_NAME:
        return False
    if not level:
        return True
    if after is not None and (after.text in _PERSON_AFTER or _is_classmate(message, found)):
        return False
    if before is not None and before.text == "til" and _says_before(message, found):
        return False
    if level == "strong":
        return placed and first.capital
    alone = len(message) == found.last - found.first + 1
    around = message[max(0, found.first - 3) : found.last + 5]
    return placed or alone or any(word.text in _LAND for word in around) or _stands_with(message, found, near)


def _is_classmate(message: Sequence[Token], found: Found[_Name]) -> bool:
    """«Jordan i klassen»."""
    return any(word.text in _PERSON_AFTER for word in message[found.last + 1 : found.last + 3])


def _says_before(message: Sequence[Token], found: Found[_Name]) -> bool:
    return any(word.text in _SAYS for word in message[max(0, found.first - 5) : found.first])


def _stands_with(message: Sequence[Token], found: Found[_Name], near: Sequence[Found[_Name]]) -> bool:
    """«Israel eller Palestina»: another country beside it, with nothing or «eller» between."""
    for other in near:
        low, high = sorted((found, other), key=lambda item: item.first)
        between = message[low.last + 1 : high.first]
        if len(between) <= 1 and all(word.text in _COORDINATES for word in between):
            return not other.meanings[0].word
    return False


@lru_cache(maxsize=1)
def _gazetteer() -> Gazetteer[_Name]:
    return Gazetteer(_names(), misspelt=lambda name: not name.word)


def _names() -> Iterator[tuple[str, _Name]]:
    by_hand: set[str] = set()
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = _Name(tuple(row["codes"].split()), row["name"] if row["city"] else None, row["word"])
            for form in (row["name"], *filter(None, row["also"].split("|"))):
                by_hand.add(form.lower())
                yield form, name
    for locale in ("nb", "nn", "en"):
        for code, form in Locale.parse(locale).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _LEFT_OUT and form.lower() not in by_hand | _WORDS:
                by_hand.add(form.lower())
                yield form, _Name((code,), None, "")
