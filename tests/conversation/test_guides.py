"""Guided help: the next question follows from what is known, and the end is something to keep."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.bootstrap import Library
from bot.conversation import guides as steps
from bot.conversation.memory import Heard, Memory, fold_in
from bot.knowledge.guides import Guide, Keep, findings_of
from tests.conversation.test_memory import heard


def _guide(shelf: Library, name: str) -> Guide:
    return shelf.knowledge.guides[name]


def test_guides_are_the_six(shelf: Library) -> None:
    assert set(shelf.knowledge.guides) == {
        "foer_reise",
        "holdt_i_utlandet",
        "redd_for_ekteskap",
        "bekymret_for_andre",
        "har_skjedd",
        "hjelp_naer_meg",
    }


def test_guides_never_ask_what_is_known(shelf: Library) -> None:
    guide = _guide(shelf, "foer_reise")
    question = steps.next_question(guide, Memory())
    assert question is not None
    assert question.fact == "age"
    knows = Memory(ages={"self": 15}, countries=("PK",))
    question = steps.next_question(guide, knows)
    assert question is not None
    assert question.fact == "travel"


def test_guides_ask_in_other_words_and_then_go_on(shelf: Library) -> None:
    guide = _guide(shelf, "foer_reise")
    memory = steps.begin(guide, Memory())
    question = guide.questions[0]
    first, memory = steps.ask(question, memory)
    assert steps.give_up(question, memory) is None
    second, memory = steps.ask(question, memory)
    assert first != second
    given_up = steps.give_up(question, memory)
    assert given_up is not None
    assert given_up.fact("age") == "unknown"


@pytest.mark.parametrize(
    ("name", "fact", "text", "value"),
    [
        ("foer_reise", "age", "jeg er 15", "minor"),
        ("foer_reise", "age", "eldre enn 18", "adult"),
        ("foer_reise", "age", "vet ikke", "unknown"),
        ("foer_reise", "country", "Tyrkia", "TR"),
        ("foer_reise", "trusted", "ja, læreren min", "yes"),
        ("foer_reise", "trusted", "nei", "no"),
        ("holdt_i_utlandet", "call", "nei, de hører meg", "no"),
        ("holdt_i_utlandet", "papers", "onkel har tatt det", "taken"),
        ("holdt_i_utlandet", "citizen", "norsk", "norsk"),
        ("holdt_i_utlandet", "citizen", "begge deler", "to"),
        ("bekymret_for_andre", "their_age", "hun er 13", "minor"),
        ("bekymret_for_andre", "abroad", "hun er reist", "yes"),
        ("hjelp_naer_meg", "place", "drammen", "Drammen"),
        ("hjelp_naer_meg", "need", "et sted å sove", "shelter"),
    ],
)
def test_guides_take_free_text(shelf: Library, name: str, fact: str, text: str, value: str) -> None:
    guide = _guide(shelf, name)
    question = next(q for q in guide.questions if q.fact == fact)
    _, before = steps.ask(question, steps.begin(guide, Memory()))
    message = heard(text)
    answered = steps.answer(question, before, fold_in(before, message), message)
    assert answered is not None
    assert answered.fact(fact) == value


def test_guides_leave_another_question_alone(shelf: Library) -> None:
    guide = _guide(shelf, "foer_reise")
    _, before = steps.ask(guide.questions[0], steps.begin(guide, Memory()))
    message = Heard("hva koster det å gå til et krisesenter", "hjelp.krisesenter")
    assert steps.answer(guide.questions[0], before, fold_in(before, message), message) is None


@pytest.mark.parametrize("age", ["minor", "adult", "unknown"])
def test_guides_always_end_in_a_number(shelf: Library, age: str) -> None:
    for guide in shelf.knowledge.guides.values():
        known = Memory(facts={**{q.fact: "unknown" for q in guide.questions}, "age": age, "their_age": age})
        parts = steps.result(guide, known)
        assert any(part.article or part.near or re.search(r"\{\w+\.phone", part.text) for part in parts), guide.id


def test_a_travel_plan_says_first_that_it_is_safest_to_stay_and_no_plan_is_safe(shelf: Library) -> None:
    guide = _guide(shelf, "foer_reise")
    assert guide.first.startswith("Det sikreste er å ikke reise")
    assert "falsk trygghet" in guide.first
    plan = steps.kept(guide, Memory(), {"country": "Pakistan"}, "…")
    assert plan is not None
    assert "Pakistan" in plan["text"]
    assert "<" not in plan["text"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"topic": "utland.finnes_ikke"}, "finnes ikke"),
        ({"first": "Ring {finnes_ikke.phone}."}, "finnes_ikke.phone"),
        ({"sms": "a" * 400}, "SMS"),
        ({"keep": Keep("reiseplan-tvang.txt", "x")}, "nøytralt"),
    ],
)
def test_guides_that_are_wrong_are_found(shelf: Library, change: dict[str, object], told: str) -> None:
    guide = replace(_guide(shelf, "foer_reise"), **change)  # type: ignore[arg-type]
    knowledge = replace(shelf.knowledge, guides={guide.id: guide})
    assert any(told in text for _, text in findings_of(knowledge, shelf.directory.details()))
