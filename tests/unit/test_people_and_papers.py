from __future__ import annotations

import pytest

from bot.language.nationalities import find_nationalities
from bot.language.relations import find_documents, find_relations


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("mamma og pappa", ["mor", "far"]),
        ("hooyo og abo har bestemt det", ["mor", "far"]),
        ("dayı henter meg", ["onkel"]),
        ("svigermora mi", ["svigermor"]),
        ("mannen min", ["ektemann"]),
        ("typen min", ["kjæreste"]),
        ("den typen ting", []),
        ("barna mine", ["barn"]),
        ("barn i Norge", []),
        ("i morra", []),
        ("familie-ferie", []),
    ],
)
def test_relations(text: str, values: list[str]) -> None:
    assert [mention.value for mention in find_relations(text)] == values


def test_a_man_without_an_owner_is_only_likely() -> None:
    assert find_relations("mannen tok alt")[0].confidence < 1


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("de tok passet mitt", ["passport"]),
        ("uten pass", ["passport"]),
        ("pass på deg selv", []),
        ("pass deg", []),
        ("det passer bra", []),
        ("id kort og bankkort", ["id_card", "bank_card"]),
        ("nødpass", ["emergency_passport"]),
        ("tlf min", ["phone"]),
        ("tlf til krisesenteret", []),
        ("telefonnummeret", []),
        ("oppholdskortet", ["residence_card"]),
    ],
)
def test_documents(text: str, values: list[str]) -> None:
    assert [mention.value for mention in find_documents(text)] == values


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("en somalisk jente", [("SO",)]),
        ("hun er pakistaner", [("PK",)]),
        ("svenskene", [("SE",)]),
        ("norsk-irakisk", [("NO", "IQ")]),
        ("norskpakistansk gutt", [("NO", "PK")]),
        ("kjæresten er kurder", [("IQ", "TR", "IR", "SY")]),
        ("norske statsborgere", [("NO",)]),
        ("jeg lærer norsk og engelsk", []),
        ("snakker somali eller arabisk", []),
        ("svar på tyrkisk", []),
        ("tyrkisk pepper", []),
    ],
)
def test_nationalities(text: str, codes: list[tuple[str, ...]]) -> None:
    assert [mention.codes for mention in find_nationalities(text)] == codes
