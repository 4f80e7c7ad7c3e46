"""Find who can help: one function for the assistant, for staff and for the HTTP interface.

Contacts are scored by what speaks for them. The weights order kinds of evidence (asked for by name, a door for the
need, near, fits the person, open); they were set by hand on tests/data/lookup_questions.jsonl.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.directory.asking import Reader
from bot.directory.contacts import Directory
from bot.directory.coverage import Fit, Ground
from bot.directory.hours import Status, status
from bot.directory.model import CHANNELS, EMERGENCY, Contact
from bot.directory.need import Door, Need
from bot.directory.notes import notes_for, question_for
from bot.directory.why import CHANNEL_NAMES, hours_in_words, phone_for, reasons
from bot.knowledge.model import Country

LIMIT = 6
_NAMED, _FIRST, _DOOR, _STEP, _MEMBER, _LATER, _GENERAL = 1000.0, 400.0, 100.0, 8.0, 40.0, 0.85, 0.6
_HERE, _LOCAL_SERVICE, _IN_COUNTY, _MISSION, _COUNTRY, _ENVOY = 60.0, 160.0, 10.0, 170.0, 110.0, 60.0
_SPEAKS, _MANY_LANGUAGES, _INTERPRETER = 90.0, 50.0, 25.0
_ANONYMOUS, _FREE, _CHANNEL, _PROFESSIONAL, _SAME_SEX = 30.0, 8.0, 20.0, 25.0, 25.0
_OPEN, _NOT_KNOWN, _SHUT, _A_LITTLE = 25.0, -35.0, -70.0, 3.0
_YOUNG, _REACHED_FROM_ABROAD, _ONLY_IN_NORWAY = 35.0, 20.0, -25.0
_ONLY_PAGES = 10.0
_SURE = {"high": 3.0, "medium": 1.0, "low": 0.0}
_NEED_OF_STATUS = {"papirlos": {"papirlos"}, "asylsoker": {"asyl", "utlendingssak", "klage", "papirlos"}}
# What is asked for there is the mission itself.
_SEATS = {"ambassade", "spesialutsending"}
_FAR_AWAY = {"ambassade", "spesialutsending", "utland", "pass", "hjemreise"}
_DEFAULT = ("samtale",)
_ABOUT_A_COUNTRY = ("utland",)
_FOR_CASES_ABROAD = {"kompetanseteamet", "rodekors_telefonen"}
_CHILDREN_LINE, _ABROAD_LINE = "alarmtelefonen", "udops"


@dataclass(frozen=True)
class Match:
    """A contact that fits, and why. ``hours`` is a phrase for the moment asked about; ``open_now`` None is unknown."""

    contact: Contact
    score: float
    why: tuple[str, ...]
    hours: str
    open_now: bool | None
    phone: str | None
    """The number for where the person is: the one from abroad, when it is known and they are."""


@dataclass(frozen=True)
class Found:
    """What a look-up gives. ``notes`` must be shown: they say what is not known. ``question``: what to ask back."""

    need: Need
    matches: tuple[Match, ...]
    notes: tuple[str, ...]
    question: str = ""


class Lookup:
    """Look-ups over one directory. Built once, then safe to use from many threads."""

    def __init__(self, directory: Directory, doors: Mapping[str, Door], countries: Mapping[str, Country]) -> None:
        self.doors = doors
        self.countries = countries
        self._reader = Reader(directory, doors, countries)
        self._directory = directory
        self._ground = Ground(directory, countries)
        self._members = {
            door.id: {
                *(*door.doors, *door.young, *door.abroad),
                *(contact.id for contact in directory.contacts.values() if door.id in contact.needs),
            }
            for door in doors.values()
        }
        self._many_languages = {
            contact.id
            for contact in directory.contacts.values()
            if contact.speaks or contact.many_languages or contact.interpreter
        }

    def read(self, text: str, now: datetime) -> Need:
        """The need behind a query as people type it."""
        return self._reader.read(text, now)

    def ask(self, text: str, now: datetime, limit: int = LIMIT) -> Found:
        """Read a query and find who can help."""
        return self.find(self.read(text, now), limit)

    def find(self, need: Need, limit: int = LIMIT) -> Found:
        """The contacts that fit best, best first; where there is danger the emergency number before all others."""
        fit = self._ground.fit(need)
        wanted = need.wanted or _wanted_without_words(need)
        # «papirløs lege»: what is specific decides, what is general follows.
        wanted = tuple(sorted(wanted, key=lambda name: self.doors[name].general))
        scored = [
            (score, contact)
            for contact in self._candidates(need, wanted, fit)
            if (score := self._score(contact, need, wanted, fit)) > 0
        ]
        if not scored:
            return self._with_less(need, limit)
        scored.sort(key=lambda item: (-item[0], item[1].id))
        chosen = self._with_emergency(need, scored)[:limit]
        matches = tuple(self._match(contact, score, need, fit) for score, contact in chosen)
        return Found(need, matches, notes_for(need, fit, self.doors, self._is_spoken(need)), question_for(need))

    def _with_less(self, need: Need, limit: int) -> Found:
        """Nobody has all that was asked for: it is said, and the ordinary doors are given. The list is never empty."""
        if need.channel is not None:
            found = self.find(replace(need, channel=None), limit)
            note = f"Ingen i lista som kan hjelpe med dette, har {CHANNEL_NAMES[need.channel]}. Her er andre veier inn."
        elif need.wanted != _DEFAULT or need.sex or need.named or need.language:
            bare = Need(
                at=need.at, wanted=_DEFAULT, age=need.age, minor=need.minor, country=need.country, abroad=need.abroad,
                acute=need.acute, acute_then=need.acute_then, places=need.places, elsewhere=need.elsewhere,
                unknown_place=need.unknown_place, either=need.either, read_as=need.read_as, at_said=need.at_said,
            )  # fmt: skip
            found = self.find(bare, limit)
            note = "Ingen i lista passer til alt du spurte om. Her er de vanlige dørene."
        else:
            return Found(need, (), ())
        return replace(found, need=need, notes=(note, *found.notes))

    def _is_spoken(self, need: Need) -> bool:
        return any(need.language in contact.speaks for contact in self._directory.contacts.values())

    def told(self, contact: Contact, now: datetime, *, country: str | None = None) -> Match:
        """One contact as it is told at a moment, with nothing else asked for. ``country``: where the person is."""
        return self._match(contact, 0.0, Need(at=now, country=country, abroad=country is not None), Fit())

    def _candidates(self, need: Need, wanted: Sequence[str], fit: Fit) -> Iterator[Contact]:
        """Those that anything may speak for: the others need not be scored."""
        ids = {*need.named, *need.first, *fit.missions, *fit.envoys, _CHILDREN_LINE, _ABROAD_LINE, *_FOR_CASES_ABROAD}
        for name in wanted:
            ids |= self._members[name]
        if not need.wanted:
            ids |= fit.here
        if need.language is not None:
            ids |= self._many_languages
        return (contact for name in ids if (contact := self._directory.get(name)) is not None)

    def _with_emergency(self, need: Need, scored: list[tuple[float, Contact]]) -> list[tuple[float, Contact]]:
        if need.acute is None:
            return scored
        first = [need.acute, *([_ABROAD_LINE] if need.abroad or need.elsewhere else []), *need.acute_then]
        pinned = [contact for name in first if (contact := self._directory.get(name))]
        top = scored[0][0] + _NAMED if scored else _NAMED
        return [
            *((top, contact) for contact in pinned),
            *((score, contact) for score, contact in scored if contact not in pinned),
        ]

    def _score(self, contact: Contact, need: Need, wanted: Sequence[str], fit: Fit) -> float:
        """Above 0 when it can help. Evidence for it first, then what speaks against."""
        named = contact.id in need.named and not fit.has_better(contact, self.doors, need)
        score = self._evidence(contact, need, wanted, fit)
        if not named and (score <= 0 or not self._suits(contact, need, wanted, fit)):
            return 0.0
        if named:
            score += _NAMED - need.named.index(contact.id)
        return score + self._circumstances(contact, need) + _SURE[contact.confidence]

    def _evidence(self, contact: Contact, need: Need, wanted: Sequence[str], fit: Fit) -> float:
        score = 0.0
        if contact.id in need.first:
            score += _FIRST - _STEP * need.first.index(contact.id)
        for number, name in enumerate(wanted):
            door = self.doors[name]
            ids = _doors(door, need)
            weight = _LATER**number * (_GENERAL if door.general and number else 1.0)
            if contact.id in ids:
                score += weight * (_DOOR - _STEP * ids.index(contact.id))
            if name in contact.needs:
                score += weight * (_MEMBER + (_STEP if contact.needs[0] == name else 0.0))
        if need.young and contact.id == _CHILDREN_LINE and not need.named:
            # Before whoever is near: it answers at any hour, and knows who that is.
            score += _YOUNG + (_HERE + _YOUNG if fit.here and score > 0 else 0.0)
        if need.abroad and contact.id == _ABROAD_LINE and not set(wanted) & _SEATS:
            score += _COUNTRY
        if need.elsewhere and contact.id == _ABROAD_LINE:
            score += _LOCAL_SERVICE
        if need.abroad and contact.id in _FOR_CASES_ABROAD and not need.named:
            score += _YOUNG
        if score > 0 and not contact.answers:
            score -= _ONLY_PAGES
        score += _language(contact, need)
        # Where nothing but a place was said, whoever is there is what was asked for.
        if fit.covers_here(contact) and (score > 0 or not (need.wanted or need.named or need.first or need.language)):
            served = any(self.doors[name].local and name in contact.needs for name in wanted)
            here = _LOCAL_SERVICE if served and contact.covers.local else _HERE
            score += _IN_COUNTY if fit.unsure else here
            score += _STEP if contact.covers.local else 0.0
        elif fit.in_county(contact) and score > 0:
            score += _IN_COUNTY
        if contact.id in fit.missions and (need.abroad or set(wanted) & _FAR_AWAY):
            at_home = _IN_COUNTY if not need.abroad else _COUNTRY
            score += _MISSION if set(wanted) & _SEATS else at_home
        if contact.id in fit.envoys and (need.abroad or set(wanted) & _FAR_AWAY):
            score += _ENVOY if "spesialutsending" in wanted or contact.id not in fit.missions else 0.0
        return score

    def _suits(self, contact: Contact, need: Need, wanted: Sequence[str], fit: Fit) -> bool:
        """Nothing that is known about the person or the place rules it out."""
        age = need.age if need.age is not None else (15 if need.minor else None)
        if age is not None and age not in contact.ages and not (contact.worried_adults and need.worried):
            return False
        if contact.sex and need.sex and contact.sex != need.sex:
            return False
        if contact.for_professionals_only and not need.professional and "fagrad" not in wanted:
            return False
        if any(not set(wanted) & _NEED_OF_STATUS.get(state, set()) for state in contact.status):
            return False
        if need.channel in CHANNELS and not contact.way(need.channel):
            return False
        if contact.id in need.first:
            # Editors put it there, wherever it is.
            return True
        if contact.covers.countries:
            return contact.id in fit.missions or contact.id in fit.envoys
        if contact.covers.local:
            near = any(self.doors[name].near and name in contact.needs for name in wanted)
            return fit.covers_here(contact) or (near and fit.in_county(contact))
        if contact.kind == EMERGENCY:
            return any(contact.id in _doors(self.doors[name], need) for name in wanted)
        return True

    def _circumstances(self, contact: Contact, need: Need) -> float:
        score = 0.0
        if need.anonymous:
            score += _ANONYMOUS if contact.is_anonymous else -_ANONYMOUS
        if need.free:
            score += _FREE if contact.free else 0.0
        if need.sex is not None and contact.sex == need.sex:
            score += _SAME_SEX
        if need.channel:
            score += _CHANNEL
        if need.professional:
            fits = "fagfolk" in contact.roles or contact.worried_adults
            score += _PROFESSIONAL if fits else -_PROFESSIONAL
        if need.abroad:
            score += _REACHED_FROM_ABROAD if contact.from_abroad else 0.0
            in_norway = contact.kind == "botilbud" or (contact.phone and not contact.from_abroad)
            score += _ONLY_IN_NORWAY if in_norway else 0.0
        now = _best_status(contact, need)[1]
        if need.open_now:
            score += {True: _OPEN, False: _SHUT, None: _NOT_KNOWN}[now.open]
        elif now.open:
            score += _A_LITTLE
        return score

    def _match(self, contact: Contact, score: float, need: Need, fit: Fit) -> Match:
        channel, now = _best_status(contact, need)
        return Match(
            contact=contact,
            score=round(score, 2),
            why=reasons(contact, need, fit, self.doors, now),
            hours=hours_in_words(contact, channel, now, need, self.countries),
            # Abroad the emergency number reaches somebody else, whose hours we do not know.
            open_now=None if need.abroad and contact.kind == EMERGENCY else now.open,
            phone=phone_for(contact, need),
        )


def _wanted_without_words(need: Need) -> tuple[str, ...]:
    """What is needed where no word says it: a country alone is about being there, or having to go."""
    if need.named or need.first or need.language:
        return ()
    return _ABOUT_A_COUNTRY if need.country is not None else _DEFAULT


def _doors(door: Door, need: Need) -> tuple[str, ...]:
    if need.young and door.young:
        return door.young
    return door.abroad if need.abroad and door.abroad else door.doors


def _language(contact: Contact, need: Need) -> float:
    if need.language is None:
        return 0.0
    if need.language in contact.speaks:
        return _SPEAKS
    return (_MANY_LANGUAGES if contact.many_languages else 0.0) + (_INTERPRETER if contact.interpreter else 0.0)


def _best_status(contact: Contact, need: Need) -> tuple[str | None, Status]:
    """The channel to tell the hours of, and its status: the one asked for, else one that is open, else the first."""
    if need.channel is not None:
        return need.channel, status(contact.hours_of(need.channel), need.at)
    known = [(name, status(contact.open[name], need.at)) for name in CHANNELS if name in contact.open]
    if not known:
        return None, status(None, need.at)
    return next(((name, now) for name, now in known if now.open), known[0])
