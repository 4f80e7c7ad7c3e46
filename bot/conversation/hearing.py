"""What an action is given: the message, what was known before it, what is known now; and which action it is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from bot.conversation import guides as steps
from bot.conversation.draft import Situation
from bot.conversation.memory import Heard, Memory, changed, corrects
from bot.conversation.phrases import ALARMING
from bot.knowledge.guides import Guide
from bot.language.cleaning import fold
from bot.language.moves import READ_IN, find_move, yes_or_no

ANSWER_ACTION, GUIDE_ACTION, SOCIAL_ACTION = "action_answer", "action_guide", "action_social"
FOLLOW_ACTION = "action_follow_up"
HUMAN_ACTION = "action_human"
HUMAN_GUIDE = "menneske"
"""The name that quick replies about a human, and what was asked about one, go by."""
CONSENT = "consent"
_GUIDE_MOVES = {"leave_guide", "go_on", "why_ask"}
# About the last answer: without one they mean nothing.
_ABOUT_LAST = {"what_then", "found_out", "dont_know", "what_to_do", "refuse"}
# Answered by a topic, if by anything.
_ASKS_BACK = {"lawful", "what_is_it"}
# These tell how somebody is.
_TELLING_MOVES = {"feeling", "help_alone", "someone_comes", "threatens", "calm", "joke", "not_me", "not_a_joke", None}
# What was asked beside an answer, and the quick reply that «ja» or «nei» to it stands for.
_PENDING = {"safe": "start:safe=", "call": "ring:call=", "sure": "trygg:sure="}
_TOO_LITTLE = {"bot.kort_svar", "nlu_fallback", "utland.ambassade", "bot.forstar_ikke"}
# Asked for in so many words, these are heard whatever else is under way.
_HEARD_FIRST = {"bot.menneske", "bot.skjul_og_slett"}
_FEW_WORDS, _SHORT, _YES_WORDS = 6, 9, 3
_UNSURE = 0.6
# «Send uten det jeg har fortalt».
BARE = re.compile(r"^\W*(send )?(det )?uten\b")
_YES_NO = ("yes", "no")
_LEAVES_QUEUE = re.compile(
    r"^\W*((jeg )?(vil |går |gå |meld meg )?ut av køen|avbryt( køen)?|ikke (i køen|vent) lenger)\W*$"
)
_FOLLOWS = re.compile(
    r"^\W*(og|men|okei?|hva|enn)?\W*(hva (med|hvis|om)|hvis|enn (om|hvis)|om (jeg|hun|han) er|gjelder det|hva da)\b"
)
_SUPPOSED = re.compile(r"\b(hvis|dersom|enn om|hva om) (jeg|eg|æ|hun|han|ho)\b")
_ERASES = re.compile(r"\b(slett\w*|fjern\w*|erase|delete)\b")
_REPEATED = 3


@dataclass(frozen=True)
class Hearing:
    """One message, and the conversation that it stands in."""

    heard: Heard
    before: Memory
    memory: Memory
    asked: Situation
    chosen: bool = False
    """A quick reply was taken."""
    repeats: int = 1
    """How many times in a row the very same message has come."""
    asks_back: bool = False
    """It asks about what was answered last without naming it, and ``asked`` has the topic for it."""
    first: bool = False
    """Nothing was said before."""
    away_s: float = 0.0
    """Seconds since the message before."""
    handoff: Mapping[str, Any] = field(default_factory=dict)
    """Whether a human can be had: ``state`` of the open case, ``duty``, ``messages``, ``opens``. Empty: not known."""

    @property
    def leaves_queue(self) -> bool:
        """«Ut av køen»."""
        return bool(_LEAVES_QUEUE.search(fold(self.heard.text)))

    pending: str = ""
    """What was asked beside the last answer: ``safe``, ``call`` or ``sure``."""
    kept_before: tuple[str, tuple[str, ...]] = ("none", ())
    """The urgency that the conversation kept before the message, and why."""

    @property
    def answered(self) -> str | None:
        """The quick reply that the message stands for, where it answers what was asked beside the last answer."""
        if self.chosen or self.heard.guide is not None:
            return None
        told = changed(self.before, self.memory)
        if "call" in told and self.before.spoken.get("call"):
            return _PENDING["call"] + self.memory.facts["call"]
        short = yes_or_no(self.heard.text)
        says_more = self.heard.words > _YES_WORDS and self.heard.topic not in _TOO_LITTLE
        # «Nei, hun er 16» puts something right that was told before; it is no answer to «er det trygt?».
        says_more |= bool({"ages", "countries", "place"} & set(told))
        pending = self.pending or ("call" if self._still_to_call else "")
        if pending not in _PENDING or self.heard.alarms or short is None or says_more:
            return None
        return _PENDING[pending] + ("yes" if short == "yes" else "no")

    @property
    def _still_to_call(self) -> bool:
        """In acute danger it was asked whether they can call, and neither answered nor followed by another question."""
        asked = self.before.spoken.get("call") and self.before.facts.get("call") is None
        return bool(asked) and self.asked.kept == "acute" and not self.waits

    @property
    def waits(self) -> bool:
        """A guide has asked something, and rests not."""
        return bool(self.memory.guide.get("asked")) and not self.memory.guide.get("rests")

    def guide(self, guides: Mapping[str, Guide]) -> Guide | None:
        """The guide that answers «hva kan jeg gjøre?» after the last answer. In acute danger, and for who looks
        something up, there is no time for its questions."""
        if self.move != "what_to_do" or self.asked.kept == "acute" or self.asked.professional:
            return None
        return steps.offered(guides.values(), self.before.told[-1], self.memory)

    @property
    def supposed(self) -> bool:
        """«Og hvis jeg er 18?»: asked for the sake of asking, where the age is known."""
        return bool(self.before.ages) and bool(_SUPPOSED.search(fold(self.heard.text)))

    @property
    def calm(self) -> Situation:
        """The situation at the level that the conversation keeps. What the trained part alone thinks it hears in a
        few words that answer a question, or in small talk, raises nothing."""
        if self.heard.alarms or self.heard.words > _SHORT:
            return self.asked
        return replace(self.asked, urgency=self.asked.kept)

    @property
    def spoken_aside(self) -> Situation:
        """The situation for a message that does something beside telling: what the trained part alone hears in it
        raises nothing, for good."""
        if self.heard.alarms or self.move in _TELLING_MOVES:
            return self.calm
        level, reasons = self.kept_before
        return replace(self.asked, urgency=level, kept=level, reasons=reasons)

    @cached_property
    def move(self) -> str | None:
        """What the message does beside asking; None where a rule of words found danger in it."""
        if self.chosen or self.heard.language not in READ_IN:
            return None
        move = find_move(self.heard.text)
        if self.heard.alarms and move != "threatens":
            return None
        nothing_said = {
            # Asked first of all, it is the writer who wants to know.
            "took_over": self.first,
            "not_a_joke": not self.memory.spoken.get("lowered"),
            "calm": self.asked.urgency not in ALARMING,
            "dont_know": self.waits,
            "why_ask": not self.waits,
        }
        if move in _ASKS_BACK:
            return None
        unfit = nothing_said.get(str(move), False) or (move in _ABOUT_LAST and not self.before.told)
        return None if unfit else move


def action_for(hearing: Hearing, guides: Mapping[str, Guide]) -> str | None:
    """The action that the message is for, where it is not the one that its topic names; None where it is."""
    heard = hearing.heard
    if heard.guide is not None and heard.guide.startswith(f"{HUMAN_GUIDE}:"):
        return HUMAN_ACTION
    if heard.guide is None and _about_a_human(hearing):
        return HUMAN_ACTION
    if heard.guide is not None or hearing.answered is not None:
        return GUIDE_ACTION
    if hearing.chosen or heard.language not in READ_IN:
        return None
    coming = hearing.move == "someone_comes" and not _ERASES.search(fold(heard.text))
    if heard.topic in _HEARD_FIRST and heard.confidence >= _UNSURE and not coming:
        return None
    if hearing.asks_back:
        return ANSWER_ACTION
    if hearing.move == "what_to_do":
        return SOCIAL_ACTION if hearing.guide(guides) is None else GUIDE_ACTION
    if hearing.move is not None:
        return GUIDE_ACTION if hearing.move in _GUIDE_MOVES else SOCIAL_ACTION
    if hearing.repeats >= _REPEATED and heard.topic not in ("bot.takk", "bot.farvel", "bot.hilsen"):
        return SOCIAL_ACTION
    if heard.alarms and heard.words >= _FEW_WORDS:
        return None
    return (
        _in_guide(hearing, guides)
        or (FOLLOW_ACTION if follows(hearing) else None)
        or _unclear(hearing)
        or (SOCIAL_ACTION if _says_little(hearing) else None)
    )


def _about_a_human(hearing: Hearing) -> bool:
    """The message answers what was asked about a human: the consent in a word, or any part of a message to leave."""
    heard, guide = hearing.heard, hearing.memory.guide
    if hearing.chosen or (heard.topic == "bot.skjul_og_slett" and heard.confidence >= _UNSURE):
        return False
    if hearing.handoff.get("state") == "waiting" and hearing.leaves_queue:
        return True
    if guide.get("name") != HUMAN_GUIDE or not guide.get("asked"):
        return False
    if guide["asked"] != CONSENT:
        return heard.topic != "bot.menneske" or heard.words > _FEW_WORDS
    text = fold(heard.text).strip()
    return not heard.alarms and heard.words <= _FEW_WORDS and bool(BARE.search(text) or yes_or_no(text) in _YES_NO)


def lapsed(before: Memory, after: Memory) -> Memory:
    """A consent is an answer to the question it was asked with: after another answer a «ja» means something else."""
    asked = (after.guide.get("name"), after.guide.get("asked")) == (HUMAN_GUIDE, CONSENT)
    return replace(after, guide={}) if asked and before.guide == after.guide else after


def _in_guide(hearing: Hearing, guides: Mapping[str, Guide]) -> str | None:
    heard, memory = hearing.heard, hearing.memory
    if not heard.alarms and steps.started_by(list(guides.values()), heard.text):
        return GUIDE_ACTION
    guide = guides.get(str(memory.guide.get("name")))
    question = steps.asked(guide, memory) if guide else None
    if question is None or (memory.guide.get("rests") and heard.words > _FEW_WORDS):
        return None
    # A question in the middle is answered, also where it names what was asked for.
    if heard.text.rstrip().endswith("?") and heard.words > 2:
        return None
    if steps.answer(question, hearing.before, memory, heard):
        return GUIDE_ACTION
    # What it would have asked next, told before it was asked.
    facts = {q.fact for q in guide.questions} if guide else set()
    told = facts & set(changed(hearing.before, memory))
    return GUIDE_ACTION if told and not heard.alarms and heard.words <= _FEW_WORDS else None


def _unclear(hearing: Hearing) -> str | None:
    """What is not understood in the middle of a guide: it asks again, in other words."""
    heard = hearing.heard
    unclear = heard.topic in ("bot.kort_svar", "nlu_fallback") or (heard.topic in _TOO_LITTLE and heard.words <= 2)
    return GUIDE_ACTION if hearing.waits and unclear else None


def _says_little(hearing: Hearing) -> bool:
    """«Ja», «nei», «ok» where nothing was asked: no sign that something was not understood."""
    heard = hearing.heard
    return heard.topic == "bot.kort_svar" and heard.words <= _YES_WORDS and yes_or_no(heard.text) in _YES_NO


def follows(hearing: Hearing) -> bool:
    """A short message that changes what the last answer rested on: «og hvis jeg er 17?», «nei, hun er 15»."""
    heard = hearing.heard
    if not hearing.before.told or heard.words > _SHORT or heard.alarms:
        return False
    told = changed(hearing.before, hearing.memory)
    if "call" in told and hearing.memory.facts["call"] == "no":
        return True
    if "abroad" in told and hearing.memory.facts["abroad"] == "no":
        return True
    opening = bool(_FOLLOWS.search(fold(heard.text))) or corrects(heard.text)
    return bool(told) and (opening or heard.topic in _TOO_LITTLE or heard.confidence < _UNSURE)
