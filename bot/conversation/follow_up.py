"""A short message that changes what the last answer rested on: «og hvis jeg er 17?», «hva med søsteren min da»."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.answers import Answers
from bot.conversation.hearing import Hearing
from bot.conversation.memory import changed
from bot.conversation.social import Outcome
from bot.conversation.understood import in_words
from bot.conversation.voice import where
from bot.knowledge.model import Section

_ABOUT_ME = {"utland": "utland.frykt_for_reise", "tvang": "tvang.frykt", "fag": "utland.frykt_for_reise"}
_ABOUT_OTHERS = {"utland": "utland.bekymret_for_noen", "tvang": "tvang.bekymret_for_noen"}


def follow_up(hearing: Hearing, answers: Answers) -> Outcome | None:
    """The last topic again, for what is known now; None where there was none."""
    if not hearing.before.told:
        return None
    memory, told = hearing.memory, changed(hearing.before, hearing.memory)
    last = hearing.before.told[-1]
    other = "about" in told and memory.about is not None
    topic = last
    if "about" in told:
        group = "tvang" if "wedding" in memory.when else last.partition(".")[0]
        topic = (_ABOUT_OTHERS if other else _ABOUT_ME).get(group, last)
    section = Section.CHOICE if {"ages", "age", "their_age"} & set(told) and not other else Section.SHORT
    if section is Section.CHOICE and memory.about:
        section = Section.STEPS  # what one decides oneself is told to the one whose age it is
    if not answers.part(topic, section):
        section = Section.STEPS if answers.part(topic, Section.STEPS) else Section.SHORT
    situation = replace(hearing.calm, topic=topic, section=section, others=(), told=())
    draft = answers.answer(situation)
    if draft is None:
        return None
    opening, contacts = answers.opening(situation)
    known = "; ".join(in_words(memory, answers.country_name))
    name = "understood.if" if hearing.supposed else "understood.now"
    said = [f"{answers.talk.text(name)} {known}."] if known else []
    body = draft.texts if section is not Section.SHORT else [answers.part(topic, section, titled=False)]
    if "countries" in told and not other:
        there = answers.of_countries(memory.countries)
        if there.texts:
            body = there.texts
            draft.sources += [source for source in there.sources if source not in draft.sources]
            contacts += there.contacts
    elif told == ["call"] and memory.facts.get("call") == "no":
        kind = where(hearing)
        body = [answers.talk.text(f"call.no.{kind}")]
        contacts += answers.talk.get(f"call.contacts.{kind}")
    draft.texts = [*opening, *said, *body]
    if not other and {"ages", "age", "their_age"} & set(told):
        lines, ids = answers.best_lines(situation)
        if lines:
            # By SMS what comes last may have to be asked for.
            draft.texts.insert(len(draft.texts) - len(body) if answers.brief else len(draft.texts), lines)
            contacts += ids
    draft.contacts = list(dict.fromkeys([*contacts, *draft.contacts]))
    # What was only supposed is not remembered as said.
    return Outcome(draft, replace(memory, ages=hearing.before.ages) if hearing.supposed else memory)
