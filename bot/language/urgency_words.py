"""The rules where words decide how urgent a message is. The patterns lie in data/urgency.yml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.language.cleaning import fold

LEVELS = ("none", "concern", "urgent", "acute")
REASONS = (
    "violence_now",
    "threat_to_life",
    "suicide",
    "locked_in",
    "wedding_soon",
    "fgm_soon",
    "travel_soon",
    "held_abroad",
    "passport_taken",
)
"""Why a message is urgent, the one that decides the answer first."""

_NEVER = r"(?!)"
_FILE = Path(__file__).parent / "data" / "urgency.yml"


@dataclass(frozen=True)
class Alarm:
    """A rule that fired."""

    reason: str
    level: str


@dataclass(frozen=True)
class _Rules:
    unless: re.Pattern[str]
    alarms: tuple[tuple[Alarm, re.Pattern[str], re.Pattern[str]], ...]
    """Each rule: what it means, what makes it fire, and its exceptions."""


def alarms(text: str) -> list[Alarm]:
    """Every rule that fires on ``text``, in the file's order."""
    rules = _rules()
    folded = fold(text)
    if rules.unless.search(folded):
        return []
    return [
        alarm for alarm, pattern, exception in rules.alarms if pattern.search(folded) and not exception.search(folded)
    ]


def highest(*levels: str) -> str:
    """The highest of some urgency levels; ``none`` when there are none."""
    return max(levels, key=LEVELS.index, default=LEVELS[0])


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    content = yaml.safe_load(_FILE.read_text("utf-8"))
    return _Rules(
        unless=re.compile("|".join(content["unless"].values())),
        alarms=tuple(
            (
                Alarm(rule["reason"], rule["level"]),
                re.compile("|".join(rule["patterns"])),
                re.compile(rule.get("not", _NEVER)),
            )
            for rule in content["rules"]
        ),
    )
