"""When: «i morgen», «på fredag», «om to uker», «før sommeren», «17. mai», as days by the writer's own clock.

The words lie in data/times.yml. A weekday, a date without a year and a holiday are the next ones, unless the sentence
tells of something that has happened. What is rough («om et par dager», a school holiday, «etter jul») says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.language.lists import words
from bot.language.numbers import number
from bot.language.seasons import SCHOOL_HOLIDAYS, SEASONS, Range, month_range, named_range, occurrence
from bot.language.time_pattern import days_from_today, folded, index_of, is_one_of, name_of, pattern
from bot.language.tokens import READ_AT_MOST, Token

PAST, PRESENT, FUTURE = "past", "present", "future"
_ROUGHLY = {"par": 2, "noen": 3, "nokre": 3, "nåkka": 3, "nån": 3, "few": 3, "couple": 2}
_DAYS_IN = {"hour": 0, "day": 1, "week": 7}
_WEEKDAYS = 7
# A season that ended so few days ago is the one that is meant: «i sommer» in September.
_JUST_OVER = 100
# A date without a year is the coming one unless the one that has been is so many days nearer.
_RATHER_COMING = 150
_FRACTIONS = frozenset(("12", "13", "23", "14", "34"))
_SINCE = frozenset(("siden", "sidan", "sia"))
_EVERY = ("hver ", "kvar ", "every ", "hver eneste ")
_CLOCK = frozenset(("kl", "kl.", "klokka", "klokken"))
_SENTENCE = re.compile(r"[.!?\n]\s")


@dataclass(frozen=True)
class TimeMention:
    """A time in a text, the characters ``start`` to ``end``: the days ``first`` to ``last``, both included."""

    first: date
    last: date
    start: int
    end: int
    tense: str
    """``past``, ``present`` (today is one of the days) or ``future``."""
    approximate: bool = False

    @property
    def value(self) -> str:
        """ISO 8601: a day, or two days with a slash between."""
        return self.first.isoformat() + ("" if self.first == self.last else f"/{self.last.isoformat()}")


def find_times(text: str, now: datetime) -> list[TimeMention]:
    """Every time named in ``text``, in order. ``now``: the writer's clock. Raises ValueError without a time zone."""
    if now.tzinfo is None:
        raise ValueError("now has to carry the writer's time zone")
    return list(_read(text[:READ_AT_MOST], now.date()))


@dataclass(frozen=True)
class _Context:
    today: date
    past: bool
    future: bool


_Reading = tuple[date, date, bool]
"""The first day, the last day, and whether it is rough."""


def _read(text: str, today: date) -> Iterator[TimeMention]:
    for match in pattern().finditer(text):
        kind = match.lastgroup or ""
        reading = _READERS[kind.split("_")[0]](match, _context(text, match, today))
        if reading is None:
            continue
        first, last, rough = reading
        tense = PAST if last < today else FUTURE if first > today else PRESENT
        yield TimeMention(first, last, match.start(), match.end(), tense, rough)


def _context(text: str, match: re.Match[str], today: date) -> _Context:
    """What the verbs of the same sentence tell: at most 120 characters to either side."""
    before = _SENTENCE.split(text[max(0, match.start() - 120) : match.start()])[-1]
    after = _SENTENCE.split(text[match.end() : match.end() + 120])[0]
    # The nearest clause decides: what comes after a comma tells of something else.
    around = set(re.findall(r"\w+", f"{before.split(',')[-1]} {after.split(',')[0]}".lower()))
    past, future = bool(around & words("times", "past")), bool(around & words("times", "future"))
    return _Context(today, past and not future, future)


def _day(match: re.Match[str], context: _Context) -> _Reading:
    for days, forms in days_from_today():
        if forms.fullmatch(match["day"]):
            found = context.today + timedelta(days=days)
            return found, found, False
    raise AssertionError(match["day"])


def _night(match: re.Match[str], context: _Context) -> _Reading:
    return context.today, context.today + timedelta(days=1), False


def _weekday(match: re.Match[str], context: _Context) -> _Reading | None:
    if match.string[: match.start()].lower().endswith(_EVERY):
        return None
    wanted = index_of("weekdays", match["weekday"])
    prefix = folded(match["weekday_prefix"] or "")
    ahead = (wanted - context.today.weekday()) % _WEEKDAYS or _WEEKDAYS
    gone = is_one_of(prefix, "last") or bool(match["weekday_gone"]) or (context.past and not is_one_of(prefix, "next"))
    if gone:
        found = context.today - timedelta(days=(context.today.weekday() - wanted) % _WEEKDAYS or _WEEKDAYS)
        return found, found, False
    if is_one_of(prefix, "next") and prefix.startswith("neste"):
        # Some mean the one this week: the one next week, and not sure.
        monday = context.today - timedelta(days=context.today.weekday()) + timedelta(days=_WEEKDAYS)
        found = monday + timedelta(days=wanted)
        return found, found, True
    found = context.today + timedelta(days=ahead)
    return found, found, False


def _span(match: re.Match[str], context: _Context) -> _Reading | None:
    """«om to uker», «for to uker siden»."""
    ago = bool(match["span_ago"])
    if not ago and folded(match["span_word"]) == "for":
        return None
    return _away(context, match["span_count"], match["span_unit"], half=bool(match["span_half"]), ago=ago)


def _gone(match: re.Match[str], context: _Context) -> _Reading | None:
    """«to uker siden»."""
    return _away(context, match["gone_count"], match["gone_unit"], half=False, ago=True)


def _away(context: _Context, counted: str | None, form: str, *, half: bool, ago: bool) -> _Reading | None:
    count, unit, rough = _count(counted), name_of("units", form), False
    if half:
        unit, count = ("month", 6) if unit == "year" else ("week", 2)
    if count is None and counted:
        count = next((roughly for word, roughly in _ROUGHLY.items() if word in folded(counted)), None)
        rough = True
    if count is None:
        return None
    if ago:
        count = -count
    if unit in _DAYS_IN:
        found = context.today + timedelta(days=count * _DAYS_IN[unit])
    else:
        found = _months_away(context.today, count * (12 if unit == "year" else 1))
    return found, found, rough


def _period(match: re.Match[str], context: _Context) -> _Reading | None:
    """«neste uke», «forrige måned», «i helga», «i fjor»."""
    today, which = context.today, match["period_which"]
    step = 1 if is_one_of(which, "next") else -1 if is_one_of(which, "last") else 0
    unit = folded(match["period_unit"])
    if unit.startswith("helg") or unit == "weekend":
        saturday = today - timedelta(days=today.weekday()) + timedelta(days=_WEEKDAYS * step + 5)
        return _placed(which, (saturday, saturday + timedelta(days=1)), context, rough=False)
    kind = name_of("units", unit)
    if folded(which) in ("i", "til", "før", "innen") and unit != "år":
        return None  # «to ganger i uka»
    if kind == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(days=_WEEKDAYS * step)
        return monday, monday + timedelta(days=6), False
    if kind == "month":
        return (*month_range(today.year, today.month + step), False)
    if kind == "year":
        return date(today.year + step, 1, 1), date(today.year + step, 12, 31), False
    return None


def _lastyear(match: re.Match[str], context: _Context) -> _Reading:
    year = context.today.year - 1
    season = match["lastyear_season"]
    if season:
        return (*named_range(name_of("seasons", season), year), False)
    return date(year, 1, 1), date(year, 12, 31), False


def _date(match: re.Match[str], context: _Context) -> _Reading | None:
    figure, name = match["date_figure"], match["date_month"]
    before = match.string[max(0, match.start() - 9) : match.start()].lower().split()
    if figure and (match["date_day"] + figure in _FRACTIONS or (before and before[-1] in _CLOCK)):
        return None
    month, day = int(figure) if figure else index_of("months", name) + 1, int(match["date_day"])
    written = match["date_year"] or match["date_short"]
    today = context.today
    years = [_full_year(written)] if written else [today.year - 1, today.year, today.year + 1]
    found = [on for year in years if (on := _on(year, month, day)) is not None]
    if not written and context.past:
        found = [on for on in found if on <= today]
    elif not written and context.future:
        found = [on for on in found if on >= today]
    if not found:
        return None
    nearest = min(found, key=lambda on: (on - today).days if on >= today else (today - on).days + _RATHER_COMING)
    return nearest, nearest, False


def _month(match: re.Match[str], context: _Context) -> _Reading:
    index = index_of("months", match["month"]) + 1
    year = context.today.year
    first, last = month_range(year, index)
    past = context.past or folded(match["month_word"]) in _SINCE
    if last < context.today and not past:
        first, last = month_range(year + 1, index)
    elif first > context.today and past:
        first, last = month_range(year - 1, index)
    return _placed(match["month_word"], (first, last), context, rough=False)


def _year(match: re.Match[str], context: _Context) -> _Reading | None:
    if match.string[: match.start()].lower().rstrip().endswith(("født", "fødd", "born")):
        return None  # an age
    year = int(match["year"])
    return date(year, 1, 1), date(year, 12, 31), False


def _named(match: re.Match[str], context: _Context) -> _Reading | None:
    """«i sommer», «før jul», «i påska»."""
    word, form = folded(match["named_word"]), match["named"]
    name = name_of("seasons", form) or name_of("holidays", form)
    if folded(form) == "vår" and re.match(r"\s\w", match.string[match.end() :]):
        return None  # «i vår familie»
    school = "summer_holiday" if name == "summer" and word in ("før", "innen", "etter", "over") else name
    past = context.past or word in _SINCE
    days = occurrence(school, context.today, past=past)
    if not past and not context.future and name in SEASONS and word == "i":
        gone = occurrence(school, context.today, past=True)
        if gone[1] < context.today <= gone[1] + timedelta(days=_JUST_OVER):
            days = gone
    if past and word == "etter":
        days = next(
            found
            for year in range(context.today.year, context.today.year - 3, -1)
            if (found := named_range(school, year))[1] < context.today
        )
    if is_one_of(word, "next") or (word == "til" and days[0] <= context.today and name in SEASONS):
        # Not the one that is now; in May «neste sommer» is the one in a year.
        return (*named_range(school, days[0].year + 1), is_one_of(word, "next"))
    if is_one_of(word, "last"):
        return (*occurrence(school, context.today, past=True), False)
    return _placed(word, days, context, rough=school in SCHOOL_HOLIDAYS)


def _placed(word: str, days: Range, context: _Context, *, rough: bool) -> _Reading:
    """The days before, after or in a range. «Etter» goes to the end of the following month."""
    first, last = days
    if folded(word) in ("før", "innen", "fram mot", "before"):
        start = context.today if first > context.today else first
        return start, max(first - timedelta(days=1), start), True
    if folded(word) in ("etter", "after"):
        begins = last + timedelta(days=1)
        return begins, month_range(begins.year, begins.month + 1)[1], True
    return first, last, rough


_READERS: dict[str, Callable[[re.Match[str], _Context], _Reading | None]] = {
    "day": _day,
    "night": _night,
    "weekday": _weekday,
    "span": _span,
    "gone": _gone,
    "period": _period,
    "lastyear": _lastyear,
    "date": _date,
    "month": _month,
    "year": _year,
    "named": _named,
}


def _count(word: str | None) -> int | None:
    if word is None:
        return None
    if word.isdecimal():
        return int(word)
    return number(Token(folded(word), 0, 0, False, False, False), small=True)


def _months_away(day: date, months: int) -> date:
    first, last = month_range(day.year, day.month + months)
    return min(first + timedelta(days=day.day - 1), last)


def _full_year(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
