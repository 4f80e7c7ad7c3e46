"""What is answered when nobody asks: greetings, thanks, anger, jokes, silence, a stranger with the telephone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.conversation.answers import Answers
from bot.conversation.draft import Draft, choose_between
from bot.conversation.hearing import Hearing
from bot.conversation.memory import GRAVE, Memory
from bot.conversation.phrases import ALARMING
from bot.conversation.talk import choice
from bot.conversation.understood import in_words
from bot.conversation.voice import AWAY_S, ask_if_safe, where
from bot.knowledge.model import Section
from bot.language.cleaning import fold

# After these nothing more is expected of the person, and no number is put before the words.
CLOSING = ("bot.takk", "bot.farvel")
_OF_TOPIC = {
    "bot.hilsen": "hilsen",
    "bot.takk": "takk",
    "bot.farvel": "farvel",
    "bot.hvem_er_du": "hvem_er_du",
    "bot.hva_kan_du": "hva_kan_du",
    "bot.innsyn": "innsyn",
    "bot.utenfor": "utenfor",
    "bot.forstar_ikke": "forstar_ikke",
    "bot.kort_svar": "bare",
}
# What these say would tell somebody who has taken the telephone what it was used for.
_TELLING = ("bot.hilsen", "bot.hvem_er_du", "bot.hva_kan_du", "bot.utenfor", "bot.forstar_ikke")
_WITH_DOORS = ("silence", "help_alone", "hva_kan_du", "test")
_LOWERING = ("joke", "not_me", "calm")
_ANOTHER = {
    "shorter": (Section.SMS,),
    "another_way": (Section.CONTACT, Section.CHOICE, Section.STEPS),
    "more": (Section.CONTACT, Section.CHOICE, Section.CARE, Section.MORE),
    "what_then": (Section.CONTACT, Section.MORE),
    "found_out": (Section.CARE, Section.CONTACT),
    "refuse": (Section.CHOICE, Section.CONTACT),
    "what_to_do": (Section.STEPS, Section.CONTACT),
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ«])")
_SENTENCES = 4


@dataclass(frozen=True)
class Outcome:
    """A draft, what is known after it, and what the conversation is to let go of."""

    draft: Draft
    memory: Memory
    lowers: bool = False
    """The urgency is let go, down to the draft's ``kept``: the person said so."""
    forgets: bool = False
    """Somebody else may be reading: reasons and topics are let go of."""


def social(hearing: Hearing, answers: Answers) -> Outcome:
    """The answer to a message that asks nothing of the knowledge base."""
    move = hearing.move
    asked = hearing.spoken_aside if move else hearing.asked
    stranger = hearing.memory.spoken.get("neutral") and asked.topic in _TELLING
    if move == "took_over" or (stranger and move is None):
        return _neutral(hearing, answers)
    if move == "not_a_joke":
        return _raise_again(hearing, answers)
    if move in _LOWERING:
        return _lower(str(move), hearing, answers)
    draft = Draft(texts=[], topic=_topic(move, asked.topic), urgency=asked.urgency, kept=asked.kept)
    # Who reads over a shoulder sees the first line.
    hidden = move == "someone_comes" and asked.urgency != "acute"
    if (asked.topic not in CLOSING or move) and not hidden:
        draft.texts, draft.contacts = answers.opening(asked)
    draft.handoff = "offered" if asked.urgency in ALARMING else "none"
    if move is None and asked.topic == "bot.hilsen" and not hearing.memory.spoken.get("welcome"):
        return Outcome(draft, _welcome(draft, hearing, answers))
    memory = _say(draft, move, hearing, answers)
    plain = not asked.professional and asked.channel != "sms" and asked.urgency != "acute"
    if hearing.away_s > AWAY_S and plain and asked.topic not in CLOSING:
        memory = ask_if_safe(draft, answers.talk, memory)
    return Outcome(draft, memory)


def _topic(move: str | None, topic: str) -> str | None:
    if move in (*_ANOTHER, "simpler", "who_to_call", "understood", "sources", "dont_know", "threatens"):
        return None
    return topic if topic.startswith("bot.") else None


def _welcome(draft: Draft, hearing: Hearing, answers: Answers) -> Memory:
    talk = answers.talk
    if hearing.asked.channel == "sms":
        draft.texts.append(talk.text("welcome_beside"))
    elif hearing.asked.professional:
        text, memory = talk.pick("start.professional", hearing.memory)
        draft.texts.append(text)
        return memory.saying(welcome=True)
    else:
        draft.texts += [talk.text("welcome"), talk.text("safe")]
        draft.choices += [*talk.choices("safe_answers"), *talk.choices("doors")]
        return hearing.memory.saying(welcome=True, pending="safe")
    return hearing.memory.saying(welcome=True)


def _say(draft: Draft, move: str | None, hearing: Hearing, answers: Answers) -> Memory:
    talk, memory = answers.talk, hearing.memory
    if move in _ANOTHER or move == "simpler":
        return _told_otherwise(str(move), draft, hearing, answers)
    if move == "who_to_call":
        return _who(draft, hearing, answers)
    if move == "sources":
        return _sources(draft, hearing, answers)
    if move in ("understood", "understood_wrong"):
        return _understood(str(move), draft, hearing, answers)
    name = move if move in talk.content else None
    name = name or ("repeat" if hearing.repeats > 1 and hearing.asked.topic not in _OF_TOPIC else None)
    name = name or _OF_TOPIC.get(hearing.asked.topic, "silence")
    name = f"{name}_fag" if hearing.asked.professional and f"{name}_fag" in talk.content else name
    text, memory = talk.pick(name, memory)
    draft.texts.append(text)
    draft.contacts += [contact for contact in talk.contacts_in(name, text) if contact not in draft.contacts]
    if name in _WITH_DOORS or (name == "repeat" and not memory.told):
        draft.choices += talk.choices("doors")
    elif name == "bare":
        last = answers.article(memory.told[-1]) if memory.told else None
        draft.choices += choose_between([], more_of=last) if last else talk.choices("doors")
    elif name == "dont_know":
        draft.choices += choose_between([], more_of=answers.article(memory.told[-1]))
    elif name in ("repeat", "angry", "insult", "forstar_ikke", "joke", "feeling", "threatens"):
        draft.choices += choose_between([])
    return memory


def _told_otherwise(move: str, draft: Draft, hearing: Hearing, answers: Answers) -> Memory:
    """The last answer shorter, simpler, in another way, or more of it."""
    talk, memory = answers.talk, hearing.memory
    topic = memory.told[-1] if memory.told else None
    article = answers.article(topic) if topic else None
    if topic is None or article is None:
        text, memory = talk.pick("nothing_to_repeat", memory)
        draft.texts.append(text)
        return memory
    used = f"{move}:{topic}"
    number = int(memory.spoken.get(used, 0))
    if move == "shorter" and hearing.asked.channel == "sms":
        texts = []  # it was short
    elif move == "simpler":
        sentences = _SENTENCE.split(answers.part(topic, Section.SHORT, titled=False))
        parts = [sentences[:_SENTENCES], sentences[_SENTENCES:]]
        texts = ["\n".join(f"- {line}" for line in part) for part in parts if part]
    else:
        texts = [text for part in _ANOTHER[move] if (text := answers.part(topic, part, titled=move != "shorter"))]
    if move == "what_to_do" and len(texts) > 1 and not answers.brief:
        # All the steps were in the answer: the first, and what it would be like.
        first = next(line for line in texts[0].splitlines() if line.startswith("1. "))
        texts = [f"{first.removeprefix('1. ')}\n\n{texts[1]}"]
    if number >= len(texts):
        text, memory = talk.pick("no_more", memory)
        draft.texts.append(text)
        draft.choices += choose_between([])
        return memory
    lead = f"{talk.text(move)}\n" if move in talk.content else ""
    draft.texts.append(f"{lead}{texts[number]}")
    draft.topic, draft.sources = topic, answers.behind(topic)
    draft.contacts += [name for name in answers.named_in(article, draft.texts) if name not in draft.contacts]
    return memory.saying(**{used: number + 1})


def _who(draft: Draft, hearing: Hearing, answers: Answers) -> Memory:
    """«Hvem var det du sa jeg skulle ringe?»: those who were named, the last first."""
    talk, memory = answers.talk, hearing.memory
    named = list(memory.spoken.get("contacts", ()))
    away = memory.facts.get("abroad") == "yes"
    writing = memory.facts.get("call") == "no" or "skriv" in fold(hearing.heard.text)
    lines = answers.lines_of(named, abroad=away, writing=writing)
    if lines:
        draft.texts.append("\n".join([talk.text("who_to_call.again"), *(f"- {line}" for line in lines)]))
    else:
        draft.texts.append(talk.text("who_to_call.nobody"))
        named = talk.contacts_in("who_to_call.nobody", draft.texts[-1])
    draft.contacts += [name for name in named if name not in draft.contacts]
    draft.sources = ["kontaktlisten"]
    return memory


def _sources(draft: Draft, hearing: Hearing, answers: Answers) -> Memory:
    """What the last answer rests on, by title and date."""
    talk, memory = answers.talk, hearing.memory
    topic = memory.told[-1] if memory.told else None
    titles = answers.titles_behind(topic) if topic else []
    if not titles:
        text, memory = talk.pick("sources.nothing", memory)
        draft.texts.append(text)
        return memory
    draft.texts.append("\n".join([talk.text("sources.heading"), *(f"- {title}" for title in titles)]))
    draft.topic, draft.sources = topic, answers.behind(str(topic))
    return memory


def _understood(move: str, draft: Draft, hearing: Hearing, answers: Answers) -> Memory:
    talk, memory = answers.talk, hearing.memory
    known = in_words(memory, answers.country_name)
    if move == "understood_wrong":
        draft.texts.append(talk.text("understood.wrong"))
    elif known:
        lines = "\n".join(f"- {line}" for line in known)
        draft.texts.append(f"{talk.text('understood.so_far')}\n{lines}\n{talk.text('understood.mend')}")
    else:
        draft.texts.append(talk.text("understood.nothing"))
    return memory


def _lower(move: str, hearing: Hearing, answers: Answers) -> Outcome:
    """«Jeg tuller bare», «det er over nå»: the level comes down and the numbers are said once. Where there was violence
    or talk of suicide the person is asked first whether they are safe."""
    asked, talk = hearing.asked, answers.talk
    if asked.kept not in ALARMING:
        text, memory = talk.pick(f"{move}.calm", hearing.memory)
        contacts = talk.contacts_in(f"{move}.calm", text)
        return Outcome(Draft([text], None, asked.kept, asked.kept, contacts=contacts), memory)
    if grave(hearing):
        if hearing.pending == "sure" and move == "calm":
            return lowered(hearing, answers, "sure.yes", level="concern")
        return _ask_if_sure(move, hearing, answers)
    return lowered(hearing, answers, f"{move}.lowered", level="none")


def grave(hearing: Hearing) -> bool:
    """The conversation's danger is one that is not put aside on a word."""
    told = hearing.before.facts.get("danger") == "grave" or bool(GRAVE & {*hearing.asked.reasons})
    return told or hearing.heard.topic.startswith("akutt.")


def _ask_if_sure(move: str, hearing: Hearing, answers: Answers) -> Outcome:
    asked, talk = hearing.asked, answers.talk
    text, memory = talk.pick(f"{move}.kept", hearing.memory)
    lines, contacts = answers.opening(replace(asked, urgency=asked.kept))
    draft = Draft([*lines, text], None, asked.kept, asked.kept, contacts=contacts, handoff="offered")
    draft.choices = [*talk.choices("sure.answers"), *choose_between([])]
    return Outcome(draft, memory.saying(pending="sure"))


def lowered(hearing: Hearing, answers: Answers, name: str, *, level: str) -> Outcome:
    """Let go of, with the numbers in case it is needed again: said outright, never in silence."""
    talk, kind = answers.talk, f"numbers.{where(hearing)}"
    text, memory = talk.pick(name, hearing.memory)
    draft = Draft([f"{text} {talk.text(kind)}"], None, level, level)
    draft.contacts = [*talk.get(f"numbers.contacts.{where(hearing)}")]
    draft.choices = choose_between([])
    known = {fact: value for fact, value in memory.facts.items() if fact != "danger"}
    memory = replace(memory, facts=known).saying(opening=None, call=False, lowered=hearing.asked.kept)
    return Outcome(draft, memory, lowers=True)


def _raise_again(hearing: Hearing, answers: Answers) -> Outcome:
    """«Det var ikke en film», after it was let go as one: what it was before."""
    level = str(hearing.memory.spoken["lowered"])
    text, memory = answers.talk.pick("not_a_joke", hearing.memory)
    lines, contacts = answers.opening(replace(hearing.asked, urgency=level))
    draft = Draft([*lines, text], None, level, level, contacts=contacts, handoff="offered")
    draft.choices = [*answers.talk.choices("sure.answers"), *choose_between([])]
    return Outcome(draft, memory.knowing(danger="grave").saying(lowered=None, pending="sure"))


def _neutral(hearing: Hearing, answers: Answers) -> Outcome:
    """Somebody else may have the telephone: nothing of what was said, nor that anything was, is shown or used."""
    text, memory = answers.talk.pick("took_over", hearing.before)
    # What was known would show in the next answers; what was said is kept so that no sentence comes twice.
    counts = {name: value for name, value in memory.spoken.items() if isinstance(value, (int, bool))}
    draft = Draft(texts=[text], topic="bot.hvem_er_du", urgency=hearing.asked.kept, kept=hearing.asked.kept)
    danger = {"danger": memory.facts["danger"]} if memory.facts.get("danger") else {}
    return Outcome(draft, Memory(facts=danger, spoken={**counts, "neutral": True, "welcome": True}), forgets=True)


def doors_of(name: str, answers: Answers) -> list[dict[str, str]]:
    """The guides that one of the three doors opens on."""
    return [choice(answers.guides[g].title, g) for g in answers.talk.get(f"start_guides.{name}") if g in answers.guides]
