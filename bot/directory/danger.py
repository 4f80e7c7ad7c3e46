"""Which emergency number comes first, from words that say that something is happening now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.knowledge.reading import read_yaml
from bot.language.cleaning import fold
from bot.language.urgency_words import alarms

_FILE = Path(__file__).parent / "data" / "danger.yml"
_OF_REASON = {"suicide": "ambulanse_nod"}
_POLICE = "politi_nod"
_BLOOD = re.compile(r"(?i)\b(blør|bløder|bleeding)\b")


@dataclass(frozen=True)
class Emergency:
    """``number``: the id of the emergency number; ``then``: ids of the contacts right after it."""

    number: str
    then: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Rule:
    emergency: Emergency
    pattern: re.Pattern[str]


def emergency(text: str) -> Emergency | None:
    """The police where somebody does something, before the ambulance; with it, the other numbers that are needed."""
    unless, rules = _rules()
    folded = fold(text)
    # Blood alone is for the ambulance; whoever is still in danger without it needs the police.
    acute = [alarm for alarm in alarms(_BLOOD.sub("", text)) if alarm.level == "acute"]
    numbers = [_OF_REASON.get(alarm.reason, _POLICE) for alarm in acute]
    fired = [] if unless.search(folded) else [rule.emergency for rule in rules if rule.pattern.search(folded)]
    numbers = [*(found.number for found in fired), *numbers]
    if not numbers:
        return None
    first = _POLICE if _POLICE in numbers else numbers[0]
    after = [*numbers, *(name for found in fired if found.number == first for name in found.then)]
    return Emergency(first, tuple(name for name in dict.fromkeys(after) if name != first))


@lru_cache(maxsize=1)
def _rules() -> tuple[re.Pattern[str], tuple[_Rule, ...]]:
    content = read_yaml(_FILE)
    rules = tuple(
        _Rule(
            Emergency(rule["number"], tuple(rule.get("next", ()))),
            re.compile("|".join(f"(?:{pattern})" for pattern in rule["patterns"])),
        )
        for rule in content["rules"]
    )
    return re.compile(content["unless"]), rules
