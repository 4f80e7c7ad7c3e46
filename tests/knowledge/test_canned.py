from __future__ import annotations

import re

import pytest

from bot.bootstrap import Library
from bot.knowledge.canned import Canned, read_canned
from bot.language import gsm7
from bot.language.readability import readability
from tests.conftest import ROOT

KNOWLEDGE = ROOT / "knowledge"
RAW = (KNOWLEDGE / "canned.yml").read_text("utf-8")


@pytest.fixture(scope="module")
def canned(shelf: Library) -> list[Canned]:
    return read_canned(KNOWLEDGE, shelf.directory.details())


def test_each_has_a_name_of_its_own_and_every_detail_filled_in(canned: list[Canned]) -> None:
    assert len({one.id for one in canned}) == len({one.title for one in canned}) == len(canned) >= 10
    assert not [one.id for one in canned if "{" in one.text]


def test_no_number_is_written_by_hand() -> None:
    assert re.findall(r"(?<!§ )\b\d{3,}\b", re.sub(r"\{[^}]*\}", "", RAW)) == []


def test_each_can_be_sent_as_one_message_on_a_telephone(canned: list[Canned]) -> None:
    for one in canned:
        text = gsm7.plain(one.text)
        assert gsm7.foreign_characters(text) == "", one.id
        assert gsm7.parts(text) <= 3, one.id


def test_each_is_easy_to_read_and_promises_nothing(canned: list[Canned]) -> None:
    for one in canned:
        assert readability(one.text).lix < 35, (one.id, readability(one.text))
        assert not re.search(r"\b(lover|garanterer|garantert|helt sikkert|alltid trygg)\b", one.text.lower()), one.id
