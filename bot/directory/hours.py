"""Opening hours as rules, and what they mean at a moment: open, closed, or not known.

Rules are in Norwegian time (Europe/Oslo), so summer time follows of itself. A rule that names weekdays does not hold on
public holidays; one that names ``holidays`` does. On the eve of a great holiday many close early without saying so:
there the answer is «not known», never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAYS = "holidays"
ALWAYS = "always"
_NAMED = {"daily": {*range(7)}, "weekdays": {*range(5)}, "weekend": {5, 6}}
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_DAY = 24 * 60
# How far ahead the next opening is looked for, in days.
_AHEAD = 35
# Parts of the year in which a source says that the hours differ, without dates. Wide on purpose: inside them the
# answer is «not known».
_SEASONS = {"jul": ((12, 18), (1, 6)), "sommer": ((6, 10), (8, 25))}
SEASONS = tuple(_SEASONS)


@dataclass(frozen=True)
class Rule:
    """Open from ``start`` to ``end``, minutes after midnight; an ``end`` above 1440 is on the next day."""

    days: frozenset[int]
    holidays: bool
    start: int
    end: int


@dataclass(frozen=True)
class Hours:
    """When one channel is answered. ``unsure_in``: seasons in which a source says that it differs, without dates."""

    always: bool = False
    rules: tuple[Rule, ...] = ()
    unsure_in: frozenset[str] = frozenset()
    in_season: tuple[Rule, ...] = ()
    """The hours that a source gives for those seasons; inside the other rules too, so they hold on all their days."""


@dataclass(frozen=True)
class Status:
    """What is known at a moment. ``open`` is None where it is not known; ``why`` then says why, in Norwegian."""

    open: bool | None
    always: bool = False
    until: datetime | None = None
    opens: datetime | None = None
    why: str = ""


UNKNOWN = Status(None)


def parse(given: Any) -> Hours:
    """Hours as they stand in a file: ``always``, or a list of ``{days, from, to}``.

    ``days`` is a day, a span («mon-fri»), ``daily``, ``weekdays``, ``weekend`` or ``holidays``, or several with commas.
    ``daily`` includes holidays. An entry ``{unsure_in: [jul, sommer]}`` marks
    seasons, with ``from`` and ``to`` where a source gives the hours in them. Raises ValueError in Norwegian.
    """
    if given == ALWAYS:
        return Hours(always=True)
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        raise ValueError("åpningstid må være «always» eller en liste med days, from og to")
    rules: list[Rule] = []
    unsure: set[str] = set()
    in_season: list[Rule] = []
    for entry in given:
        if not isinstance(entry, Mapping):
            raise ValueError("hver åpningstid må ha days, from og to")
        if set(entry) == {"unsure_in"}:
            unsure |= set(entry["unsure_in"])
        elif set(entry) == {"unsure_in", "from", "to"}:
            unsure |= set(entry["unsure_in"])
            in_season.append(_rule("daily", entry["from"], entry["to"]))
        elif set(entry) == {"days", "from", "to"}:
            rules.append(_rule(str(entry["days"]), entry["from"], entry["to"]))
        else:
            raise ValueError("hver åpningstid må ha days, from og to, og ikke noe annet")
    if not unsure <= set(_SEASONS):
        raise ValueError(f"«unsure_in» kan være {', '.join(_SEASONS)}")
    return Hours(rules=tuple(rules), unsure_in=frozenset(unsure), in_season=tuple(in_season))


def _rule(days: str, start: Any, end: Any) -> Rule:
    numbers: set[int] = set()
    holidays = False
    for part in (part.strip() for part in days.split(",")):
        first, dash, last = part.partition("-")
        if part == HOLIDAYS:
            holidays = True
        elif part in _NAMED:
            numbers |= _NAMED[part]
            holidays = holidays or part == "daily"
        elif first in DAYS and (last in DAYS if dash else True):
            span = DAYS.index(first), DAYS.index(last or first)
            numbers |= {day % 7 for day in range(span[0], span[1] + (1 if span[0] <= span[1] else 8))}
        else:
            raise ValueError(f"«{part}» er ikke en dag (mon–sun, daily, weekdays, weekend, holidays)")
    opens, closes = _minutes(start), _minutes(end)
    return Rule(frozenset(numbers), holidays, opens, closes if closes > opens else closes + _DAY)


def _minutes(text: Any) -> int:
    match = _CLOCK.fullmatch(str(text))
    if match is None or not 0 <= (minutes := int(match[1]) * 60 + int(match[2])) <= _DAY:
        raise ValueError(f"«{text}» er ikke et klokkeslett («09:00» til «24:00», i anførselstegn)")
    return minutes


def status(hours: Hours | None, at: datetime) -> Status:
    """What ``hours`` mean at ``at`` (with its zone). None: no source gives them."""
    if hours is None:
        return UNKNOWN
    if hours.always:
        return Status(True, always=True)
    return _status(hours, at.astimezone(timezone.utc).replace(second=0, microsecond=0))


@lru_cache(maxsize=4096)
def _status(hours: Hours, at: datetime) -> Status:
    today = at.astimezone(OSLO).date()
    spans = list(_spans(hours, (today - timedelta(days=1), today)))
    if hours.in_season and _season(hours, today):
        sure = next((end for start, end in _in_season(hours, today) if start <= at < end), None)
        if sure is not None:
            return Status(True, until=sure)
    until = max((end for start, end in spans if start <= at < end), default=None)
    if until is not None:
        why = _doubt(hours, today)
        return Status(None, why=why) if why else Status(True, until=_joined(hours, until))
    return Status(False, opens=_next(hours, at, today), why=_doubt(hours, today) if _season(hours, today) else "")


def _spans(hours: Hours, days: Iterable[date]) -> Iterable[tuple[datetime, datetime]]:
    for day in days:
        free = holiday(day) is not None
        for rule in hours.rules:
            if rule.holidays if free else day.weekday() in rule.days:
                yield _moment(day, rule.start), _moment(day, rule.end)


def _in_season(hours: Hours, day: date) -> Iterable[tuple[datetime, datetime]]:
    for rule in hours.in_season:
        yield _moment(day, rule.start), _moment(day, rule.end)


def _moment(day: date, minutes: int) -> datetime:
    later = day + timedelta(days=minutes // _DAY)
    return datetime.combine(later, time(minutes % _DAY // 60, minutes % 60), OSLO).astimezone(timezone.utc)


def _joined(hours: Hours, until: datetime) -> datetime:
    """The end, when one span is followed by the next without a break (open to midnight and from midnight on)."""
    for _ in range(14):
        day = until.astimezone(OSLO).date()
        later = max((end for start, end in _spans(hours, (day,)) if start <= until < end), default=until)
        if later == until:
            break
        until = later
    return until


def _next(hours: Hours, at: datetime, today: date) -> datetime | None:
    for days in range(_AHEAD):
        day = today + timedelta(days=days)
        season = hours.in_season and _season(hours, day)
        if _doubt(hours, day) and not season:
            continue
        spans = _in_season(hours, day) if season else _spans(hours, (day,))
        starts = [start for start, _ in spans if start > at]
        if starts:
            return min(starts)
    return None


def _doubt(hours: Hours, day: date) -> str:
    """Why the rules may not hold that day; empty where they do."""
    season = _season(hours, day)
    if season:
        name = "juleferien" if season == "jul" else "sommerferien"
        given = " og ".join(f"{_told(rule.start)}–{_told(rule.end)}" for rule in hours.in_season)
        return f"i {name} kl. {given}" if given else f"andre åpningstider i {name.replace('juleferien', 'julen')}"
    eve = holiday_eve(day)
    # Whoever answers on Christmas Day answers on Christmas Eve.
    return f"kan være stengt i dag, {eve}" if eve and not any(rule.holidays for rule in hours.rules) else ""


def _told(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour}.{minute:02}" if minute else str(hour)


def _season(hours: Hours, day: date) -> str | None:
    for name in hours.unsure_in:
        first, last = _SEASONS[name]
        here = (day.month, day.day)
        if first <= here <= last if first <= last else here >= first or here <= last:
            return name
    return None


@lru_cache(maxsize=2048)
def holiday(day: date) -> str | None:
    """The public holiday's Norwegian name, or None."""
    name = calendar(day.year).get(day)
    return str(name) if name else None


def in_office_hours(at: datetime) -> bool:
    """A time when offices usually answer: Monday to Friday from 9 to 15, no holiday and no eve of one."""
    here = at.astimezone(OSLO)
    return not (holiday(here.date()) or holiday_eve(here.date())) and here.weekday() < 5 and 9 <= here.hour < 15


_calendars: dict[int, Mapping[date, str]] = {}


def calendar(year: int) -> Mapping[date, str]:
    """Norway's public holidays of a year, by their names."""
    if year not in _calendars:
        # It imports every country's calendar, a fifth of a second; a command that was given the year does without.
        import holidays

        _calendars[year] = dict(holidays.country_holidays("NO", years=year, language="no").items())
    return _calendars[year]


def remember(year: int, days: Mapping[date, str]) -> None:
    """Take a year's holidays from where they were kept, as ``calendar`` gave them."""
    _calendars.setdefault(year, days)


@lru_cache(maxsize=2048)
def holiday_eve(day: date) -> str | None:
    """Its name, on days when many Norwegian offices close early: before Christmas, the new year and Easter."""
    if (day.month, day.day) == (12, 24):
        return "julaften"
    if (day.month, day.day) == (12, 31):
        return "nyttårsaften"
    names = {before: holiday(day + timedelta(days=before)) or "" for before in (1, 2)}
    if "skjærtorsdag" in names[1].lower():
        return "dagen før skjærtorsdag"
    if day.weekday() == 5 and "påskedag" in names[1].lower():
        return "påskeaften"
    if day.weekday() == 5 and "pinsedag" in names[1].lower():
        return "pinseaften"
    return None
