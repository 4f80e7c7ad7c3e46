"""What a look-up does not know, said outright, with what to ask back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.directory.coverage import Fit, alike
from bot.directory.hours import OSLO
from bot.directory.need import Door, Need
from bot.directory.saying import day_and_hour

# Needs that people ask about with a place, and that are reached by one number for the whole country.
_NATIONAL = {"skole"}


def notes_for(need: Need, fit: Fit, doors: Mapping[str, Door], spoken: bool) -> tuple[str, ...]:
    """Sentences that belong above the list. ``spoken``: some contact has the language that is asked for."""
    return tuple(dict.fromkeys((*_of_places(need, fit, doors), *_of_countries(need, fit), *_of_people(need, spoken))))


def question_for(need: Need) -> str:
    """What must be known to answer better; empty when nothing."""
    if need.unknown_country or (need.unknown_place and set(need.wanted) & {"ambassade", "spesialutsending"}):
        return "Hvilket land gjelder det?"
    if need.unknown_place and need.elsewhere:
        return f"Er «{need.unknown_place}» i Norge eller i et annet land, og hvilket?"
    if need.abroad and need.country is None and not need.named:
        return "Hvilket land gjelder det?"
    if need.unknown_place:
        return "Hvilken kommune gjelder det?"
    may_be = need.either or alike(need.places)
    return f"Mener du {' eller '.join(may_be)}?" if may_be else ""


def _of_places(need: Need, fit: Fit, doors: Mapping[str, Door]) -> Iterator[str]:
    if need.unknown_place and need.elsewhere:
        yield (
            f"Jeg kjenner ikke stedet «{need.unknown_place}». Er det utenfor Norge, kan UDs operative senter hjelpe, "
            f"og norske nødnumre virker ikke som i Norge."
        )
    elif need.unknown_place:
        kind = "landet eller stedet" if set(need.wanted) & {"ambassade", "spesialutsending"} else "stedet"
        yield f"Jeg kjenner ikke {kind} «{need.unknown_place}». Her er de landsdekkende dørene."
    may_be = need.either or alike(need.places)
    if may_be:
        yield f"Flere steder kan være ment: {', '.join(may_be)}."
    for given, read in need.read_as:
        yield f"Leste «{given}» som {read}."
    local = [doors[name] for name in need.wanted if doors[name].local]
    if need.places and local and not fit.unsure and not fit.serves(local):
        where = need.places[0].name
        yield (
            f"Vi har ingen lokal oppføring for {local[0].title} i {where}. De landsdekkende dørene kan si hvem som "
            f"dekker {where}."
        )
    elif need.places and not local and set(need.wanted) & _NATIONAL:
        yield f"Lista har ikke egne numre for {need.places[0].name}. Dørene her gjelder hele landet."


def _of_countries(need: Need, fit: Fit) -> Iterator[str]:
    country, mission = fit.country, fit.mission
    if need.unknown_country:
        yield f"Jeg kjenner ikke landet «{need.unknown_country}». UDs operative senter kan si hvem som dekker det."
    if country is None:
        if need.abroad and need.acute:
            yield "Norske nødnumre virker ikke som i Norge når du er i et annet land."
        return
    if not fit.missions and (need.abroad or need.wanted):
        known = f"{mission.note} " if mission and mission.note else ""
        yield (
            f"{known}Vi har ingen bekreftet kontakt for norsk ambassade for {country.name}. UDs operative senter kan "
            f"si hvem som dekker landet."
        )
    elif mission and mission.note:
        yield mission.note


def _of_people(need: Need, spoken: bool) -> Iterator[str]:
    if need.says_nothing:
        yield "Jeg forsto ikke hva du leter etter. Her er noen som kan hjelpe med mye."
    if need.language and not spoken:
        yield f"Ingen i lista oppgir {need.language_name} som eget språk. Spør etter språket eller om tolk."
    if need.at_said:
        yield f"Åpningstidene er vist for {day_and_hour(need.at.astimezone(OSLO))}."
