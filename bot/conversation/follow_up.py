"""A short message that changes what the last answer rested on: «og hvis jeg er 17?», «hva med søsteren min da»."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import guides as steps
from bot.conversation.answers import Answers
from bot.conversation.draft import Draft
from bot.conversation.hearing import Hearing
from bot.conversation.memory import Memory, changed
from bot.conversation.social import Outcome
from bot.conversation.understood import in_words
from bot.conversation.voice import where
from bot.knowledge.model import Section
from bot.knowledge.render import placeholders

_ABOUT_ME = {"utland": "utland.frykt_for_reise", "tvang": "tvang.frykt", "fag": "utland.frykt_for_reise"}
_ABOUT_OTHERS = {"utland": "utland.bekymret_for_noen", "tvang": "tvang.bekymret_for_noen"}
# Once it is known when they travel, what stops a journey; once they are known to be at home, what helps there.
_BEFORE_A_JOURNEY, _AT_HOME = "utland.reise_stanses", "utland.frykt_for_reise"
_ONLY_ABROAD = {"utland.er_i_utlandet", "utland.pass_tatt", "utland.ambassade"}
_AGES = {"ages", "age", "their_age"}


def follow_up(hearing: Hearing, answers: Answers) -> Outcome | None:
    """The last topic again, for what is known now; None where there was none."""
    if not hearing.before.told:
        return None
    memory, told = hearing.memory, changed(hearing.before, hearing.memory)
    other = "about" in told and memory.about is not None
    aged = bool(_AGES & set(told)) and not other
    topic = _topic(hearing, told)
    section = _section(topic, memory, answers, aged=aged)
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
        body = _of_countries(draft, memory, answers) or body
    elif told == ["call"] and memory.facts.get("call") == "no":
        kind = where(hearing)
        body = [answers.talk.text(f"call.no.{kind}")]
        contacts += answers.talk.get(f"call.contacts.{kind}")
    elif aged:
        body = _by_age(draft, topic, memory, answers) or body
    draft.texts = [*opening, *said, *body]
    if aged:
        lines, ids = answers.best_lines(situation)
        if lines:
            # By SMS what comes last may have to be asked for.
            draft.texts.insert(len(draft.texts) - len(body) if answers.brief else len(draft.texts), lines)
            contacts += ids
    draft.contacts = list(dict.fromkeys([*contacts, *draft.contacts]))
    # What was only supposed is not remembered as said.
    return Outcome(draft, replace(memory, ages=hearing.before.ages) if hearing.supposed else memory)


def _topic(hearing: Hearing, told: list[str]) -> str:
    """What the last answer was about, or what it is about now that more is known."""
    memory, last = hearing.memory, hearing.before.told[-1]
    if "about" in told:
        group = "tvang" if "wedding" in memory.when else last.partition(".")[0]
        return (_ABOUT_OTHERS if memory.about else _ABOUT_ME).get(group, last)
    abroad = memory.facts.get("abroad")
    if "when" in told and "travel" not in hearing.before.when and "travel" in memory.when and abroad != "yes":
        return last if _BEFORE_A_JOURNEY in hearing.before.told else _BEFORE_A_JOURNEY
    if "abroad" in told and abroad == "no" and last in _ONLY_ABROAD:
        return _AT_HOME
    return last


def _section(topic: str, memory: Memory, answers: Answers, *, aged: bool) -> Section:
    section = Section.CHOICE if aged else Section.SHORT
    if aged and memory.about:
        section = Section.STEPS  # what one decides oneself is told to the one whose age it is
    if memory.facts.get("role") == "professional" and section is Section.SHORT and answers.part(topic, Section.STAFF):
        return Section.STAFF
    if answers.part(topic, section):
        return section
    return Section.STEPS if answers.part(topic, Section.STEPS) else Section.SHORT


def _of_countries(draft: Draft, memory: Memory, answers: Answers) -> list[str]:
    there = answers.of_countries(memory.countries)
    if there.texts:
        draft.sources += [source for source in there.sources if source not in draft.sources]
        draft.contacts += there.contacts
    return there.texts


def _by_age(draft: Draft, topic: str, memory: Memory, answers: Answers) -> list[str]:
    """What the guide that belongs to the topic says to this age; empty where none does."""
    professional = memory.facts.get("role") == "professional"
    names = answers.talk.get("start_guides.professional") if professional else list(answers.guides)
    guides = [answers.guides[name] for name in names]
    guide = next((one for one in guides if professional or topic in one.offered_with), None)
    depends = "their_age" if memory.about or professional else "age"
    parts = (
        [part.text for part in steps.result(guide, memory) if part.text and depends in (part.when or {})]
        if guide
        else []
    )
    draft.contacts += [contact for text in parts for contact, _ in placeholders(text)]
    return [answers.filled(text) for text in parts]
