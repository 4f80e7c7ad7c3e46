"""A turn of guided help: begin, take an answer, ask the next thing, rest, or end in something to keep."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import guides as steps
from bot.conversation.answers import Answers
from bot.conversation.draft import Draft, Situation, choose_between
from bot.conversation.handing import by_rule
from bot.conversation.hearing import Hearing
from bot.conversation.memory import SELF, Memory
from bot.conversation.phrases import ALARMING
from bot.conversation.social import Outcome, doors_of, lowered
from bot.conversation.talk import choice
from bot.conversation.understood import blanks
from bot.conversation.voice import where
from bot.knowledge import Article
from bot.knowledge.guides import UNKNOWN, Guide, Part
from bot.knowledge.model import Section
from bot.knowledge.render import placeholders

_START, _CALL, _SURE = "start", "ring", "trygg"
# What a professional reads on about after a guide.
_RELATED = 3


def guided(hearing: Hearing, answers: Answers) -> Outcome | None:
    """The reply of the guide that the message begins or answers; None where there is no such guide."""
    name, _, given = (hearing.heard.guide or hearing.answered or "").partition(":")
    fact, _, value = given.partition("=")
    if name == _START:
        return _begin_conversation(fact, value, hearing, answers)
    if name == _CALL:
        return _call(value, hearing, answers)
    if name == _SURE:
        return _sure(value, hearing, answers)
    if hearing.move == "leave_guide":
        return _leave(hearing, answers)
    guide = answers.guides.get(name) or steps.started_by(list(answers.guides.values()), hearing.heard.text)
    guide = guide or hearing.guide(answers.guides)
    memory = hearing.memory
    under_way = answers.guides.get(str(memory.guide.get("name")))
    if guide is None:
        if under_way is None:
            return _nothing(hearing, answers) if hearing.move == "go_on" else None
        return _go_on(under_way, hearing, answers)
    if under_way is not guide:
        memory = steps.begin(guide, memory)
        if fact:
            memory = memory.knowing(**{fact: value})
        return _step(guide, memory, hearing, answers, first=True)
    if fact:
        memory = memory.knowing(**{fact: value})
    return _step(guide, memory, hearing, answers)


def _begin_conversation(fact: str, value: str, hearing: Hearing, answers: Answers) -> Outcome:
    """Whether it is safe to write, and the three doors."""
    name = f"safe_{value}" if fact == "safe" else value
    memory = hearing.memory.knowing(**{fact: value}).saying(welcome=True)
    if value == "other" and not memory.about:
        memory = replace(memory, about="other")
    if value == SELF:
        memory = replace(memory, about=None)
    text, memory = answers.talk.pick(f"start.{name}", memory)
    draft = _draft(hearing, answers, "bot.kort_svar")
    draft.texts.append(text)
    draft.choices = answers.talk.choices("doors") if fact == "safe" else doors_of(value, answers)
    return Outcome(draft, memory)


def _call(value: str, hearing: Hearing, answers: Answers) -> Outcome:
    """Whether they can call: what to say then, or what to do instead, in few words."""
    kind, talk = where(hearing), answers.talk
    memory = hearing.memory.knowing(call=value).saying(call=True)
    text = talk.text(f"call.{value}.{kind}")
    contacts = list(talk.get(f"call.contacts.{kind}"))
    draft = Draft(
        texts=[text, talk.text("call.after")],
        topic=hearing.before.told[-1] if hearing.before.told else "bot.kort_svar",
        urgency=hearing.asked.urgency,
        kept=hearing.asked.kept,
        contacts=contacts,
        sources=["kontaktlisten"],
        choices=[{"title": "Snakk med et menneske", "topic": "bot.menneske", "section": ""}],
        handoff="offered",
    )
    outcome = Outcome(draft, memory)
    return by_rule("cannot_call", outcome, hearing, answers) if value == "no" else outcome


def _sure(value: str, hearing: Hearing, answers: Answers) -> Outcome:
    """Whether they are safe, asked where a danger was said to be over or a joke."""
    if value == "yes":
        return lowered(hearing, answers, "sure.yes", level="concern")
    text, memory = answers.talk.pick("sure.no", hearing.memory)
    asked = replace(hearing.asked, urgency=hearing.asked.kept)
    lines, contacts = answers.opening(asked)
    draft = Draft([*lines, text], None, asked.kept, asked.kept, contacts=contacts, handoff="offered")
    draft.choices = [*answers.talk.choices("call.answers"), *choose_between([])]
    return Outcome(draft, memory.saying(call=True, pending="call"))


def _leave(hearing: Hearing, answers: Answers) -> Outcome:
    draft = _draft(hearing, answers, "bot.kort_svar")
    text, memory = answers.talk.pick("guide.left", hearing.memory)
    draft.texts.append(text)
    return Outcome(draft, steps.rest(memory))


def _nothing(hearing: Hearing, answers: Answers) -> Outcome:
    draft = _draft(hearing, answers, "bot.kort_svar")
    draft.texts.append(answers.talk.text("guide.nothing"))
    told = answers.article(hearing.before.told[-1]) if hearing.before.told else None
    draft.choices = choose_between([], more_of=told) if told else answers.talk.choices("doors")
    return Outcome(draft, hearing.memory)


def _go_on(guide: Guide, hearing: Hearing, answers: Answers) -> Outcome:
    """The message answers what was asked, or the guide is taken up again."""
    memory = hearing.memory
    question = steps.asked(guide, memory)
    if question is not None and hearing.move == "why_ask":
        outcome = _step(guide, memory, hearing, answers)
        text, after = answers.talk.pick("guide.why", outcome.memory)
        outcome.draft.texts.insert(len(outcome.draft.texts) - 1, text)
        return replace(outcome, memory=after)
    if question is not None and hearing.move != "go_on":
        answered = steps.answer(question, hearing.before, memory, hearing.heard) or steps.give_up(question, memory)
        memory = answered or memory
    return _step(guide, memory, hearing, answers)


def _step(guide: Guide, memory: Memory, hearing: Hearing, answers: Answers, *, first: bool = False) -> Outcome:
    """The next question, or the result."""
    if hearing.asked.professional and memory.facts.get("role") != "professional":
        memory = memory.knowing(role="professional")
    draft = _draft(hearing, answers, guide.topic)
    draft.sources = answers.behind(guide.topic)
    professional = memory.facts.get("role") == "professional"
    if first and answers.brief:
        # Whoever writes by SMS may not be able to write again: what matters most comes at once, unless it just did.
        if not set(memory.told[-1:]) & set(guide.offered_with):
            _add(draft, guide.sms, answers)
    elif first and not professional:
        _add(draft, guide.first, answers)
    question = steps.next_question(guide, memory)
    if question is not None:
        text, memory = steps.ask(question, memory)
        _add(draft, text, answers)
        draft.choices = [choice(c.title, f"{guide.id}:{question.fact}={c.value}") for c in question.choices]
        draft.choices.append(choice(answers.talk.text("guide.unknown"), f"{guide.id}:{question.fact}={UNKNOWN}"))
        return Outcome(draft, memory)
    parts = steps.result(guide, memory)
    # By SMS what comes last may have to be asked for: the guide's own words before the articles'.
    for part in sorted(parts, key=lambda part: bool(part.article)) if answers.brief else parts:
        _tell(draft, part, memory, answers)
    if professional:
        draft.choices += choose_between(_for_professionals(guide, answers))
    else:
        if not answers.brief:
            _keep(draft, guide, memory, answers)
        draft.choices += choose_between([])
    told = memory if guide.topic.startswith("bot.") else replace(memory, told=(*memory.told, guide.topic))
    return Outcome(draft, steps.finish(told, guide))


def _for_professionals(guide: Guide, answers: Answers) -> list[Article]:
    topics = [topic for topic in guide.offered_with if topic.startswith("fag.")]
    main = answers.article(guide.topic)
    topics += [topic for topic in (main.related if main else ()) if topic.startswith(("fag.", "rett.", "hjelp."))]
    found = map(answers.article, dict.fromkeys(topics))
    return [article for article in found if article is not None][:_RELATED]


def _tell(draft: Draft, part: Part, memory: Memory, answers: Answers) -> None:
    if part.near:
        text, ids = answers.near(memory.fact("place"), part.near, memory.fact("age"), memory.ages.get(SELF))
        draft.texts.append(text)
        draft.contacts += [name for name in ids if name not in draft.contacts]
    elif part.article:
        if part.section is Section.STEPS:
            fits = Situation(part.article, age=memory.fact("age"), away=memory.fact("abroad") == "yes")
            draft.texts.append(answers.steps(part.article, fits))
        else:
            draft.texts.append(answers.part(part.article, part.section or Section.SHORT))
        article = answers.article(part.article)
        if article is not None:
            draft.contacts += [n for n in answers.named_in(article, draft.texts[-1:]) if n not in draft.contacts]
        draft.sources += [source for source in answers.behind(part.article) if source not in draft.sources]
    else:
        _add(draft, part.text, answers)


def _keep(draft: Draft, guide: Guide, memory: Memory, answers: Answers) -> None:
    spoken = blanks(memory, answers.country_name)
    kept = steps.kept(guide, memory, spoken, answers.talk.text("guide.blank"))
    if kept is not None:
        kept["text"] = answers.filled(kept["text"])
        draft.keep = kept
        draft.texts.append(f"{answers.talk.text('guide.kept')}\n\n{kept['text']}")
    if memory.countries and guide.topic.startswith("utland."):
        there = answers.of_countries(memory.countries)
        draft.texts[-1:-1] = there.texts
        draft.contacts += [name for name in there.contacts if name not in draft.contacts]
        draft.sources += [source for source in there.sources if source not in draft.sources]


def _add(draft: Draft, text: str, answers: Answers) -> None:
    draft.texts.append(answers.filled(text))
    draft.contacts += [c for c in dict.fromkeys(name for name, _ in placeholders(text)) if c not in draft.contacts]
    if "112" in text and "politi_nod" not in draft.contacts:
        draft.contacts.append("politi_nod")


def _draft(hearing: Hearing, answers: Answers, topic: str) -> Draft:
    """A draft that begins with the number where there is danger."""
    asked = hearing.calm
    lines, contacts = answers.opening(asked)
    return Draft(
        texts=lines,
        topic=topic,
        urgency=asked.urgency,
        kept=asked.kept,
        contacts=contacts,
        handoff="offered" if asked.urgency in ALARMING else "none",
    )
