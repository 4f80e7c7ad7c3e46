"""The moment that a query asks about: «klokka tre om natta», «i kveld», «på søndag», «17. mai»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.directory.hours import OSLO

_NUMBERS = {
    "en": 1,
    "ett": 1,
    "one": 1,
    "to": 2,
    "two": 2,
    "tre": 3,
    "three": 3,
    "fire": 4,
    "four": 4,
    "fem": 5,
    "five": 5,
    "seks": 6,
    "six": 6,
    "sju": 7,
    "syv": 7,
    "seven": 7,
    "åtte": 8,
    "eight": 8,
    "ni": 9,
    "nine": 9,
    "ti": 10,
    "ten": 10,
    "elleve": 11,
    "eleven": 11,
    "tolv": 12,
    "twelve": 12,
}
_CLOCK = re.compile(
    rf"\b(?:kl|klokka|klokken|klokka er|at)\b\.? ?(?P<half>halv )?(?P<hour>\d{{1,2}}|{'|'.join(_NUMBERS)})"
    r"(?:[.:](?P<minute>[0-5]\d))?\b ?(?P<pm>pm|p\.m\.)?"
)
_DIGITS = re.compile(r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![\d:])(?P<half>)(?P<pm>)")
# «lørdag 23.30»; elsewhere a dot is as likely a date's.
_AFTER_DAY = re.compile(r"dag (?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)(?![\d.])(?P<half>)(?P<pm>)")
_NIGHT = re.compile(r"\b(natta|natten|natt|nattestid|at night|tonight)\b")
_EVENING = re.compile(r"\b(kveld|kvelden|ettermiddag\w*|i kveld|evening|afternoon)\b")
_TOMORROW = re.compile(r"\b(i morgen|imorgen|i morgon|i morra|tomorrow)\b")
_WEEKEND = re.compile(r"\b(helg|helga|helgen|helgene|weekend)\b")
_WEEKDAYS = [
    re.compile(r"\b(mandag|måndag|monday)\b"),
    re.compile(r"\b(tirsdag|tysdag|tuesday)\b"),
    re.compile(r"\b(onsdag|wednesday)\b"),
    re.compile(r"\b(torsdag|thursday)\b"),
    re.compile(r"\b(fredag|friday)\b"),
    re.compile(r"\b(lørdag|laurdag|saturday)\b"),
    re.compile(r"\b(søndag|sundag|sunday)\b"),
]
_DATES = {
    re.compile(r"\b(julaften|julafta|julaftan|christmas eve)\b"): (12, 24),
    re.compile(r"\b(1\. ?juledag|første juledag|christmas day)\b"): (12, 25),
    re.compile(r"\b(2\. ?juledag|andre juledag)\b"): (12, 26),
    re.compile(r"\b(nyttårsaften|nyttårsafta|new year'?s eve)\b"): (12, 31),
    re.compile(r"\b(1\. ?nyttårsdag|nyttårsdag)\b"): (1, 1),
    re.compile(r"\b(1\. ?mai|første mai)\b"): (5, 1),
    re.compile(r"\b(17\. ?mai|syttende mai|17 mai)\b"): (5, 17),
}
_NOON, _EVENING_HOUR, _NIGHT_HOUR, _MORNING_HOUR = 12, 20, 2, 10


@dataclass(frozen=True)
class When:
    """``at``: the moment; ``said``: the query named one; ``rest``: the query without its clock."""

    at: datetime
    said: bool
    rest: str


def when(text: str, now: datetime) -> When:
    """The next such moment from ``now`` on; ``now`` itself when the query names none. ``text`` in lower case."""
    here = now.astimezone(OSLO)
    clock = _CLOCK.search(text) or _DIGITS.search(text) or _AFTER_DAY.search(text)
    rest = text[: clock.start()] + " " * (clock.end() - clock.start()) + text[clock.end() :] if clock else text
    hour = _hour(clock, text) if clock else None
    day = _day(text, here.date())
    night, evening = bool(_NIGHT.search(text)), bool(_EVENING.search(text))
    if hour is not None:
        moment = _on(day or here.date(), hour)
        if day is None and moment < here:
            moment = _on(here.date() + timedelta(days=1), hour)
        return When(moment, True, rest)
    if day == here.date() and here.hour >= _NOON and not (night or evening):
        # «lørdag», on a Saturday afternoon: what is asked about is now.
        return When(now, False, rest)
    if day is not None:
        part = _EVENING_HOUR if evening else _NOON
        return When(_on(day, time(_NIGHT_HOUR) if night else time(part)), True, rest)
    if night and "tonight" not in text:
        is_night = here.hour >= 22 or here.hour < 6
        moment = here if is_night else _on(here.date() + timedelta(days=1), time(_NIGHT_HOUR))
        return When(moment, not is_night, rest)
    if evening or "tonight" in text:
        return When(max(here, _on(here.date(), time(_EVENING_HOUR))), here.hour < _EVENING_HOUR, rest)
    return When(now, False, rest)


def _hour(clock: re.Match[str], text: str) -> time | None:
    given = clock["hour"]
    hour = _NUMBERS.get(given) or int(given) if not given.isdigit() else int(given)
    minute = int(clock["minute"] or 0)
    if clock["half"]:
        hour, minute = hour - 1, 30
    if hour <= 11 and (clock["pm"] or (_EVENING.search(text) and not _NIGHT.search(text))):
        hour += 12
    return time(hour % 24, minute) if 0 <= hour <= 24 else None


def _day(text: str, today: date) -> date | None:
    for pattern, (month, number) in _DATES.items():
        if pattern.search(text):
            this = date(today.year, month, number)
            return this if this >= today else date(today.year + 1, month, number)
    if _TOMORROW.search(text):
        return today + timedelta(days=1)
    for weekday, pattern in enumerate(_WEEKDAYS):
        if pattern.search(text):
            return today + timedelta(days=(weekday - today.weekday()) % 7)
    if _WEEKEND.search(text):
        return today + timedelta(days=max(0, 5 - today.weekday()))
    return None


def _on(day: date, at: time) -> datetime:
    return datetime.combine(day, at, OSLO)
