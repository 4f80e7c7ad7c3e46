from __future__ import annotations

from datetime import date

import pytest

from bot.language.ages import Age, find_ages

TODAY = date(2026, 5, 6)


def _years(text: str) -> list[int]:
    return [age.years for age in find_ages(text, TODAY)]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("15", [15]),
        ("femten", [15]),
        ("e 15 å bor i bærgen", [15]),
        ("15år trenger hjelp", [15]),
        ("jeg er atten og et halvt", [18]),
        ("hvis jeg har fylt 16", [16]),
        ("jente 17", [17]),
        ("gutt og 16", [16]),
        ("en elev på 14 har ikke kommet", [14]),
        ("barna mine på 3 å 5", [3, 5]),
        ("to jenter, 11 og 13", [11, 13]),
        ("Gift, 27, bor med svigerforeldrene", [27]),
        ("klienten (21) ble presset", [21]),
        ("en 14-åring", [14]),
        ("femtenåringen", [15]),
        ("i 20-årene", [20]),
        ("elev i niende", [14]),
        ("går i 8. klasse", [13]),
        ("går på første vgs", [16]),
        ("vg2", [17]),
        ("f. 2009", [16]),
        ("femtito år gammel", [52]),
        ("I'm 16", [16]),
        ("broren min 15 er i Hargeisa", [15]),
        ("a boy of about 14", [14]),
        ("a 14 year old girl", [14]),
    ],
)
def test_ages_are_found(text: str, years: list[int]) -> None:
    assert _years(text) == years


@pytest.mark.parametrize(
    "text",
    [
        "i 15 år har jeg laget mat",
        "for 3 år siden",
        "klokka 15",
        "kl 15",
        "15. mai",
        "15/6",
        "koster 15 kr",
        "15 000 kroner",
        "ring 40 05 15 16",
        "§ 15",
        "rom 15",
        "det er 20 grader",
        "fikk han 3 år",
        "aldersgrensen er 18 år",
        "jeg er over 18",
        "når man er under 18",
        "bodd her 2 år",
        "jeg har 15 minutter",
        "har 12 søskenbarn",
        "uke 34",
        "vi er sytten år sammen",
        "18-årskrav",
        "vg1-oppgave",
        "10.30",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert _years(text) == []


def test_a_birthday_to_come_is_told_from_an_age() -> None:
    assert find_ages("jeg er snart 16", TODAY) == [Age(15, 13, 15, turning=16, whose="self")]
    assert find_ages("fyller 18 i august", TODAY)[0].turning == 18


def test_an_age_that_was_is_told_from_one_that_is() -> None:
    (age,) = find_ages("da jeg var tolv", TODAY)
    assert (age.years, age.past) == (12, True)


@pytest.mark.parametrize("text", ["går i tiende", "født 2009", "i 20-årene"])
def test_what_is_worked_out_is_approximate(text: str) -> None:
    assert find_ages(text, TODAY)[0].approximate


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("jeg er 15", "self"),
        ("søstera mi er 15", "søster"),
        ("hun er 15", "other"),
        ("jeg har en elev på 15", "elev"),
        ("15", None),
        ("Far slår. 15 år", None),
    ],
)
def test_whose_age_it_is(text: str, whose: str | None) -> None:
    assert find_ages(text, TODAY)[0].whose == whose
