"""When a message is not answered: too many from one number, or a machine at the other end.

Nobody who writes by hand meets these rules on an ordinary day. They keep the service from being made to send a
thousand messages, to somebody who never wrote or at our cost, and end the talk of two machines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.settings import Settings

SAME_WITHIN = timedelta(minutes=10)
SAME_AT_MOST = 5
"""How often the same text is answered within that time."""
CHOICE_AT_MOST = 12
"""The same for a text of a few characters: a choice by number, «JA», «MER»."""
SHORT = 4
QUICK = timedelta(seconds=3)
"""Nobody has read an answer and written another message this soon after it left us."""
QUICK_AT_MOST = 5
"""How many of those in a row are answered."""
LIMITS = ("limit_hour", "limit_day")


@dataclass(frozen=True)
class Rules:
    """The limits of the settings."""

    per_hour: int
    per_day: int
    abroad_per_day: int
    all_per_hour: int
    all_abroad_per_hour: int

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        return cls(
            settings.sms_per_hour,
            settings.sms_per_day,
            settings.sms_abroad_per_day,
            settings.sms_all_per_hour,
            settings.sms_all_abroad_per_hour,
        )

    def own_limit(self, came: Sequence[Any], number: int, now: datetime, *, abroad: bool) -> str:
        """``limit_hour`` or ``limit_day`` when this number has had its answers, else nothing.

        ``came``: the person's messages of the last day, with ``number``, ``received_at``, ``state`` and ``reason``.
        """
        answered = [row.received_at for row in came if row.number < number and row.state == "answered"]
        if sum(at > now - timedelta(hours=1) for at in answered) >= self.per_hour:
            return "limit_hour"
        per_day = min(self.per_day, self.abroad_per_day) if abroad else self.per_day
        return "limit_day" if sum(at > now - timedelta(days=1) for at in answered) >= per_day else ""

    def all_spent(self, parts: int, parts_abroad: int, *, abroad: bool, known: bool) -> bool:
        """Whether the service has sent what it may this hour. Who is in the middle of a talk has twice the room."""
        room = 2 if known else 1
        return parts >= room * self.all_per_hour or (abroad and parts_abroad >= room * self.all_abroad_per_hour)


def machine(came: Sequence[Any], went: Sequence[Any], number: int, text: str, now: datetime) -> str:
    """Why message ``number`` looks as if a machine wrote it: ``echo``, ``repeated`` or ``ping_pong``; else nothing.

    ``came`` and ``went`` as ``SmsRecords.lately`` gives them, with the message itself among the first.
    """
    own = next((row.words for row in came if row.number == number), "")
    lately = [row for row in went if row.sent_at is not None and row.sent_at > now - SAME_WITHIN]
    if len(text) > SHORT and any(row.words == own for row in lately):
        return "echo"
    same = sum(row.words == own and row.received_at > now - SAME_WITHIN for row in came if row.number < number)
    if same >= (CHOICE_AT_MOST if len(text) <= SHORT else SAME_AT_MOST):
        return "repeated"
    left = sorted(row.sent_at for row in went if row.sent_at is not None)
    in_a_row = 0
    for row in reversed([row for row in came if row.number <= number]):
        at = row.received_at
        before = [sent for sent in left if sent <= at]
        if not before or at - before[-1] > QUICK:
            break
        in_a_row += 1
    return "ping_pong" if in_a_row > QUICK_AT_MOST else ""
