"""What somebody does with a message beside asking: fall silent, curse, joke, regret, want it shorter.

The patterns lie in data/moves.yml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.language.cleaning import fold
from bot.language.detect import ENGLISH, NORWEGIAN

READ_IN = (*NORWEGIAN, ENGLISH)
"""The languages in which a move is looked for."""

_FILE = Path(__file__).parent / "data" / "moves.yml"
_NEVER = r"(?!)"
_BRACKETS = re.compile(r"^\s*[\[<(].*[\])>]\s*$")
_YES = re.compile(
    r"^\W*(ja+|jepp|jo|yes|ok(ei|ay)?|greit|gjerne|ja takk|jadå|japp|mm|det kan jeg|det er det|stemmer)\b"
)
_NO = re.compile(
    r"^\W*(nei+|nope|no|niks|nei takk|neida|ikke (det|nå|enda|ennå)|aldri|det er det ikke|tør ikke|kan ikke)\b"
)
_UNSURE = re.compile(
    r"^\W*((jeg |eg |æ )?ve(t|it|tt) (jeg |eg |æ )?(ikke|ikkje|itj|itte)"
    r"|usikker|aner ikke|ikke sikker|vil ikke (si|svare)|hopp over|idk)\b"
)
_SHORT = 7


@dataclass(frozen=True)
class _Rule:
    move: str
    words: int
    pattern: re.Pattern[str]
    unless: re.Pattern[str]
    brackets: bool


def find_move(text: str) -> str | None:
    """The move that ``text`` makes (a name of data/moves.yml), or None for what is a question or a statement."""
    folded = fold(text).strip()
    words = len(folded.split())
    for rule in _rules():
        if words > rule.words or not rule.pattern.search(folded) or rule.unless.search(folded):
            continue
        if not rule.brackets or _BRACKETS.match(folded):
            return rule.move
    return None


def yes_or_no(text: str) -> str | None:
    """``yes``, ``no`` or ``unknown`` for a short message that says so, else None."""
    folded = fold(text).strip()
    if len(folded.split()) > _SHORT:
        return None
    for answer, pattern in (("unknown", _UNSURE), ("no", _NO), ("yes", _YES)):
        if pattern.search(folded):
            return answer
    return None


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            entry["move"],
            entry["short"],
            re.compile(entry["pattern"]),
            re.compile(entry.get("unless", _NEVER)),
            entry.get("brackets", False),
        )
        for entry in yaml.safe_load(_FILE.read_text("utf-8"))
    )
