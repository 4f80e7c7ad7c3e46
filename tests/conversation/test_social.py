"""Small talk and other moves, without a model: the words, what they lower, and what they never say."""

from __future__ import annotations

import itertools
import re

import pytest

from bot.bootstrap import House, Library
from bot.conversation.draft import Situation
from bot.conversation.hearing import Hearing
from bot.conversation.memory import Heard, Memory
from bot.conversation.message import Message
from bot.conversation.social import Outcome, social
from bot.conversation.talk import strings


def _say(shelf: Library, text: str, memory: Memory, kept: str = "none", topic: str = "bot.kort_svar") -> Outcome:
    asked = Situation(topic=topic, urgency=kept, kept=kept, told=memory.told)
    return social(Hearing(Heard(text, topic), memory, memory, asked), shelf.answers)


@pytest.mark.parametrize("text", ["jeg tuller bare", "det var ikke meg, det var en film"])
def test_a_joke_lowers_what_no_rule_heard_and_says_the_numbers_once(shelf: Library, text: str) -> None:
    outcome = _say(shelf, text, Memory(), "urgent")
    assert outcome.lowers
    assert outcome.draft.urgency == "none"
    assert "112" in outcome.draft.texts[-1]
    assert {"politi_nod", "alarmtelefonen"} <= set(outcome.draft.contacts)


@pytest.mark.parametrize("text", ["jeg tuller bare", "det var ikke meg, det var en film"])
def test_a_joke_lowers_no_violence_before_they_say_that_they_are_safe(shelf: Library, text: str) -> None:
    outcome = _say(shelf, text, Memory(facts={"danger": "grave"}), "urgent")
    assert not outcome.lowers
    assert outcome.draft.urgency == "urgent"
    assert "112" in outcome.draft.texts[0]
    assert outcome.draft.texts[-1].endswith("trygg nå?")
    again = _say(shelf, text, outcome.memory, "urgent")
    assert not again.lowers
    assert again.draft.texts != outcome.draft.texts


@pytest.mark.parametrize("text", ["jeg tuller bare", "det er ikke akutt", "nei, det er over nå"])
def test_other_danger_comes_down_when_they_say_so_and_the_number_is_said(shelf: Library, text: str) -> None:
    outcome = _say(shelf, text, Memory(facts={"danger": "yes"}), "acute")
    assert outcome.lowers
    assert (outcome.draft.urgency, outcome.draft.kept) == ("none", "none")
    assert "112" in " ".join(outcome.draft.texts)
    assert "danger" not in outcome.memory.facts


@pytest.mark.parametrize(
    "text",
    [
        "...",
        "jævla robot",
        "du hjelper meg ikke",
        "ikke si det til noen",
        "jeg angrer på at jeg skrev",
        "send nudes",
        "test",
        "[bilde]",
        "jeg er redd",
        "hjelp",
        "hvem er dette?",
        "jeg tuller bare",
    ],
)
def test_the_same_move_has_other_words_the_second_time(shelf: Library, text: str) -> None:
    first = _say(shelf, text, Memory())
    second = _say(shelf, text, first.memory)
    assert first.draft.texts != second.draft.texts


@pytest.mark.parametrize("text", ["kortere", "enklere", "på en annen måte", "mer"])
def test_an_answer_can_be_asked_for_otherwise_until_there_is_no_more(shelf: Library, text: str) -> None:
    memory = Memory(told=("hjelp.krisesenter",))
    said: list[str] = []
    for _ in range(6):
        outcome = _say(shelf, text, memory)
        said.append(outcome.draft.texts[-1])
        memory = outcome.memory
    assert said[0] != said[1]
    assert all(one != other for one, other in itertools.pairwise(said))


def test_the_sources_of_an_answer_are_told(shelf: Library) -> None:
    outcome = _say(shelf, "har dere noen kilde på det?", Memory(told=("rett.avvergingsplikt",)))
    assert "Straffeloven" in outcome.draft.texts[-1]
    assert outcome.draft.sources


def test_nothing_is_promised_felt_or_preached(shelf: Library) -> None:
    spoken = " ".join(strings(shelf.answers.talk.content)).lower()
    told = (
        r"jeg lover|jeg forstår hvordan|jeg føler|jeg vet hvordan du|alt blir bra|alt ordner seg|du burde|koranen|islam"
    )
    assert re.findall(told, spoken) == []


async def test_not_understood_three_times_ends_with_a_human(house: House) -> None:
    conversation, _ = await house.conversations.start("web")
    said = []
    for text in (
        "blå fjorten tjohei xyzzy kvakk",
        "xyzzy grøt plupp hei tralala ding",
        "plupp tjohei kvakk dingdong mjau",
    ):
        said.append(await house.conversations.receive(conversation, Message(text)))
    texts = [" ".join(reply.texts) for reply in said]
    assert len(set(texts)) == 3
