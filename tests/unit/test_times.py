from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.language.times import find_times

NOW = datetime(2026, 5, 6, 20, 15, tzinfo=ZoneInfo("Europe/Oslo"))
"""A Wednesday."""


def _values(text: str, now: datetime = NOW) -> list[str]:
    return [mention.value for mention in find_times(text, now)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("i morgen", "2026-05-07"),
        ("i mårra", "2026-05-07"),
        ("i går kveld", "2026-05-05"),
        ("i natt", "2026-05-06/2026-05-07"),
        ("på fredag", "2026-05-08"),
        ("på laurdag", "2026-05-09"),
        ("på onsdag kl 6", "2026-05-13"),
        ("sist fredag", "2026-05-01"),
        ("neste uke", "2026-05-11/2026-05-17"),
        ("i helga", "2026-05-09/2026-05-10"),
        ("om to uker", "2026-05-20"),
        ("om ei veke", "2026-05-13"),
        ("om et par dager", "2026-05-08"),
        ("om to timer", "2026-05-06"),
        ("om et halvt år", "2026-11-06"),
        ("for tre måneder siden", "2026-02-06"),
        ("17. mai", "2026-05-17"),
        ("den 20. juni", "2026-06-20"),
        ("12.06", "2026-06-12"),
        ("20/6", "2026-06-20"),
        ("3. januar 2027", "2027-01-03"),
        ("i juli", "2026-07-01/2026-07-31"),
        ("i sommer", "2026-06-01/2026-08-31"),
        ("til høsten", "2026-09-01/2026-11-30"),
        ("i fjor sommer", "2025-06-01/2025-08-31"),
        ("i 2015", "2015-01-01/2015-12-31"),
        ("tomorrow", "2026-05-07"),
        ("siden mars", "2026-03-01/2026-03-31"),
        ("siden oktober", "2025-10-01/2025-10-31"),
        ("til våren", "2027-03-01/2027-05-31"),
        ("før helga", "2026-05-06/2026-05-08"),
        ("neste sommer", "2027-06-01/2027-08-31"),
    ],
)
def test_times_are_resolved_to_days(text: str, value: str) -> None:
    assert _values(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("i sommerferien", "2026-06-20/2026-08-17"),
        ("før sommeren", "2026-05-06/2026-06-19"),
        ("i høstferien", "2026-09-28/2026-10-11"),
        ("i påska", "2027-03-20/2027-03-29"),
        ("etter jul", "2026-12-27/2027-01-31"),
    ],
)
def test_school_holidays_are_said_to_be_approximate(text: str, value: str) -> None:
    (mention,) = find_times(text, NOW)
    assert (mention.value, mention.approximate) == (value, True)


@pytest.mark.parametrize(
    "text",
    [
        "hver fredag",
        "på mandager",
        "klokka 10.30",
        "to ganger i uka",
        "i vår familie",
        "jeg har 3 dager",
        "2/3 av klassen",
        "fyller 45",
        "om dagen",
        "31.02",
    ],
)
def test_what_names_no_day_is_left_alone(text: str) -> None:
    assert _values(text) == []


@pytest.mark.parametrize(
    ("text", "value", "tense"),
    [
        ("hun kom ikke tilbake etter sommerferien", "2025-08-18/2025-09-30", "past"),
        ("jeg fylte 21 i mars", "2026-03-01/2026-03-31", "past"),
        ("jeg skal gifte meg i mars", "2027-03-01/2027-03-31", "future"),
        ("det skjedde på søndag", "2026-05-03", "past"),
        ("vi reiser på søndag", "2026-05-10", "future"),
        ("i dag", "2026-05-06", "present"),
        ("han sa at bryllupet er på lørdag", "2026-05-09", "future"),
        ("pappa tok passet, og vi reiser på fredag", "2026-05-08", "future"),
        ("hun ble borte 10. april", "2026-04-10", "past"),
    ],
)
def test_what_has_been_is_told_from_what_is_to_come(text: str, value: str, tense: str) -> None:
    (mention,) = find_times(text, NOW)
    assert (mention.value, mention.tense) == (value, tense)


@pytest.mark.parametrize(
    "text",
    ["onſdag", "ı morgen", "i sommerferıen", "İ MORGEN", "om to ukeſ", "17. auguſt", "før ſommeren", "neſte uke"],
)
def test_letters_of_other_alphabets_do_no_harm(text: str) -> None:
    assert all(mention.first <= mention.last for mention in find_times(text, NOW))


@pytest.mark.parametrize("text", ["om 999 år", "for 999 år siden", "31/12", "29. februar", "om 0 dager", "٣. juni"])
def test_far_away_and_odd_times_are_days_all_the_same(text: str) -> None:
    assert len(find_times(text, NOW)) <= 1


def test_the_writers_own_clock_decides() -> None:
    late = datetime(2026, 5, 6, 23, 30, tzinfo=ZoneInfo("Europe/Oslo"))
    assert _values("i morgen", late) == ["2026-05-07"]
    assert _values("i morgen", late.astimezone(ZoneInfo("Asia/Karachi"))) == ["2026-05-08"]


def test_a_clock_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        find_times("i morgen", datetime(2026, 5, 6))
