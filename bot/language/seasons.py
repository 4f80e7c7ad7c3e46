"""Seasons, holidays and school holidays as ranges of days.

School holidays differ between counties and schools; the ranges here are wide enough for most of them and are said to be
approximate. Seasons are the meteorologists': three whole months each.
"""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.easter import easter

Range = tuple[date, date]
"""The first and the last day."""

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
SEASONS = frozenset(_SEASONS)
SCHOOL_HOLIDAYS = frozenset(
    ("summer_holiday", "autumn_holiday", "christmas_holiday", "winter_holiday", "easter_holiday")
)


def month_range(year: int, month: int) -> Range:
    """A whole month; ``month`` may run past 12 or below 1 into other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def named_range(name: str, year: int) -> Range:
    """The season or holiday that begins in ``year``. Raises KeyError for an unknown name."""
    if name in _SEASONS:
        month = _SEASONS[name]
        return month_range(year, month)[0], month_range(year, month + 2)[1]
    return _holiday(name, year)


def _holiday(name: str, year: int) -> Range:
    sunday = easter(year)
    return {
        # From about 20 June until school begins in the middle of August.
        "summer_holiday": (date(year, 6, 20), date(year, 8, 17)),
        # Week 40 in some counties, 41 in others; winter 8 or 9.
        "autumn_holiday": (date.fromisocalendar(year, 40, 1), date.fromisocalendar(year, 41, 7)),
        "winter_holiday": (date.fromisocalendar(year, 8, 1), date.fromisocalendar(year, 9, 7)),
        "christmas_holiday": (date(year, 12, 21), date(year + 1, 1, 3)),
        # From the Saturday before Palm Sunday to Easter Monday.
        "easter_holiday": (sunday - timedelta(days=8), sunday + timedelta(days=1)),
        "christmas": (date(year, 12, 24), date(year, 12, 26)),
        "new_year": (date(year, 12, 31), date(year + 1, 1, 1)),
    }[name]


def occurrence(name: str, today: date, *, past: bool) -> Range:
    """The last one that has begun (``past``), or the first one that has not ended."""
    for year in range(today.year + 1, today.year - 3, -1) if past else range(today.year - 1, today.year + 3):
        first, last = named_range(name, year)
        if (past and first <= today) or (not past and last >= today):
            return first, last
    raise AssertionError("every name comes every year")
