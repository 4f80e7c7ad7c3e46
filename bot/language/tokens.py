"""Words of a message with their place in it: what everything that looks for names and numbers reads."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

READ_AT_MOST = 8_000
"""Characters. What comes later in a message is not searched for entities, so that none takes long to read."""
_LONGEST = 60
# A letter or digit may carry marks of its own (å as two characters).
_WORD = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_\u0300-\u036f]*)*")
_STRETCHED = re.compile(r"(\w)\1{2,}")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a number: ``text`` in lower case and composed, the characters ``start`` to ``end`` of the message."""

    text: str
    start: int
    end: int
    capital: bool
    """Begins with a capital letter, in a message that is not written in capitals throughout."""
    joined: bool
    """A hyphen joins it to the word before."""
    opens: bool
    """The first word of a sentence."""


def tokens(text: str) -> list[Token]:
    """The words of ``text`` in order; a word longer than 60 characters is left out."""
    text = text[:READ_AT_MOST]
    composed = unicodedata.is_normalized("NFC", text)
    shouted = text.isupper()
    found: list[Token] = []
    last = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if end - start <= _LONGEST:
            word = match.group() if composed else unicodedata.normalize("NFC", match.group())
            between = text[last:start]
            opens = not found or any(mark in between for mark in ".!?\n:•")
            found.append(
                Token(word.lower(), start, end, word[0].isupper() and not shouted, between in ("-", "–"), opens)
            )
        last = end
    return found


def squeezed(word: str) -> str:
    """«osloooo» as «oslo»: a letter that stands three times or more stands once."""
    return _STRETCHED.sub(r"\1", word)
