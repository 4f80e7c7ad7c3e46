"""Guided help: a guide and what is known give the next question that changes the help, or the result. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.conversation.memory import Heard, Memory
from bot.knowledge.guides import KNOWN, UNKNOWN, Guide, Part, Question, When
from bot.language.cleaning import fold
from bot.language.moves import yes_or_no

# A question is put twice; then the guide goes on without the answer.
_TRIES = 2
_BLANK = re.compile(r"<([a-z]+)>")
_FEW_WORDS = 6
# What the help depends on and free text tells without a choice.
_DAYS = {"travel", "wedding"}
_READ_FROM_WHAT_IS_SAID = {"country", "place", "travel", "wedding"}


def holds(when: When | None, memory: Memory) -> bool:
    """Every condition is met. ``unknown`` is met where nothing is known, ``known`` by any value that is."""
    for name, wanted in (when or {}).items():
        value = memory.fact(name)
        met = value in wanted or (KNOWN in wanted and value not in (None, UNKNOWN))
        if not met and not (UNKNOWN in wanted and value is None):
            return False
    return True


def next_question(guide: Guide, memory: Memory) -> Question | None:
    """The first question whose answer is not known and changes something; None when there is none left."""
    return next((q for q in guide.questions if memory.fact(q.fact) is None and holds(q.when, memory)), None)


def offered(guides: Iterable[Guide], topic: str, memory: Memory) -> Guide | None:
    """The guide that belongs to an answer about ``topic``, unless the person has been through it or is in it."""
    done = (*memory.spoken.get("guides", ()), memory.guide.get("name"))
    return next((guide for guide in guides if topic in guide.offered_with and guide.id not in done), None)


def begin(guide: Guide, memory: Memory) -> Memory:
    """The guide is under way, nothing asked yet."""
    assumed = {fact: value for fact, value in guide.assumes.items() if memory.fact(fact) is None}
    return replace(memory.knowing(**assumed), guide={"name": guide.id})


def asked(guide: Guide, memory: Memory) -> Question | None:
    """The question that waits for an answer."""
    return next((q for q in guide.questions if q.fact == memory.guide.get("asked")), None)


def answer(question: Question, before: Memory, after: Memory, heard: Heard) -> Memory | None:
    """``after`` with the answer, or None when the message does not answer the question.

    ``before`` and ``after``: what was known before the message and with what it names.
    """
    known = after.fact(question.fact)
    if known is not None and known != before.fact(question.fact):
        return after
    if question.fact in _DAYS and heard.named("time"):
        # «I sommer», which may be the last one or the next: said, if not as a day.
        return after.knowing(**{question.fact: "said"})
    text = fold(heard.text)
    if heard.words > 2 * _FEW_WORDS:
        return None
    for option in question.choices:
        title = option.title.casefold()
        if text.strip(" .!") == title or (option.words and re.search(option.words, text)):
            return after.knowing(**{question.fact: option.value})
    short = yes_or_no(heard.text)
    values = {option.value for option in question.choices}
    if short == UNKNOWN or (short is not None and short in values):
        return after.knowing(**{question.fact: short or UNKNOWN})
    if short == "no" and question.fact in _READ_FROM_WHAT_IS_SAID:
        return after.knowing(**{question.fact: UNKNOWN})
    return None


def ask(question: Question, memory: Memory) -> tuple[str, Memory]:
    """The question, in other words the second time, and the memory of having asked it."""
    again = memory.guide.get("asked") == question.fact
    tries = int(memory.guide.get("tries", 0)) + 1 if again else 1
    guide = {**memory.guide, "asked": question.fact, "tries": tries, "rests": False}
    return question.ask[(tries - 1) % len(question.ask)], replace(memory, guide=guide)


def give_up(question: Question, memory: Memory) -> Memory | None:
    """Leave the question open once it was put often enough; None while it may be put again."""
    if int(memory.guide.get("tries", 0)) < _TRIES:
        return None
    return memory.knowing(**{question.fact: UNKNOWN})


def rest(memory: Memory) -> Memory:
    """The guide is left, and can be taken up again."""
    return replace(memory, guide={**memory.guide, "rests": True}) if memory.guide else memory


def finish(memory: Memory, guide: Guide) -> Memory:
    """The guide is done: it is not offered again."""
    done = [*memory.spoken.get("guides", ()), guide.id]
    return replace(memory, guide={}, spoken={**memory.spoken, "guides": list(dict.fromkeys(done))})


def kept(guide: Guide, memory: Memory, spoken: Mapping[str, str], blank: str) -> dict[str, str] | None:
    """The file to keep: ``name`` and ``text``. ``spoken``: known facts in words, for the text's ``<name>``s."""
    if guide.keep is None:
        return None
    text = _BLANK.sub(lambda found: spoken.get(found.group(1)) or blank, guide.keep.text)
    return {"name": guide.keep.name, "text": text}


def result(guide: Guide, memory: Memory) -> list[Part]:
    """The parts of the result that fit what is known."""
    return [part for part in guide.result if holds(part.when, memory)]


def started_by(guides: Sequence[Guide], text: str) -> Guide | None:
    """The guide that a message asks for outright."""
    folded = fold(text)
    return next(
        (
            guide
            for guide in guides
            if folded.strip(" .!?") == guide.title.casefold() or (guide.starts and re.search(guide.starts, folded))
        ),
        None,
    )
