"""Search, measured on questions written from the topics' lines alone, by other hands than the articles."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest

from bot.bootstrap import Library
from bot.knowledge.check import unreachable
from bot.knowledge.report import as_html, as_text, lines
from bot.knowledge.search import COUNTRY, LAW, SERVICE, TABLE, Search
from bot.language.words import Synonyms, compound_parts, lemmas
from tests.conftest import ROOT

QUESTIONS = [
    json.loads(line)
    for line in (ROOT / "tests" / "data" / "search_questions.jsonl").read_text("utf-8").splitlines()
    if line.strip()
]


def test_the_right_article_comes_first_or_among_the_first_three(shelf: Library) -> None:
    first = third = 0
    for question in QUESTIONS:
        hits = [hit.id for hit in shelf.search.find(question["q"], 3)]
        right = {question["topic"], *question.get("also", [])}
        first += bool(hits) and hits[0] in right
        third += bool(right & set(hits))
    assert len(QUESTIONS) >= 300
    assert first / len(QUESTIONS) >= 0.85
    assert third / len(QUESTIONS) >= 0.95


def test_search_is_fast(shelf: Library) -> None:
    shelf.search.find("pass")  # what is built at the first question is not counted
    # Processor time, since the machine that runs the tests is shared.
    started = time.process_time()
    for question in QUESTIONS:
        shelf.search.find(question["q"])
    assert len(QUESTIONS) / (time.process_time() - started) > 150


@pytest.mark.parametrize("query", ["", "   ", "xyzzyqq", "?!", "😀", "a" * 5000, "pass " * 2000])
def test_odd_queries_are_answered(shelf: Library, query: str) -> None:
    assert len(shelf.search.find(query)) <= 5


def test_every_article_is_found_by_its_own_questions(shelf: Library) -> None:
    assert [str(finding) for finding in unreachable(shelf.knowledge, Search(shelf.knowledge))] == []


@pytest.mark.parametrize(
    ("query", "kind", "identifier"),
    [
        ("utreiseforbud akutt", LAW, "bvl_4_6"),
        ("minoritetsrådgiver", SERVICE, "mangfoldsradgivere"),
        ("somalia", COUNTRY, "SO"),
        ("økning i antall saker hos hver tjeneste", TABLE, "saker_per_ar"),
    ],
)
def test_staff_find_more_than_articles(shelf: Library, query: str, kind: str, identifier: str) -> None:
    everything = Search(shelf.knowledge, kinds=(LAW, SERVICE, COUNTRY, TABLE))
    assert (kind, identifier) in [(hit.kind, hit.id) for hit in everything.find(query, 8)]


def test_lemmas_leave_stop_words_out() -> None:
    assert lemmas("Hvilke ambassader er det i landene?") == ["ambassade", "land"]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("utreiseforbud", ("utreise", "forbud")),
        ("barnevernsvakt", ("barnevern", "vakt")),
        ("ambassade", ()),
        ("pass", ()),
    ],
)
def test_compound_parts(word: str, parts: tuple[str, ...]) -> None:
    assert compound_parts(word, frozenset({"utreise", "forbud", "barnevern", "vakt"})) == parts


def test_synonyms_read_words_and_phrases_as_the_first_of_their_group() -> None:
    synonyms = Synonyms([["tvangsekteskap", "gifte bort", "bortgiftet"]])
    assert "tvangsekteskap" in synonyms.tokens("de vil gifte bort meg")
    assert "tvangsekteskap" in synonyms.tokens("bortgiftet")


def test_the_report_says_what_stands(shelf: Library) -> None:
    table = lines(shelf.knowledge, shelf.directory.details(), date(2026, 11, 21))
    text = as_text(table)
    assert "utland.pass_tatt" in text
    assert f"{len(table)} svar, 0 godkjent av en fagperson" in text
    page = as_html(table, [], shelf.knowledge.root, date(2026, 11, 21))
    assert page.count("<tr>") == len(table) + 1
    late = lines(shelf.knowledge, shelf.directory.details(), date(2040, 1, 1))
    assert all(line.stale for line in late)
