"""Look-ups as staff type them. The questions were written before the look-up was tuned on them."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.bootstrap import Library
from bot.directory.contacts import Directory
from bot.directory.lookup import Found, Lookup
from bot.directory.model import EMERGENCY
from bot.directory.narrowing import Fields, narrowed
from tests.conftest import ROOT
from tests.directory.conftest import DAY, moment

QUESTIONS = [
    json.loads(line) for line in (ROOT / "tests" / "data" / "lookup_questions.jsonl").read_text("utf-8").splitlines()
]


def _ids(found: Found) -> list[str]:
    return [match.contact.id for match in found.matches]


def _said(found: Found) -> str:
    told = [" ".join([match.hours, match.phone or "", *match.why]) for match in found.matches]
    return " ".join([*found.notes, found.question, *told])


def test_there_are_questions_enough() -> None:
    assert len(QUESTIONS) >= 120
    assert len({question["q"] for question in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["q"])
def test_a_question_is_answered_well(lookup: Lookup, question: dict[str, Any]) -> None:
    found = lookup.ask(question["q"], moment(question.get("at", DAY)))
    ids, said = _ids(found), _said(found)
    assert set(question["expect"]) <= set(ids[: question.get("first", 3)])
    assert ids[0] in question.get("top", ids)
    assert not set(question.get("absent", ())) & set(ids)
    for told in question.get("says", ()):
        assert any(way in said for way in told.split("|")), told


ACUTE = ["han slår meg nå", "det er akutt, mannen min truer meg med kniv", "jeg er låst inne", "på gardermoen nå og vil ikke reise"]  # fmt: skip


@pytest.mark.parametrize("text", [*ACUTE, "alarmtelefonen, han slår meg nå", "anonym chat, jeg blør"])
def test_an_acute_need_puts_the_emergency_number_first(lookup: Lookup, text: str) -> None:
    assert lookup.ask(text, moment(DAY)).matches[0].contact.kind == EMERGENCY


@pytest.mark.parametrize("text", ACUTE[:3])
@pytest.mark.parametrize("where", ["i pakistan", "i somalia", "i spania", "i utlandet"])
def test_abroad_the_emergency_number_comes_first_with_what_it_reaches_and_then_the_one_that_works(
    lookup: Lookup, text: str, where: str
) -> None:
    first, second = lookup.ask(f"{text} {where}", moment(DAY)).matches[:2]
    assert first.contact.kind == EMERGENCY
    assert "lokale nødetater" in " ".join(first.why)
    assert second.contact.id == "udops"
    assert second.phone == "+47 23 95 00 00"


@pytest.mark.parametrize("code", ["PK", "SO", "SE", "TR", "US"])
def test_abroad_no_number_that_only_works_in_norway_is_given_without_saying_so(
    lookup: Lookup, shelf: Library, code: str
) -> None:
    for door in lookup.doors:
        need = replace(lookup.read("", moment(DAY)), wanted=(door,), country=code, abroad=True)
        for match in lookup.find(need, 20).matches:
            if match.phone and not match.phone.startswith("+"):
                said = " ".join(match.why)
                assert "bare i Norge" in said or "+47" in said or "lokale nødetater" in said, match.contact.id


@pytest.mark.parametrize("state", ["closed", "held_back"])
def test_what_is_not_shown_is_never_found(lookup: Lookup, shelf: Library, state: str) -> None:
    hidden = [contact for contact in shelf.directory.everything.values() if contact.state == state]
    assert hidden
    for contact in hidden:
        for query in (contact.name, contact.spoken_name, contact.id, contact.phone or "", contact.url or ""):
            assert contact.id not in _ids(lookup.ask(query, moment(DAY)))


def test_every_contact_is_found_by_its_name(lookup: Lookup, shelf: Library) -> None:
    missed = [
        contact.id
        for contact in shelf.directory.contacts.values()
        if contact.id not in _ids(lookup.ask(contact.spoken_name, moment(DAY)))[:3]
    ]
    assert missed == []


def test_every_contact_is_found_by_its_number(lookup: Lookup, shelf: Library) -> None:
    for contact in shelf.directory.contacts.values():
        if contact.phone:
            assert contact.id in _ids(lookup.ask(contact.phone, moment(DAY))), contact.id


@pytest.mark.parametrize(
    "query",
    ["", "   ", "?", "😀", "a" * 5000, "krisesenter " * 400, "i i i på på", "\x00\ud800", "0", "er 999 år", "kl 99"],
)
def test_odd_queries_are_answered(lookup: Lookup, query: str) -> None:
    assert lookup.ask(query, moment(DAY)).matches


@pytest.mark.parametrize(
    ("query", "asks"),
    [
        ("krisesenter i blåfjella", "Hvilken kommune gjelder det?"),
        ("barnevernvakt i Narnia", "Hvilken kommune gjelder det?"),
        ("norsk ambassade i Wakanda", "Hvilket land gjelder det?"),
        ("krisesenter i våler", "Mener du Våler i Innlandet eller Våler i Østfold?"),
    ],
)
def test_a_place_that_is_not_known_is_asked_about(lookup: Lookup, query: str, asks: str) -> None:
    found = lookup.ask(query, moment(DAY))
    assert set(found.question.removeprefix("Mener du ").removesuffix("?").split(" eller ")) == set(
        asks.removeprefix("Mener du ").removesuffix("?").split(" eller ")
    )
    assert found.matches


@pytest.mark.parametrize("query", ["krisesenter i natt", "krisesenter for kvinner", "lege på kvelden", "advokat i nærheten", "overgrepsmottak i helga"])  # fmt: skip
def test_what_is_no_place_is_not_asked_about(lookup: Lookup, query: str) -> None:
    assert lookup.ask(query, moment(DAY)).question == ""


def test_without_a_local_entry_the_national_door_is_given_and_it_is_said(lookup: Lookup) -> None:
    for place in ("Alta", "Bodø", "Kautokeino", "Haugesund"):
        found = lookup.ask(f"krisesenter {place}", moment(DAY))
        assert found.matches[0].contact.covers.national
        assert f"ingen lokal oppføring for krisesenter i {place}" in " ".join(found.notes)


@pytest.mark.parametrize("query", ["hjelp", "jeg er redd", "112 i utlandet", "oslo", "jeg er 15", "skilsmisse", "SMS"])
def test_what_says_something_is_not_said_to_be_nothing(lookup: Lookup, query: str) -> None:
    assert not any("forsto ikke" in note for note in lookup.ask(query, moment(DAY)).notes)


@pytest.mark.parametrize("query", ["", "krisesenter katten", "krisesenter i restaurant", "lege på leir"])
def test_an_ordinary_word_is_no_place(lookup: Lookup, query: str) -> None:
    found = lookup.ask(query, moment(DAY))
    assert not any("Leste" in note or "kjenner ikke" in note for note in found.notes)


@pytest.mark.parametrize("door", [*[f"{channel} for" for channel in ("sms", "chat", "e-post", "oppmøte")]])
def test_a_list_is_never_empty(lookup: Lookup, door: str) -> None:
    for name in lookup.doors:
        for given in ({}, {"country": "SO"}, {"country": "SO", "abroad": True}, {"sex": "mann", "age": 40}, {"age": 9}):
            need = replace(lookup.read(door, moment(DAY)), wanted=(name,), **given)
            assert lookup.find(need).matches, (name, given)


@pytest.mark.parametrize(
    "query",
    [
        "statistikk over drap i nære relasjoner",
        "hva er straffen for trusler",
        "hvem kan jeg snakke med nå om vold",
        "selvmordstanker hvem er åpen nå",
        "krisesenter åpent nå",
        "far slo meg før, hvem kan jeg ringe nå",
        "mangfoldsrådgiver åpent nå",
        "besøksforbud mot eksmannen",
    ],
)
def test_what_is_no_danger_now_gives_no_emergency_number_first(lookup: Lookup, query: str) -> None:
    assert lookup.ask(query, moment(DAY)).matches[0].contact.kind != EMERGENCY


def test_a_field_counts_as_something_said(lookup: Lookup) -> None:
    for given in (Fields(open_now=True), Fields(sex="mann"), Fields(place="Oslo")):
        need = narrowed(lookup.read("", moment(DAY)), given, lookup.countries)
        assert not any("forsto ikke" in note for note in lookup.find(need).notes)


def test_it_says_why(lookup: Lookup) -> None:
    why = lookup.ask("krisesenter oslo", moment(DAY)).matches[0].why
    assert "dekker Oslo" in why
    assert "døgnåpent" in why
    somali = lookup.ask("hjelp på somali", moment(DAY))
    assert "har flere språk, spør om somali" in somali.matches[0].why
    assert "Ingen i lista oppgir somali som eget språk" in " ".join(somali.notes)


def test_a_contact_that_speaks_the_language_is_told_so(lookup: Lookup, shelf: Library) -> None:
    speaks = replace(shelf.directory.contacts["seif"], speaks=("so",))
    directory = Directory({**shelf.directory.contacts, "seif": speaks}, shelf.directory.everything)
    own = Lookup(directory, lookup.doors, lookup.countries)
    found = own.ask("hjelp på somali", moment(DAY))
    assert found.matches[0].contact.id == "seif"
    assert "har somali" in found.matches[0].why
    assert not any("Ingen i lista" in note for note in found.notes)


def test_a_look_up_is_fast(lookup: Lookup) -> None:
    asked = [question["q"] for question in QUESTIONS] * 3
    taken = []
    for text in asked:
        started = time.process_time()
        lookup.ask(text, moment(DAY))
        taken.append(time.process_time() - started)
    taken.sort()
    # 300 a second and 10 ms are asked for on one core; this machine's own time is counted, since it is shared.
    assert len(taken) / sum(taken) > 300
    assert taken[int(0.95 * len(taken))] < 0.010
