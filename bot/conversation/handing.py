"""A human is asked for: what would be passed on, the consent, the queue, and what is said when a case moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.conversation import leaving
from bot.conversation.answers import Answers
from bot.conversation.draft import HUMAN, Draft, listed
from bot.conversation.hearing import BARE, CONSENT, HUMAN_GUIDE, Hearing
from bot.conversation.phrases import ALARMING
from bot.conversation.social import Outcome
from bot.directory.saying import day_and_hour
from bot.handoff.case import Carried, Case, plain
from bot.language.cleaning import fold
from bot.language.moves import yes_or_no

_IN_DANGER = ("lost", "escalated", "missed")
_ABROAD = {"held_abroad", "passport_taken"}
_GROUP = {"minor": "under 18", "adult": "18+"}
_SHORT_NAMES = 3
_FEW_WORDS = 6


def human(hearing: Hearing, answers: Answers) -> Outcome:
    """The reply to who asks for a human, or answers what was asked about it."""
    _, _, given = (hearing.heard.guide or "").partition(":")
    fact, _, value = given.partition("=")
    asks_anew = not given and hearing.heard.topic == HUMAN and hearing.heard.words <= _FEW_WORDS
    under_way = hearing.memory.guide.get("name") == HUMAN_GUIDE and not asks_anew
    step = hearing.memory.guide.get("asked") if under_way else None
    state = hearing.handoff.get("state", "none")
    if fact == "queue" or (state == "waiting" and hearing.leaves_queue):
        return _leave_queue(hearing, answers)
    if state == "waiting":
        draft = _draft(hearing, answers, "waiting")
        draft.texts.append(answers.talk.text("handoff.in_queue"))
        draft.texts.append(of_place(int(hearing.handoff.get("place", 1)), answers))
        return Outcome(draft, hearing.memory)
    consent = value if fact == CONSENT else consent_in(hearing.heard.text) if step == CONSENT else None
    if consent is not None:
        return _answered(consent, hearing, answers)
    can_leave = fact != "leave" or hearing.handoff.get("messages")
    if can_leave and (fact in leaving.STEPS or step in leaving.STEPS):
        return leaving.leave(_draft(hearing, answers), fact, value, hearing, answers, carried(hearing))
    if hearing.handoff.get("duty"):
        return _offer(hearing, answers)
    return _nobody(hearing, answers)


def consent_in(text: str) -> str | None:
    """``all``, ``bare`` or ``no`` where a short message says so."""
    if BARE.search(fold(text)):
        return "bare"
    return {"yes": "all", "no": "no"}.get(yes_or_no(text) or "")


def carried(hearing: Hearing) -> Carried:
    """What is known that a human would need."""
    memory, asked = hearing.memory, hearing.calm
    shown = memory.spoken.get("contacts", ())
    return Carried(
        urgency=asked.urgency,
        reasons=tuple(asked.reasons),
        topic=memory.told[-1] if memory.told else None,
        age=_GROUP.get(asked.age or ""),
        country=memory.countries[-1] if memory.countries else None,
        role="other" if memory.about else memory.facts.get("role"),
        language=asked.language,
        # By SMS all that is passed on has to stand in one message.
        offered=() if asked.channel == "sms" else tuple(shown),
    )


def in_words(passed: Carried, answers: Answers) -> list[str]:
    """Each thing that would be passed on, as it is shown to the person."""
    words: Mapping[str, Any] = answers.talk.get("handoff.carried")
    told = [words["urgency"][passed.urgency]]
    told += [words["reasons"][reason] for reason in passed.reasons if reason in words["reasons"]]
    if passed.age:
        told.append(words["ages"].format(age=words["age"][passed.age]))
    if passed.country:
        told.append(words["country"].format(country=answers.country_name(passed.country) or passed.country))
    if passed.role in words["role"]:
        told.append(words["role"][passed.role])
    article = answers.article(passed.topic) if passed.topic else None
    if article is not None:
        told.append(words["topic"].format(topic=article.title))
    names = answers.names_of(passed.offered[:_SHORT_NAMES])
    if names:
        told.append(words["offered"].format(names=", ".join(names)))
    return told


def occasion(name: str, case: Case, answers: Answers) -> str:
    """What the program says when a case is taken, lost, escalated, missed or closed, with what to do meanwhile."""
    kind = "sms" if case.channel == "sms" else "said"
    text = answers.talk.text(f"handoff.{kind}.{name}")
    if name not in _IN_DANGER:
        return text
    passed = case.carried
    # Who chose not to pass anything on may be anywhere.
    abroad = passed is None or bool(passed.country) or bool(_ABROAD & set(passed.reasons))
    lines, _ = answers.phrases.opening(case.urgency, passed.reasons if passed else (), abroad)
    return " ".join([text, *lines])


def of_place(place: int, answers: Answers) -> str:
    """An honest word about the queue: the place, and no time."""
    return answers.talk.text("handoff.place.first" if place <= 1 else "handoff.place.later").format(place=place)


def by_rule(rule: str, outcome: Outcome, hearing: Hearing, answers: Answers) -> Outcome:
    """``outcome``, and with it the question whether a human shall take over, unasked for: where knowledge/talk.yml has
    ``rule`` among handoff.rules and somebody is on duty. Once in a conversation, and not where little can be shown."""
    within_reach = hearing.handoff.get("duty") and hearing.handoff.get("state", "none") == "none"
    unfit = hearing.asked.professional or hearing.asked.channel == "sms" or outcome.memory.spoken.get("by_rule")
    if rule not in answers.talk.get("handoff.rules") or not within_reach or unfit:
        return outcome
    return _ask(outcome.draft, replace(hearing, memory=outcome.memory.saying(by_rule=True)), answers)


def _offer(hearing: Hearing, answers: Answers) -> Outcome:
    return _ask(_draft(hearing, answers), hearing, answers)


def _ask(draft: Draft, hearing: Hearing, answers: Answers) -> Outcome:
    """Show what would be passed on, and ask."""
    talk, sms = answers.talk, hearing.asked.channel == "sms"
    passed = carried(hearing)
    told = in_words(passed, answers)
    if sms:
        draft.texts.append(talk.text("handoff.offer.sms").format(what=", ".join(told)))
    else:
        draft.texts.append(listed(talk.text("handoff.offer.lead"), told))
        draft.texts.append(" ".join(talk.text(f"handoff.offer.{part}") for part in ("read", "duty", "ask")))
    draft.choices = talk.choices("handoff.offer.sms_answers" if sms else "handoff.offer.answers")
    draft.case = {"do": "offer", "carried": plain(passed)}
    return Outcome(draft, replace(hearing.memory, guide={"name": HUMAN_GUIDE, "asked": CONSENT}))


def _answered(consent: str, hearing: Hearing, answers: Answers) -> Outcome:
    talk = answers.talk
    memory = replace(hearing.memory, guide={})
    if consent == "no":
        draft = _draft(hearing, answers, "none")
        _tell_who_answers(draft, talk.text("handoff.declined"), hearing, answers)
        draft.case = {"do": "decline"}
        return Outcome(draft, memory)
    if not hearing.handoff.get("duty"):
        # Whoever was on duty has left meanwhile.
        return _nobody(replace(hearing, memory=memory), answers)
    draft = _draft(hearing, answers, "waiting")
    if hearing.asked.channel == "sms":
        draft.texts.append(talk.text("handoff.sent_sms"))
    else:
        draft.texts += [talk.text(f"handoff.sent.{consent}"), talk.text("handoff.meanwhile")]
    draft.choices = [talk.entry("handoff.leave_queue")]
    draft.case = {"do": "hand_over", "shared": consent == "all", "carried": plain(carried(hearing))}
    return Outcome(draft, memory)


def _leave_queue(hearing: Hearing, answers: Answers) -> Outcome:
    draft = _draft(hearing, answers, "none")
    draft.texts.append(answers.talk.text("handoff.left_queue"))
    draft.case = {"do": "leave_queue"}
    return Outcome(draft, hearing.memory)


def _nobody(hearing: Hearing, answers: Answers) -> Outcome:
    """The truth: nobody is on duty here; who answers now; a message, where somebody will read it."""
    phrases, talk = answers.phrases.human, answers.talk
    draft = _draft(hearing, answers)
    _tell_who_answers(draft, phrases.nobody_here, hearing, answers)
    opens = hearing.handoff.get("opens")
    if opens:
        when = day_and_hour(datetime.fromisoformat(opens))
        draft.texts.append(talk.text("handoff.opens").format(when=when))
    memory = hearing.memory
    if hearing.handoff.get("messages"):
        sms = hearing.asked.channel == "sms"
        draft.texts += [talk.text("handoff.message.sms")] if sms else []
        draft.choices.append(talk.entry(f"handoff.message.{'sms_offer' if sms else 'offer'}"))
        memory = replace(memory, guide={})
    return Outcome(draft, memory)


def _tell_who_answers(draft: Draft, heading: str, hearing: Hearing, answers: Answers) -> None:
    phrases = answers.phrases.human
    far = hearing.asked.far
    now: Sequence[str] = phrases.around_the_clock_abroad if far else phrases.around_the_clock
    later: Sequence[str] = phrases.office_hours if hearing.asked.channel != "sms" else ()
    country = hearing.memory.countries[-1] if far and hearing.memory.countries else None
    # Who cannot be heard is told where one can write.
    writing = hearing.memory.facts.get("call") == "no"
    ways: dict[str, Any] = {"abroad": far, "country": country, "writing": writing}
    for said, names in ((heading, now), (phrases.office_hours_too, later)):
        lines = {name: line for name in names for line in answers.lines_of([name], **ways)}
        # That nobody is here is said in any case.
        if lines or said == heading:
            draft.texts.append(listed(said, list(lines.values())))
        draft.contacts += [name for name in lines if name not in draft.contacts]
    draft.sources = ["kontaktlisten"]


def _draft(hearing: Hearing, answers: Answers, handoff: str = "offered") -> Draft:
    """A draft that begins with the number where there is danger."""
    # What is heard in a few words that answer a question raises nothing.
    anew = hearing.heard.topic == HUMAN and not hearing.leaves_queue
    asked = hearing.asked if anew else hearing.calm
    lines, contacts = answers.opening(asked)
    draft = Draft(texts=lines, topic=HUMAN, urgency=asked.urgency, kept=asked.kept, contacts=contacts)
    draft.handoff = "offered" if handoff == "none" and asked.urgency in ALARMING else handoff
    return draft
