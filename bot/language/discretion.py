"""What a first line must not tell: a message may show on a locked screen that somebody else looks at."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "telling.txt"


def first_line(text: str) -> str:
    """What a telephone shows of ``text`` before anything is opened: the text up to its first line break."""
    return text.partition("\n")[0]


def telling(text: str) -> list[str]:
    """The words of ``text`` that tell what it is about, in order."""
    return [match.group() for match in _words().finditer(text)]


@lru_cache(maxsize=1)
def _words() -> re.Pattern[str]:
    lines = [line.strip() for line in _FILE.read_text("utf-8").splitlines()]
    words = [line for line in lines if line and not line.startswith("#")]
    whole = "|".join(re.escape(word[1:]) for word in words if word.startswith("="))
    begun = "|".join(re.escape(word) for word in words if not word.startswith("="))
    return re.compile(rf"\b(?:(?:{whole})\b|(?:{begun})\w*)", re.IGNORECASE)
