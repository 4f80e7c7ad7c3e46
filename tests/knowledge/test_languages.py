from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.bootstrap import Library
from bot.gateway.openapi import REPLY
from bot.knowledge.languages import NEEDED, SPOKEN, OtherLanguages, findings
from bot.language import gsm7
from bot.language.detect import detect


@pytest.fixture(scope="module")
def languages(shelf: Library) -> OtherLanguages:
    return shelf.knowledge.languages


def test_languages_are_in_order(shelf: Library, languages: OtherLanguages) -> None:
    assert list(findings(languages, shelf.directory.details())) == []
    assert set(languages.by_code) >= set(NEEDED)
    assert set(SPOKEN) <= set(REPLY["properties"]["language"]["enum"])


@pytest.mark.parametrize("code", NEEDED)
def test_each_language_is_written_in_itself_and_fits_three_messages(
    shelf: Library, languages: OtherLanguages, code: str
) -> None:
    details, language = shelf.directory.details(), languages.by_code[code]
    for sms in (False, True):
        spoken = language.spoken(details, sms=sms)
        assert detect(spoken).code == code
        for number in ("112", "800 40 008", "116 111", "+47 23 95 00 00"):
            assert number in spoken
    assert gsm7.parts(language.spoken(details, sms=True)) <= 3
    assert language.contacts() == ["politi_nod", "stottesenter", "vo_linjen", "alarmtelefonen", "udops"]


def test_the_first_line_is_the_emergency_number(shelf: Library, languages: OtherLanguages) -> None:
    for language in languages.by_code.values():
        assert "112" in language.spoken(shelf.directory.details()).splitlines()[0]


def test_nothing_is_said_to_be_approved(languages: OtherLanguages) -> None:
    assert {language.status for language in languages.by_code.values()} == {"written"}


def test_a_number_keeps_its_order_where_lines_run_from_right_to_left(shelf: Library, languages: OtherLanguages) -> None:
    assert "\u200e+47 23 95 00 00\u200e" in languages.by_code["ar"].spoken(shelf.directory.details())
    assert "\u200e" not in languages.by_code["tr"].spoken(shelf.directory.details())


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"text": "Call 22 33 44 55. {politi_nod.phone}"}, "tallet 22"),
        ({"text": "Open 08.00–20.00. {stottesenter.phone}"}, "klokkeslettet 08.00–20.00"),
        ({"text": "{nobody.phone}"}, "kontakten har ikke nobody.phone"),
        ({"text": "{politi_nod.phone}"}, "ikke de samme numrene"),
        ({"sms": "{politi_nod.phone} " + "ord " * 120}, "SMS-en tar 4 deler"),
        ({"status": "perfect"}, "«status»"),
        ({"direction": "up"}, "«direction»"),
        ({"code": "xx"}, "koden"),
    ],
)
def test_findings_say_what_is_wrong(
    shelf: Library, languages: OtherLanguages, change: dict[str, Any], finding: str
) -> None:
    wrong = replace(languages, by_code={**languages.by_code, "en": replace(languages.by_code["en"], **change)})
    assert any(finding in text for text in findings(wrong, shelf.directory.details()))


def test_findings_miss_a_language(shelf: Library, languages: OtherLanguages) -> None:
    fewer = replace(languages, by_code={code: text for code, text in languages.by_code.items() if code != "so"})
    assert "språket «so» mangler" in list(findings(fewer, shelf.directory.details()))


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("kan jeg skrive på somali?", "so"),
        ("Kan du svare på tyrkisk", "tr"),
        ("snakker dere farsi", "fa"),
        ("do you speak english", "en"),
        ("har dere kurdisk", "ku"),
        ("har dere samisk", None),
        ("bytt til bokmål og nynorsk", None),
    ],
)
def test_named_finds_the_language_that_is_asked_for(languages: OtherLanguages, asked: str, code: str | None) -> None:
    found = languages.named(asked)
    assert (found.code if found else None) == code


def test_another_language_is_answered_in_english(languages: OtherLanguages) -> None:
    found = languages.answer_in("fr")
    assert found is not None
    assert found.code == "en"


def test_which_names_every_language(languages: OtherLanguages) -> None:
    assert all(language.norwegian in languages.which() for language in languages.by_code.values())
