"""Which of an article's steps are for this person, and in which order: none for another age, and first what helps where
they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation.draft import Situation

_NUMBER = re.compile(r"^\d+\. ")
_UNDER = re.compile(r"^(er (du|personen|hun eller han|barnet) )?under 18\b", re.IGNORECASE)
_OVER = re.compile(r"^(er (du|personen|hun eller han) )?over 18\b", re.IGNORECASE)
_BOTH = re.compile(r"under 18\b.*over 18\b|over 18\b.*under 18\b", re.IGNORECASE | re.DOTALL)
# The contact fields that work from another country.
_FROM_ABROAD = re.compile(r"\{udops\.|\.phone_abroad\}")


def fitting(steps: Sequence[str], situation: Situation) -> list[str]:
    """The steps, numbered anew. ``steps``: lines as the article has them, before contact details are filled in."""
    listed = [_NUMBER.sub("", step) for step in steps if _NUMBER.match(step)]
    others = [step for step in steps if not _NUMBER.match(step)]
    wrong_age = {"minor": _OVER, "adult": _UNDER}.get(situation.age or "")
    if wrong_age is not None:
        listed = [step for step in listed if _BOTH.search(step) or not wrong_age.match(step)]
    if situation.far:
        listed.sort(key=lambda step: not _FROM_ABROAD.search(step))
    return [*(f"{number}. {step}" for number, step in enumerate(listed, start=1)), *others]
