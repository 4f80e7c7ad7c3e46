"""How an answer is given to somebody: what is recognised before it, and what is asked or offered after it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation import guides as steps
from bot.conversation.answers import Answers
from bot.conversation.draft import Draft
from bot.conversation.hearing import Hearing
from bot.conversation.memory import Memory
from bot.conversation.phrases import ALARMING
from bot.conversation.talk import Talk, choice
from bot.language.cleaning import fold

_PERSONAL = re.compile(
    r"\b(jeg|eg|æ|meg|mæ|min|mitt|mine|mi|oss|vi|venninn\w*|ven|venn\w*|søster\w*|bror\w*|kusin\w*|her hjemme)\b"
)
# Thanked for telling: not who asks, or asks for help.
_ASKS = re.compile(r"\?\s*$|^\W*(hjelp|kan|hva|hvem|hvor\w*|når|er det|får)\b", re.IGNORECASE)
_SUICIDE = "suicide"
AWAY_S = 3 * 3600.0
"""Seconds after which somebody who writes again has been away."""
_CHOICES, _CHOICES_IN_DANGER, _CHOICES_BY_SMS = 6, 2, 3


def where(hearing: Hearing) -> str:
    """Which of the answers about calling fits: ``suicide``, ``abroad``, ``for_other`` (abroad too) or ``norway``."""
    if _SUICIDE in hearing.asked.reasons or hearing.asked.topic == "akutt.selvmord":
        return _SUICIDE
    if hearing.memory.facts.get("abroad") != "yes":
        return "norway"
    return "for_other" if hearing.memory.about else "abroad"


def framed(draft: Draft, hearing: Hearing, answers: Answers) -> tuple[Draft, Memory]:
    """The answer with what belongs around it on this channel, and the memory of that having been said."""
    talk, memory = answers.talk, hearing.memory
    if hearing.asked.professional:
        _offer_guides(draft, memory, answers, only=answers.talk.get("start_guides.professional"))
        return draft, memory
    if hearing.asked.channel == "sms":
        return _framed_by_sms(draft, hearing, answers)
    if hearing.asked.section is None:
        memory = _recognise(draft, hearing, talk, memory)
    if draft.urgency == "acute":
        return draft, _ask_to_call(draft, hearing, talk, memory)
    _offer_guides(draft, memory, answers)
    draft.choices = draft.choices[:_CHOICES]
    resumed = _resume(draft, memory, answers)
    if resumed is not memory:
        return draft, resumed  # one thing is asked at a time
    if hearing.away_s > AWAY_S:
        return draft, ask_if_safe(draft, talk, memory)
    return draft, welcome(draft, hearing, talk, memory)


def _framed_by_sms(draft: Draft, hearing: Hearing, answers: Answers) -> tuple[Draft, Memory]:
    """Little room: no words of sympathy, and few choices."""
    memory = hearing.memory
    if draft.urgency == "acute":
        memory = _ask_to_call(draft, hearing, answers.talk, memory)
    else:
        _offer_guides(draft, memory, answers)
    if hearing.asked.others:
        # It was little more than a guess: the other candidates before more of this one.
        draft.choices.sort(key=lambda choice: bool(choice.get("section")))
    draft.choices = draft.choices[:_CHOICES_BY_SMS]
    return draft, memory


def _recognise(draft: Draft, hearing: Hearing, talk: Talk, memory: Memory) -> Memory:
    """A line that shows what was heard, for who tells of something that weighs. Never in two replies running."""
    weighs = hearing.heard.urgency in ("concern", "urgent") and _PERSONAL.search(fold(hearing.heard.text))
    fresh = draft.topic not in hearing.before.told and not memory.spoken.get("recognised")
    if draft.urgency == "acute" or not weighs or not fresh or hearing.asked.others:
        return memory.saying(recognised=False)
    known = talk.get("recognise")
    topic = str(draft.topic)
    of_another = hearing.asked.other or topic.endswith("bekymret_for_noen")
    keys = ["other"] if of_another else [*hearing.heard.reasons]
    keys += [topic.partition(".")[0], "default"]
    key = next(key for key in keys if key in known)
    if key == "default" and _ASKS.search(hearing.heard.text):
        return memory.saying(recognised=False)
    line, memory = talk.pick(f"recognise.{key}", memory)
    draft.texts.insert(1 if draft.urgency in ALARMING and draft.texts else 0, line)
    return memory.saying(recognised=True)


def _ask_to_call(draft: Draft, hearing: Hearing, talk: Talk, memory: Memory) -> Memory:
    """In danger one thing is asked, once: whether they can call. Who cannot is told what then."""
    if memory.spoken.get("call"):
        return memory
    kind, can = where(hearing), memory.facts.get("call")
    if can == "no":
        draft.texts.append(talk.text(f"call.no.{kind}"))
        draft.contacts += [name for name in talk.get(f"call.contacts.{kind}") if name not in draft.contacts]
    elif can is None:
        draft.texts.append(talk.text("call.ask"))
        draft.choices = [*talk.choices("call.answers"), *draft.choices[:_CHOICES_IN_DANGER]]
        memory = memory.saying(pending="call")
    return memory.saying(call=True)


def _offer_guides(draft: Draft, memory: Memory, answers: Answers, only: Sequence[str] = ()) -> None:
    guides = [guide for guide in answers.guides.values() if not only or guide.id in only]
    guide = steps.offered(guides, str(draft.topic), memory)
    if guide is not None:
        draft.choices.insert(1 if draft.urgency in ALARMING else 0, choice(guide.title, guide.id))


def _resume(draft: Draft, memory: Memory, answers: Answers) -> Memory:
    """After a detour one short line offers to go on, once."""
    guide = answers.guides.get(str(memory.guide.get("name")))
    if guide is None or memory.guide.get("rests"):
        return memory
    line, memory = answers.talk.pick("guide.resume", memory)
    draft.texts.append(line.format(name=guide.called))
    draft.choices.insert(0, choice(answers.talk.text("guide.go_on"), f"{guide.id}:"))
    return steps.rest(memory)


def ask_if_safe(draft: Draft, talk: Talk, memory: Memory) -> Memory:
    """After some hours: somebody else may sit beside them, or hold the telephone."""
    text, memory = talk.pick("back", memory)
    draft.texts.append(text)
    draft.choices += talk.choices("safe_answers")
    return memory.saying(welcome=True, pending="safe")


def welcome(draft: Draft, hearing: Hearing, talk: Talk, memory: Memory) -> Memory:
    """Once, beside the first answer that is not urgent: what this is, and whether it is safe to write."""
    if memory.spoken.get("welcome") or (draft.urgency in ALARMING and (hearing.first or where(hearing) == _SUICIDE)):
        return memory
    draft.texts.append(f"{talk.text('welcome_beside')} {talk.text('safe')}")
    draft.choices += talk.choices("safe_answers")
    return memory.saying(welcome=True, pending="safe")
