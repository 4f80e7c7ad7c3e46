"""What is said around a hand-off to a human."""

from __future__ import annotations

from bot.conversation.answers import Answers
from bot.handoff.case import Case

_IN_DANGER = ("lost", "escalated", "missed")
_ABROAD = {"held_abroad", "passport_taken"}


def occasion(name: str, case: Case, answers: Answers) -> str:
    """What the program says when a case is taken, lost, escalated, missed or closed, with what to do meanwhile."""
    kind = "sms" if case.channel == "sms" else "said"
    text = answers.talk.text(f"handoff.{kind}.{name}")
    if name not in _IN_DANGER:
        return text
    carried = case.carried
    # Who chose not to pass anything on may be anywhere.
    abroad = carried is None or bool(carried.country) or bool(_ABROAD & set(carried.reasons))
    lines, _ = answers.phrases.opening(case.urgency, carried.reasons if carried else (), abroad)
    return " ".join([text, *lines])
