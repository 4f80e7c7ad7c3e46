from __future__ import annotations

import pytest

from bot.language.countries import find_countries


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("jeg er i pakistan", ["PK"]),
        ("Tyrkias ambassade i Irak", ["TR", "IQ"]),
        ("eg er i Noreg", []),
        ("er hos besta i Tyrkiet", ["TR"]),
        ("omanske pakistani", []),
        ("mogadishu eller addis abeba", ["SO", "ET"]),
        ("dem ska sende mæ te pakstan", ["PK"]),
        ("marroko", ["MA"]),
        ("hu e i somaila", ["SO"]),
        ("fra afganistan", ["AF"]),
        ("til Bangladesj", ["BD"]),
        ("in turkey", ["TR"]),
        ("drar til Danmark og Sverige", ["DK", "SE"]),
        ("JEG ER I SYRIA", ["SY"]),
        ("gruer meg til Somalia-turen", ["SO"]),
    ],
)
def test_countries_are_found_as_people_write_them(text: str, codes: list[str]) -> None:
    assert [mention.code for mention in find_countries(text)] == codes


@pytest.mark.parametrize(
    "text",
    [
        "i ran av en butikk",
        "Mali svarer ikke",
        "Jordan i klassen er snill",
        "jeg sa det til Jordan",
        "Israel heter nabogutten",
        "chad sa det",
        "drakk en cuba libre",
        "tyrkisk pepper",
        "kina-mat på fredag",
        "Niger-saken",
        "I live on an island",
        "han spiste turkey",
        "må hjem til hjemlandet",
        "oman bare kunne slippe meg ut",
        "ungan mine",
        "Statens barnehus",
        "somali tolk",
    ],
)
def test_what_only_looks_like_a_country_is_left_alone(text: str) -> None:
    assert find_countries(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sendt til Mali", "ML"),
        ("bor i Jordan", "JO"),
        ("israel eller palestina", "IL"),
        ("er Georgia et trygt land", "GE"),
        ("jordan", "JO"),
        ("fra Island", "IS"),
    ],
)
def test_names_of_people_are_countries_where_the_words_around_say_so(text: str, code: str) -> None:
    assert find_countries(text)[0].code == code


def test_a_city_is_kept_with_its_country() -> None:
    (mention,) = find_countries("de sendte henne til hargeysa")
    assert (mention.code, mention.city) == ("SO", "Hargeisa")


@pytest.mark.parametrize(
    ("text", "codes"), [("fra kurdistan", ("IQ", "TR", "IR", "SY")), ("i Kashmir", ("PK", "IN")), ("i Irak", ("IQ",))]
)
def test_a_name_that_does_not_say_which_gives_every_country(text: str, codes: tuple[str, ...]) -> None:
    assert find_countries(text)[0].codes == codes


def test_the_mention_points_into_the_text() -> None:
    mention = find_countries("nå i somalia.")[0]
    assert "nå i somalia."[mention.start : mention.end] == "somalia"


def test_a_misspelling_is_less_sure() -> None:
    assert find_countries("til eritreea")[0].confidence < 1 == find_countries("til eritrea")[0].confidence
