"""What a query is read as."""

from __future__ import annotations

from typing import Any

import pytest

from bot.directory.lookup import Lookup
from tests.directory.conftest import DAY, moment


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("jeg er 15", "age", 15),
        ("eg er femten", "age", 15),
        ("gutt 17 trenger hjelp", "age", 17),
        ("en 16-åring", "age", 16),
        ("i am 19 years old", "age", 19),
        ("jeg er 3 barn", "age", None),
        ("klokka 15 ringer jeg", "age", None),
        ("de er 20 kilometer unna", "age", None),
        ("krisesenter for mann med to barn", "minor", False),
        ("chat for ungdom", "minor", True),
        ("krisesenter for menn", "sex", "mann"),
        ("jente på krisesenter", "sex", "kvinne"),
        ("mann og kvinne", "sex", None),
        ("trenger hjelp men vet ikke hvor", "sex", None),
        ("mannen min slår meg", "sex", None),
        ("slått av en mann", "sex", None),
        ("barna mine er redde", "minor", False),
        ("anonym chat", "anonymous", True),
        ("uten å si navnet mitt", "anonymous", True),
        ("gratis advokat", "free", True),
        ("sms tjeneste", "channel", "sms"),
        ("nettprat", "channel", "chat"),
        ("hjelp på somali", "language", "so"),
        ("noen som snakker arabisk", "language", "ar"),
        ("somalisk jente", "language", "so"),
        ("tyrkisk familie", "language", None),
        ("ambassade i pakistan", "country", "PK"),
        ("er i somalia", "abroad", True),
        ("sende meg til somalia", "abroad", False),
        ("kommer fra irak", "abroad", False),
        ("hvem er åpen nå", "open_now", True),
        ("krisesenter oslo", "open_now", False),
        ("akutt", "acute", "politi_nod"),
        ("ikke akutt", "acute", None),
        ("jeg har tatt masse piller", "acute", "ambulanse_nod"),
        ("på flyplassen nå", "acute", "politi_nod"),
        ("hva kan politiet gjøre på flyplassen", "acute", None),
        ("jeg er lærer", "professional", True),
        ("bekymret for en venninne", "worried", True),
    ],
)
def test_the_person_is_read_from_the_words(lookup: Lookup, text: str, field: str, value: Any) -> None:
    assert getattr(lookup.read(text, moment(DAY)), field) == value


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("klokka tre om natta", "2026-11-27T03:00"),
        ("kl 20 i kveld", "2026-11-26T20:00"),
        ("kl. 8", "2026-11-27T08:00"),
        ("kl 22:30", "2026-11-26T22:30"),
        ("klokka halv åtte om kvelden", "2026-11-26T19:30"),
        ("på søndag", "2026-11-29T12:00"),
        ("i helga", "2026-11-28T12:00"),
        ("i morgen", "2026-11-27T12:00"),
        ("på julaften", "2026-12-24T12:00"),
        ("17. mai", "2027-05-17T12:00"),
        ("midt på natta", "2026-11-27T02:00"),
        ("at 3 pm", "2026-11-26T15:00"),
        ("nå", DAY),
    ],
)
def test_the_moment_is_read_from_the_words(lookup: Lookup, text: str, at: str) -> None:
    assert lookup.read(f"hvem svarer {text}", moment(DAY)).at == moment(at)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("krisesenter i trondhjem", "Trondheim"),
        ("krisesenter bergn", "Bergen"),
        ("krisesenter groruddalen", "Groruddalen"),
        ("krisesenter i hedmark", "Hedmark"),
        ("barnevern på Løkka", "Grünerløkka"),
        ("krisesenter i Tromsoe", "Tromsø"),
    ],
)
def test_places_are_read_as_people_write_them(lookup: Lookup, text: str, place: str) -> None:
    assert lookup.read(text, moment(DAY)).places[0].name == place


@pytest.mark.parametrize(
    ("text", "country"), [("ambassade afganistan", "AF"), ("spesialutsending pakisatn", "PK"), ("er i nairobi", "KE")]
)
def test_countries_are_read_as_people_write_them(lookup: Lookup, text: str, country: str) -> None:
    assert lookup.read(text, moment(DAY)).country == country


def test_what_was_taken_for_a_misspelling_is_told(lookup: Lookup) -> None:
    assert "Leste «bergn» som Bergen." in lookup.ask("krisesenter bergn", moment(DAY)).notes
