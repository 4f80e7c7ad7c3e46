from __future__ import annotations

from pathlib import Path

import pytest

from bot.bootstrap import Library
from bot.errors import KnowledgeError
from bot.knowledge.canned import LANGUAGES, findings, read_canned
from tests.conftest import ROOT

KNOWLEDGE = ROOT / "knowledge"


def test_each_stands_in_every_language_with_every_detail_filled_in(shelf: Library) -> None:
    canned = read_canned(KNOWLEDGE, shelf.directory.details())
    assert len(canned) >= 10
    for one in canned:
        assert tuple(one.texts) == LANGUAGES
        assert not [text for text in one.texts.values() if "{" in text]
        assert len(set(one.texts.values())) == len(LANGUAGES)


def test_those_that_are_there_are_in_order(shelf: Library) -> None:
    assert list(findings(KNOWLEDGE, shelf.directory.details())) == []


def _written(folder: Path, text: str) -> Path:
    (folder / "canned.yml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 22 33 44 55.", "skrevet for hånd"),
        ("Ring 112.", "skrevet for hånd"),
        ("Jeg lover at det går bra.", "løfte"),
        ("Ring {ingen.phone}.", "ingen.phone"),
        ("Ring {politi_nod.faks}.", "politi_nod.faks"),
        ("Skriv «slutt» når du vil 😀", "GSM-7"),
        ("Ta den tiden du trenger. " * 20, "SMS-deler"),
        ("Bekymringsmeldingsmottakere tilrettelegger forebyggingstiltak overfor familievoldsutsatte ungdommer.", "LIX"),
    ],
)
def test_what_an_editor_gets_wrong_is_said(shelf: Library, tmp_path: Path, text: str, found: str) -> None:
    root = _written(tmp_path, f'- id: en\n  title: En\n  nb: "{text}"\n')
    [said] = findings(root, shelf.directory.details())
    assert said.startswith("en, nb: ")
    assert found in said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- id: a\n  title: A\n  nb: Hei.\n- id: a\n  title: B\n  nb: Hei.\n", "to ganger"),
        ("- id: a\n  title: A\n  nn: Hei.\n", "mangler nb"),
        ("- id: a\n  nb: Hei.\n", "title"),
        ("- id: a\n  title: A\n  nb: 12\n", "som tekst"),
        ("- id: a\n  title: A\n  nb: Hei.\n  text: Hei.\n", "ukjente felt: text"),
        ("hei\n", "liste"),
    ],
)
def test_a_file_of_the_wrong_shape_is_said(shelf: Library, tmp_path: Path, text: str, found: str) -> None:
    assert any(found in said for said in findings(_written(tmp_path, text), shelf.directory.details()))


def test_a_contact_that_is_gone_is_an_error_of_the_file(shelf: Library, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"canned\.yml"):
        read_canned(_written(tmp_path, "- id: a\n  title: A\n  nb: Ring {ingen.phone}.\n"), shelf.directory.details())
