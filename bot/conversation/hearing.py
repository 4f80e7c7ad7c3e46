"""What an action is given: the message, what was known before it, what is known now; and which action it is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.conversation import guides as steps
from bot.conversation.draft import Situation
from bot.conversation.memory import Heard, Memory, changed, corrects
from bot.knowledge.guides import Guide
from bot.language.cleaning import fold
from bot.language.detect import BOKMAL, ENGLISH, NORWEGIAN
from bot.language.moves import find_move, yes_or_no

GUIDE_ACTION, SOCIAL_ACTION, FOLLOW_ACTION = "action_guide", "action_social", "action_follow_up"
HUMAN_ACTION = "action_human"
HUMAN_GUIDE = "menneske"
"""The name that quick replies about a human, and what was asked about one, go by."""
CONSENT = "consent"
_GUIDE_MOVES = {"leave_guide", "go_on"}
_TOO_LITTLE = {"bot.kort_svar", "nlu_fallback", "utland.ambassade", "bot.forstar_ikke"}
# Asked for in so many words, these are heard whatever else is under way.
_HEARD_FIRST = {"bot.menneske", "bot.skjul_og_slett"}
_FEW_WORDS, _SHORT = 6, 9
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
    def move(self) -> str | None:
        """What the message does beside asking; None where a rule of words found danger in it."""
        if self.chosen or self.heard.alarms or self.heard.language not in (*NORWEGIAN, BOKMAL, ENGLISH):
            return None
        move = find_move(self.heard.text)
        # Asked first of all, it is the writer who wants to know.
        return None if move == "took_over" and self.first else move


def action_for(hearing: Hearing, guides: Mapping[str, Guide]) -> str | None:
    """The action that the message is for, where it is not the one that its topic names; None where it is."""
    heard, memory = hearing.heard, hearing.memory
    if heard.guide is not None:
        return HUMAN_ACTION if heard.guide.startswith(f"{HUMAN_GUIDE}:") else GUIDE_ACTION
    if _about_a_human(hearing):
        return HUMAN_ACTION
    if hearing.chosen or heard.language not in (*NORWEGIAN, ENGLISH):
        return None
    if heard.topic in _HEARD_FIRST and heard.confidence >= _UNSURE:
        return None
    if hearing.move is not None:
        return GUIDE_ACTION if hearing.move in _GUIDE_MOVES else SOCIAL_ACTION
    if hearing.repeats >= _REPEATED and heard.topic not in ("bot.takk", "bot.farvel", "bot.hilsen"):
        return SOCIAL_ACTION
    if heard.alarms and heard.words >= _FEW_WORDS:
        return None
    return _in_guide(hearing, guides) or (FOLLOW_ACTION if follows(hearing) else None) or _unclear(memory, heard)


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
    return GUIDE_ACTION if steps.answer(question, hearing.before, memory, heard) else None


def _unclear(memory: Memory, heard: Heard) -> str | None:
    """What is not understood in the middle of a guide: it asks again, in other words."""
    waits = bool(memory.guide.get("asked")) and not memory.guide.get("rests")
    unclear = heard.topic in ("bot.kort_svar", "nlu_fallback") or (heard.topic in _TOO_LITTLE and heard.words <= 2)
    return GUIDE_ACTION if waits and unclear else None


def follows(hearing: Hearing) -> bool:
    """A short message that changes what the last answer rested on: «og hvis jeg er 17?», «nei, hun er 15»."""
    heard = hearing.heard
    if not hearing.before.told or heard.words > _SHORT or heard.alarms:
        return False
    told = changed(hearing.before, hearing.memory)
    if "call" in told and hearing.memory.facts["call"] == "no":
        return True
    opening = bool(_FOLLOWS.search(fold(heard.text))) or corrects(heard.text)
    return bool(told) and (opening or heard.topic in _TOO_LITTLE or heard.confidence < _UNSURE)
