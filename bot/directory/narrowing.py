"""A need told in fields rather than words: what a form or an address of the HTTP interface gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.directory.model import CHANNELS, SEXES
from bot.directory.need import Need
from bot.directory.query_lists import lists
from bot.knowledge.model import Country
from bot.language.countries import find_countries
from bot.language.places import place as places_called

# What a group of topics is about, as people need it.
_OF_GROUP = {
    "utland": "utland",
    "tvang": "tvang",
    "kontroll": "kontroll",
    "vold": "vold",
    "lemlestelse": "lemlestelse",
    "handel": "menneskehandel",
    "migrant": "utlendingssak",
    "rett": "rettshjelp",
    "fag": "fagrad",
}
OLDEST = 120


@dataclass(frozen=True)
class Fields:
    """What was given; empty and None are not."""

    topic: str = ""
    contacts: Sequence[str] = ()
    """The contacts that editors put behind the topic's answer, the best first."""
    place: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2, or its Norwegian name."""
    age: int | None = None
    sex: str = ""
    language: str = ""
    """A code or a Norwegian name."""
    channel: str = ""
    open_now: bool | None = None
    anonymous: bool = False


def narrowed(need: Need, given: Fields, countries: Mapping[str, Country]) -> Need:
    """``need`` with the fields in place of what its words said. Raises ValueError when one cannot be read."""
    if given != Fields():
        need = replace(need, understood=True)
    if given.topic:
        about = _OF_GROUP.get(given.topic.partition(".")[0])
        by_group = () if given.contacts or about is None else (about,)
        need = replace(need, first=tuple(given.contacts), wanted=need.wanted or by_group)
    if given.place:
        found = places_called(given.place)
        need = replace(need, places=found, unknown_place="" if found else given.place, either=(), elsewhere=False)
    if given.country:
        need = _in_country(need, given.country, countries)
    if given.language:
        need = _speaking(need, given.language)
    if given.age is not None:
        if not 0 <= given.age <= OLDEST:
            raise ValueError("age")
        need = replace(need, age=given.age)
    if given.sex:
        need = replace(need, sex=_one_of(given.sex, SEXES))
    if given.channel:
        need = replace(need, channel=_one_of(given.channel, CHANNELS))
    if given.open_now is not None:
        need = replace(need, open_now=given.open_now)
    return replace(need, anonymous=True) if given.anonymous else need


def _in_country(need: Need, given: str, countries: Mapping[str, Country]) -> Need:
    code = given.upper() if given.upper() in countries else None
    if code is None and given.upper() not in ("NO", "NORGE", "NOREG", "NORWAY"):
        found = find_countries(given)
        code = found[0].code if found else None
        if code is None:
            return replace(need, unknown_country=given)
    return replace(need, country=code, abroad=code is not None, either=(), elsewhere=False)


def _speaking(need: Need, given: str) -> Need:
    known = {language["code"]: language["name"] for language in lists().languages}
    if given in ("nb", "nn", "no", "norsk", "bokmål", "nynorsk"):
        return replace(need, language=None, language_name="")
    code = given if given in known else next((code for code, name in known.items() if name == given.lower()), None)
    # A language that is not in the list is asked for all the same: none may have it, and that is what is said.
    return replace(need, language=code or given.lower(), language_name=known.get(code or "", given.lower()))


def _one_of(given: str, allowed: Sequence[str]) -> str:
    if given not in allowed:
        raise ValueError(given)
    return given
