"""Opening hours: holidays, eves, summer time, midnight, and the clock where the person is."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.hours import HOLIDAYS, OSLO, holiday, holiday_eve, parse, status
from bot.directory.saying import said
from bot.directory.zones import zone_of
from tests.directory.conftest import moment

OFFICE = parse([{"days": "mon-fri", "from": "09:00", "to": "15:00"}])
DUTY = parse(
    [
        {"days": "mon-fri", "from": "00:00", "to": "08:00"},
        {"days": "mon-fri", "from": "15:30", "to": "24:00"},
        {"days": "weekend, holidays", "from": "00:00", "to": "24:00"},
    ]
)
EVENING = parse([{"days": "sun-thu", "from": "18:00", "to": "22:00"}])
LATE = parse([{"days": "fri, sat", "from": "20:00", "to": "03:00"}])
SCHOOL = parse([{"days": "daily", "from": "14:00", "to": "22:00"}, {"unsure_in": ["jul", "sommer"]}])


@pytest.mark.parametrize(
    ("hours", "at", "words"),
    [
        (OFFICE, "2026-11-26T10:00", "åpent nå, til kl. 15"),
        (OFFICE, "2026-11-26T09:00", "åpent nå, til kl. 15"),
        (OFFICE, "2026-11-26T15:00", "åpner i morgen kl. 9"),
        (OFFICE, "2026-11-26T08:20", "åpner om 40 minutter"),
        (OFFICE, "2026-11-26T08:59", "åpner om 1 minutt"),
        (OFFICE, "2026-11-26T05:00", "åpner kl. 9"),
        (OFFICE, "2026-11-28T12:00", "åpner mandag kl. 9"),
        (OFFICE, "2026-11-27T16:00", "åpner mandag kl. 9"),
        # 17 May, Ascension Day, Easter: closed on public holidays that fall on weekdays.
        (OFFICE, "2027-05-17T10:00", "åpner i morgen kl. 9"),
        (OFFICE, "2026-05-14T10:00", "åpner i morgen kl. 9"),
        (OFFICE, "2026-04-01T16:00", "åpner tirsdag kl. 9"),
        # Eves: nobody says that they close early, and nobody says that they do not.
        (OFFICE, "2026-12-24T10:00", "kan være stengt i dag, julaften"),
        (OFFICE, "2026-12-31T10:00", "kan være stengt i dag, nyttårsaften"),
        (OFFICE, "2026-04-01T10:00", "kan være stengt i dag, dagen før skjærtorsdag"),
        (OFFICE, "2026-12-23T16:00", "åpner mandag kl. 9"),
        # Over midnight, and one span after another without a break.
        (LATE, "2026-11-27T23:59", "åpent nå, til kl. 3"),
        (LATE, "2026-11-28T02:59", "åpent nå, til kl. 3"),
        (LATE, "2026-11-28T03:00", "åpner kl. 20"),
        (DUTY, "2026-11-27T16:00", "åpent nå, til kl. 8"),
        (DUTY, "2026-11-30T03:00", "åpent nå, til kl. 8"),
        (DUTY, "2026-11-30T09:00", "åpner kl. 15.30"),
        (DUTY, "2026-12-25T12:00", "åpent nå, til kl. 8"),
        (DUTY, "2026-12-24T20:00", "åpent nå, til kl. 8"),
        (EVENING, "2026-11-27T19:00", "åpner søndag kl. 18"),
        # Seasons in which the source says that the hours differ, without dates.
        (SCHOOL, "2026-11-26T15:00", "åpent nå, til kl. 22"),
        (SCHOOL, "2026-07-10T15:00", "andre åpningstider i sommerferien"),
        (SCHOOL, "2026-12-27T15:00", "andre åpningstider i julen"),
        (parse("always"), "2026-12-24T03:00", "døgnåpent"),
        (None, "2026-11-26T10:00", "åpningstid ikke oppgitt"),
    ],
)
def test_hours_are_said_as_people_say_them(hours: Any, at: str, words: str) -> None:
    assert said(status(hours, moment(at)), moment(at)) == words


def test_an_eve_is_not_known_rather_than_open_or_closed() -> None:
    assert status(OFFICE, moment("2026-12-24T10:00")).open is None
    assert status(OFFICE, moment("2026-12-24T07:00")).open is False
    assert status(DUTY, moment("2026-12-24T20:00")).open is True


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        # Summer time begins on 28 March 2027 and ends on 25 October 2026, at night.
        ("2027-03-26T08:30+00:00", False),  # Good Friday
        ("2027-03-30T07:00+00:00", True),  # 09.00 in summer time
        ("2027-03-30T06:59+00:00", False),
        ("2026-10-26T08:00+00:00", True),  # 09.00 in winter time
        ("2026-10-26T07:59+00:00", False),
    ],
)
def test_summer_and_winter_time(at: str, open_: bool) -> None:
    assert status(OFFICE, datetime.fromisoformat(at)).open is open_


def test_a_night_with_the_change_of_clocks_lasts_as_long_as_it_does() -> None:
    night = parse([{"days": "sat", "from": "20:00", "to": "04:00"}])
    for change, hours in (("2028-03-25T20:00", 7), ("2026-10-24T20:00", 9)):
        until = status(night, moment(change)).until
        assert until is not None
        assert until - moment(change).astimezone(timezone.utc) == timedelta(hours=hours)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 1), timezones=st.just(OSLO)),
    st.sampled_from([OFFICE, DUTY, EVENING, LATE, SCHOOL]),
)
def test_when_it_opens_it_is_open_and_just_before_it_is_not(at: datetime, hours: Any) -> None:
    now = status(hours, at)
    if now.opens is not None:
        assert now.opens > at
        assert status(hours, now.opens).open is True
        assert status(hours, now.opens - timedelta(minutes=1)).open is not True
    if now.until is not None:
        assert status(hours, now.until).open is not True
        assert status(hours, now.until - timedelta(minutes=1)).open is True


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ("PK", "åpner mandag kl. 9 norsk tid, kl. 13 i landet"),
        ("SO", "åpner mandag kl. 9 norsk tid, kl. 11 i landet"),
        ("IR", "åpner mandag kl. 9 norsk tid, kl. 11.30 i landet"),
        ("SE", "åpner mandag kl. 9"),
        # Several clocks: nobody can say from the country's name what the time is.
        ("US", "åpner mandag kl. 9"),
        ("RU", "åpner mandag kl. 9"),
        ("XX", "åpner mandag kl. 9"),
    ],
)
def test_the_hour_is_told_on_the_clock_where_the_person_is(country: str, words: str) -> None:
    at = moment("2026-11-28T12:00")
    assert said(status(OFFICE, at), at, zone=zone_of(country, at), where="landet") == words


def test_the_clock_abroad_follows_its_own_summer_time() -> None:
    winter, summer = moment("2026-11-30T08:00"), moment("2026-06-29T08:00")
    pakistan = ZoneInfo("Asia/Karachi")
    assert "kl. 13" in said(status(OFFICE, winter), winter.replace(hour=1), zone=pakistan)
    assert "kl. 12" in said(status(OFFICE, summer), summer.replace(hour=1), zone=pakistan)


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ("sometimes", "always"),
        ([], "always"),
        ([{"days": "mon"}], "days, from og to"),
        ([{"days": "monday", "from": "09:00", "to": "15:00"}], "ikke en dag"),
        ([{"days": "mon", "from": "9", "to": "15:00"}], "klokkeslett"),
        ([{"days": "mon", "from": "09:00", "to": "25:00"}], "klokkeslett"),
        ([{"days": "mon", "from": 540, "to": "15:00"}], "klokkeslett"),
        ([{"days": "mon", "from": "09:00", "to": "15:00", "holidays": "closed"}], "ikke noe annet"),
        ([{"unsure_in": ["påske"]}], "unsure_in"),
        (["mon 9-15"], "days, from og to"),
    ],
)
def test_hours_that_cannot_be_read_say_what_is_wrong(given_: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(given_)


def test_holidays_are_norways() -> None:
    assert holiday(moment("2026-05-17T00:00").date())
    assert holiday(moment("2026-12-25T00:00").date())
    assert holiday(moment("2026-12-24T00:00").date()) is None
    assert holiday_eve(moment("2026-04-04T00:00").date()) == "påskeaften"
    assert HOLIDAYS == "holidays"


HOLIDAY = parse([{"days": "daily", "from": "14:00", "to": "22:00"}, {"unsure_in": ["jul"], "from": "16:00", "to": "22:00"}])  # fmt: skip


@pytest.mark.parametrize(
    ("at", "open_"),
    [("2026-12-24T12:00", False), ("2026-12-24T15:00", None), ("2026-12-24T17:00", True), ("2026-12-10T15:00", True)],
)
def test_in_a_season_with_hours_of_its_own_those_are_sure_and_the_others_are_not(at: str, open_: bool | None) -> None:
    assert status(HOLIDAY, moment(at)).open is open_


def test_the_next_opening_in_such_a_season_is_told() -> None:
    now = status(HOLIDAY, moment("2026-12-24T12:00"))
    assert now.opens == moment("2026-12-24T16:00")
    assert now.why == "i juleferien kl. 16–22"
