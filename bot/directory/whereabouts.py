"""Where a query is about: a place in Norway, a country, or a word that stands where one would and is none we know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.directory.coverage import with_county
from bot.directory.query_lists import lists
from bot.directory.spelling import closest
from bot.knowledge.model import Country
from bot.language.countries import CountryMention, find_countries
from bot.language.gazetteer import ordinary_words
from bot.language.places import Place, PlaceMention, find_places, place, places
from bot.language.tokens import Token

_SHORTEST_PLACE, _LONGEST_NAME = 5, 3
_SHORTEST_WORD = 3
_NEED_AND_PLACE = 2
_PLACES_AT_MOST = 2
_FROM, _HOME, _ALONG = {"fra", "frå", "from"}, {"hjem", "heim", "home"}, {"med", "ned", "bort", "along", "away"}
_LIKE_COUNTRIES = ("istan", "landia", "tania", "ovia")


@dataclass(frozen=True)
class Where:
    """``country`` as ISO 3166-1 alpha-2; ``there``: the person is in it; ``read_as``: misspelt words and what for."""

    places: tuple[Place, ...] = ()
    country: str | None = None
    there: bool = False
    read_as: tuple[tuple[str, str], ...] = ()
    unknown: str = ""
    elsewhere: bool = False
    """``unknown`` is where the person is, and may lie in another country."""
    either: tuple[str, ...] = ()
    """What the place may be, where its name alone does not say."""


class Whereabouts:
    """Finds places and countries in queries."""

    def __init__(self, countries: Mapping[str, Country]) -> None:
        self._countries = {
            name.lower(): code for code, country in countries.items() for name in (country.name, *country.also)
        }

    def read(self, query: str, words: Sequence[Token], known: set[int], *, matters: bool) -> Where:
        """``known``: the places of words that are understood. ``matters``: the place decides who helps, so that a
        word which may be a misspelt one is worth a guess, and an unknown one a question."""
        countries = find_countries(self._without_misspelt_countries(query, words, known))
        spots = _outside(find_places(_spelt_right(query, words, known)), countries)
        if not (countries or spots) and matters:
            spots = _beside_need(words, known)
        if not (countries or spots):
            return self._guess(words, known, matters=matters)
        code, there = countries[0].code if countries else None, _is_there(words, countries)
        if _may_be_greenland(query, words, spots):
            # Which one is asked about first; that a service covers the place cannot be said yet.
            here = _says_being(words, len(words))
            return Where((), code, there, elsewhere=here, either=("bydelen Grønland i Oslo", "landet Grønland"))
        return Where(spots, code, there, either=_twins(spots))

    def _without_misspelt_countries(self, query: str, words: Sequence[Token], known: set[int]) -> str:
        """See ``_spelt_right``: what looks like one of our countries misspelt is guessed here too."""
        nearly = {
            at
            for at, word in _unread(words, known)
            if len(word.text) >= _SHORTEST_PLACE
            and word.text.removesuffix("s") not in self._countries
            and closest(word.text, self._countries, whole=True)
        }
        return _blotted(query, words, nearly)

    def _guess(self, words: Sequence[Token], known: set[int], *, matters: bool) -> Where:
        unread = list(_unread(words, known))
        for at, word in unread:
            if len(word.text) < _SHORTEST_PLACE or not (matters or _placed(words, at)):
                continue
            country = closest(word.text, self._countries, whole=True)
            if country is not None:
                name = country[0].upper() + country[1:]
                return Where(country=self._countries[country], there=True, read_as=((word.text, name),))
            name = closest(word.text, _names(), whole=True) or ""
            if name:
                return Where(places=_names()[name], read_as=((word.text, _names()[name][0].name),))
        for at, word in unread:
            if _is_in(words, at) and not _is_place(word.text):
                return Where(unknown=word.text.capitalize(), elsewhere=True)
        for at, word in unread if matters else ():
            # «krisesenter langtvekkistan»: what stands beside the need and nothing else is meant for a place.
            if _placed(words, at) or (word.capital and not word.opens) or (at and len(words) == _NEED_AND_PLACE):
                return Where(unknown=word.text.capitalize())
        return Where()


def _placed(words: Sequence[Token], at: int) -> bool:
    """A preposition of place stands before the word."""
    return at > 0 and (words[at - 1].text in lists().there or words[at - 1].text == "ved")


def _is_in(words: Sequence[Token], at: int) -> bool:
    """«jeg er i Ruritania»: a name where somebody is. Without its capital only what sounds like a country is one."""
    if at < 1 or words[at - 1].text not in ("i", "in"):
        return False
    name = (words[at].capital and not words[at].opens) or words[at].text.endswith(_LIKE_COUNTRIES)
    return name and _says_being(words[max(0, at - 4) :], min(at, 4))


def _says_being(words: Sequence[Token], until: int) -> bool:
    return any(word.text in lists().being for word in words[:until])


def _may_be_greenland(query: str, words: Sequence[Token], spots: Sequence[Place]) -> bool:
    """«i Grønland» may be the country; «på Grønland» is the district."""
    if not any(spot.name == "Grønland" for spot in spots) or "oslo" in query.lower():
        return False
    at = next((at for at, word in enumerate(words) if word.text == "grønland"), 0)
    return at > 0 and words[at - 1].text == "i"


def _twins(spots: Sequence[Place]) -> tuple[str, ...]:
    """«Os» is a municipality, and what many call a part of another."""
    for spot in spots:
        later = lists().also_called.get(spot.name.lower())
        if later and spot.kind == "municipality":
            now = next(iter(place(later)))
            return with_county(spot), f"{spot.name} i {with_county(now)}"
    return ()


def _beside_need(words: Sequence[Token], known: set[int]) -> tuple[Place, ...]:
    """«krisesenter Nes»: a name that is an ordinary word too, beside the need or with a capital letter."""
    for at, word in enumerate(words):
        alone = len(words) == _NEED_AND_PLACE and at == 1
        if at not in known and (alone or (word.capital and not word.opens)) and (found := place(word.text)):
            return found
    return ()


def _spelt_right(query: str, words: Sequence[Token], known: set[int]) -> str:
    """``query`` with the words blotted out that are neither understood nor a place spelt right.

    What is left needs no dictionary to tell a misspelt place from an ordinary word: dictionaries take a second or two
    to load, which a command cannot wait for. Misspelt places are guessed here instead, and the guess is told.
    """
    right = set(known)
    for at, first in enumerate(words):
        if at in right or first.text in lists().common:
            continue
        for length in range(1, min(_LONGEST_NAME, len(words) - at) + 1):
            name = " ".join(word.text for word in words[at : at + length])
            if _is_place(name):
                right |= set(range(at, at + length))
    wrong = {
        at
        for at, word in enumerate(words)
        if at not in right and word.text not in lists().common and len(word.text) >= _SHORTEST_PLACE
    }
    return _blotted(query, words, wrong)


def _is_place(name: str) -> bool:
    """Spelt right, with aa, ae or oe for å, æ or ø, or in the genitive."""
    plain = name.replace("aa", "å").replace("ae", "æ").replace("oe", "ø")
    return any(place(form) for form in {name, plain, name.removesuffix("s")})


def _blotted(query: str, words: Sequence[Token], which: set[int]) -> str:
    """``query`` with some of its words made unreadable, each as long as it was."""
    letters = list(query)
    for at in which:
        letters[words[at].start : words[at].end] = "x" * (words[at].end - words[at].start)
    return "".join(letters)


def _unread(words: Sequence[Token], known: set[int]) -> Iterator[tuple[int, Token]]:
    """Words that are not understood, and no common word or number."""
    for at, word in enumerate(words):
        if at in known or word.text in lists().common or not word.text.isalpha() or len(word.text) < _SHORTEST_WORD:
            continue
        if word.text in ordinary_words():
            continue
        yield at, word


def _outside(mentions: Sequence[PlaceMention], countries: Sequence[CountryMention]) -> tuple[Place, ...]:
    """The first places that are no part of a country's name: one, or two where two are named."""
    outside = [mention for mention in mentions if not any(c.start <= mention.start < c.end for c in countries)]
    return tuple(dict.fromkeys(spot for mention in outside[:_PLACES_AT_MOST] for spot in mention.places))


def _is_there(words: Sequence[Token], countries: Sequence[CountryMention]) -> bool:
    """The first country that is named is where somebody is, as far as the words before it tell."""
    if not countries:
        return False
    before = [word.text for word in words if word.end <= countries[0].start]
    if not before or before[-1] not in lists().not_there:
        return True
    if before[-1] in _FROM:
        # «jeg ringer fra», «ring 112 fra», «komme hjem fra», but not «kommer fra», «kom hjem fra».
        homewards = len(before) > 2 and before[-2] in _HOME and before[-3] in lists().going
        return homewards or bool(set(before[-4:-1]) & lists().calling)
    # «ble sendt til», «er tatt med til», but not «skal bli sendt til».
    if len(before) > 1 and before[-2] in _ALONG:
        before = [*before[:-2], before[-1]]
    return len(before) > 1 and before[-2] in lists().arrived and not set(before[-4:-2]) & lists().to_come


@lru_cache(maxsize=1)
def _names() -> Mapping[str, tuple[Place, ...]]:
    """Places by name in lower case, those left out that are ordinary words."""
    named: dict[str, tuple[Place, ...]] = {}
    for item in places():
        if len(item.name) >= _SHORTEST_PLACE and item.word != "strong":
            named[item.name.lower()] = (*named.get(item.name.lower(), ()), item)
    return named
