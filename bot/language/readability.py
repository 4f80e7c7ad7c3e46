"""How hard a Norwegian text is to read."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# A list item or a heading is read as a sentence of its own, so a line break ends one too.
_SENTENCE_END = re.compile(r"[.!?:]+(?=\s|$)|\n+")
_LONG_WORD = 6


@dataclass(frozen=True)
class Readability:
    """LIX of a text and the words that raise it.

    ``lix`` is a plain number: below 30 very easy, 30–40 easy, 40–50 medium, above 60 very hard (Björnsson 1968).
    ``long_words`` are those of more than six letters, each once, longest first.
    """

    lix: float
    words: int
    sentences: int
    long_words: tuple[str, ...]


def readability(text: str) -> Readability:
    """LIX = words per sentence + percentage of words longer than six letters (Björnsson 1968)."""
    words = _WORD.findall(text)
    sentences = sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part))
    if not words:
        return Readability(0.0, 0, 0, ())
    long_words = [word for word in words if len(word) > _LONG_WORD]
    lix = len(words) / sentences + 100 * len(long_words) / len(words)
    distinct = sorted({word.lower() for word in long_words}, key=lambda word: (-len(word), word))
    return Readability(lix, len(words), sentences, tuple(distinct))
