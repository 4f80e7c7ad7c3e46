"""Everything a conversation needs to know that is said in a message: who, where, when, how old, which papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.language.ages import ages_among
from bot.language.countries import CountryMention, countries_among
from bot.language.nationalities import nationalities_among
from bot.language.places import places_among
from bot.language.relations import documents_among, relations_among
from bot.language.times import find_times
from bot.language.tokens import tokens

KINDS = ("country", "place", "nationality", "age", "time", "relation", "document")


@dataclass(frozen=True)
class Entity:
    """Something named in a message, the characters ``start`` to ``end`` of it as it was written.

    ``kind``, ``value`` and what ``more`` holds:

    - ``country``: a tuple of ISO 3166-1 codes, more than one where the name does not say which, the likeliest first;
      ``city`` where one was named.
    - ``place`` (in Norway): the usual name; ``place_kind`` (see bot.language.places), ``municipalities`` and
      ``counties`` (tuples of numbers); ``several`` is true where more than one place has the name.
    - ``nationality``: a tuple of ISO codes, more than one for «norsk-irakisk» and for «kurder».
    - ``age``: whole years; ``turning`` (the next birthday, if it was named), ``approximate``, ``past``, ``whose``
      (``self``, ``other``, a relation or None).
    - ``time``: ISO 8601, a day or two with a slash between; ``first``, ``last``, ``tense`` (past, present, future),
      ``approximate``.
    - ``relation`` and ``document``: a key of data/relations.yml and data/documents.yml.
    """

    kind: str
    start: int
    end: int
    value: Any
    confidence: float = 1.0
    """0…1; below 1 for a misspelling and for what is only likely."""
    more: dict[str, Any] = field(default_factory=dict)


def find_entities(text: str, now: datetime) -> list[Entity]:
    """Every entity in ``text``, in order. ``now``: the writer's clock, with a time zone (else ValueError)."""
    message = tokens(text)
    countries = countries_among(message)
    relations = relations_among(message)
    found = [
        Entity("country", item.start, item.end, item.codes, item.confidence, {"city": item.city} if item.city else {})
        for item in countries
    ]
    for place in places_among(message):
        if not _inside(place.start, place.end, countries):
            first = place.places[0]
            more = {
                "place_kind": first.kind,
                "municipalities": tuple(dict.fromkeys(code for each in place.places for code in each.municipalities)),
                "counties": tuple(dict.fromkeys(code for each in place.places for code in each.counties)),
                "several": len({each.municipalities for each in place.places if each.municipalities}) > 1,
            }
            found.append(Entity("place", place.start, place.end, first.name, place.confidence, more))
    found += [
        Entity("nationality", item.start, item.end, item.codes)
        for item in nationalities_among(message)
        if not _inside(item.start, item.end, countries)
    ]
    for age in ages_among(message, text, now.date(), relations):
        more = {"turning": age.turning, "approximate": age.approximate, "past": age.past, "whose": age.whose}
        found.append(Entity("age", age.start, age.end, age.years, more=more))
    for time in find_times(text, now):
        more = {"first": time.first, "last": time.last, "tense": time.tense, "approximate": time.approximate}
        found.append(Entity("time", time.start, time.end, time.value, more=more))
    found += [Entity("relation", item.start, item.end, item.value, item.confidence) for item in relations]
    found += [
        Entity("document", item.start, item.end, item.value, item.confidence) for item in documents_among(message)
    ]
    return sorted(found, key=lambda entity: (entity.start, entity.end))


def _inside(start: int, end: int, countries: Sequence[CountryMention]) -> bool:
    """«Gran» in «Gran Canaria», «svensken» in «i svensken»."""
    return any(country.start < end and start < country.end for country in countries)
