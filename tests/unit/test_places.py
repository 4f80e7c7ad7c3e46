from __future__ import annotations

from collections import Counter

import pytest

from bot.language.places import county, find_places, municipality, place, places

# Municipalities in each county since 1 January 2024.
PER_COUNTY = {
    "03": 1,
    "11": 23,
    "15": 27,
    "18": 41,
    "31": 12,
    "32": 21,
    "33": 18,
    "34": 46,
    "39": 6,
    "40": 17,
    "42": 25,
    "46": 43,
    "50": 38,
    "55": 21,
    "56": 18,
}


def test_the_list_has_every_municipality_and_county_of_today() -> None:
    kinds = Counter(item.kind for item in places())
    assert (kinds["municipality"], kinds["county"]) == (357, 15)
    codes = [item.code for item in places() if item.kind == "municipality"]
    assert len(set(codes)) == 357
    assert Counter(code[:2] for code in codes) == PER_COUNTY
    assert {item.code for item in places() if item.kind == "county"} == set(PER_COUNTY)


def test_everything_else_lies_in_them() -> None:
    for item in places():
        assert all(municipality(code) or code == "2100" for code in item.municipalities), item
        assert all(county(code) or code == "21" for code in item.counties), item
        assert item.counties, item


@pytest.mark.parametrize(
    ("name", "municipalities", "counties"),
    [
        ("Holmlia", ("0301",), ("03",)),
        ("skedsmo", ("3205",), ("32",)),
        ("Kautokeino", ("5612",), ("56",)),
        ("Sør-Trøndelag", (), ("50",)),
        ("Viken", (), ("31", "32", "33")),
        ("Atlantis", None, None),
    ],
)
def test_place_by_its_name(name: str, municipalities: tuple[str, ...] | None, counties: tuple[str, ...] | None) -> None:
    found = place(name)
    assert [(item.municipalities, item.counties) for item in found] == (
        [(municipalities, counties)] if counties else []
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("jeg bor i bærgen", ["Bergen"]),
        ("e fra trondhjæm, bor på saupstad", ["Trondheim", "Saupstad"]),
        ("Oslos beste", ["Oslo"]),
        ("krisesenter i stavanegr", ["Stavanger"]),
        ("han går på ski i sola", []),
        ("jeg bor i ski", ["Ski"]),
        ("det er haram", []),
        ("jeg har en time hos lege", []),
        ("Kari Lund ringte", []),
        ("Kari Lund fra Lund", ["Lund"]),
        ("Troms og Finnmark politidistrikt", ["Troms og Finnmark"]),
        ("i aalesund", ["Ålesund"]),
        ("mo i rana", ["Mo i Rana"]),
        ("fra osloooo", ["Oslo"]),
        ("jeg vil heim", []),
    ],
)
def test_find_places(text: str, names: list[str]) -> None:
    assert [mention.places[0].name for mention in find_places(text)] == names


def test_several_places_of_one_name_are_all_given() -> None:
    (mention,) = find_places("jeg bor på Herøy")
    assert [item.code for item in mention.places] == ["1515", "1818"]


def test_a_misspelling_is_less_sure_and_points_into_the_text() -> None:
    text = "bor i stavanegr nå"
    (mention,) = find_places(text)
    assert text[mention.start : mention.end] == "stavanegr"
    assert mention.confidence < 1
