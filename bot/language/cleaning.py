"""What comes in, made fit to read: always text, never longer, nothing that a terminal or a log could trip on."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_STRETCHED = re.compile(r"(\w)\1{2,}")
# Zero-width joiners hold emoji together and are kept; directional marks are not needed to read a line.
_KEPT_FORMAT = {"\u200d"}


def clean(text: str) -> str:
    """Composed Unicode, no control characters or lone surrogates, single spaces."""
    kept = (
        character
        for character in unicodedata.normalize("NFC", text)
        if character in _KEPT_FORMAT
        or character.isspace()
        or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return _SPACE.sub(" ", "".join(kept)).strip()


def fold(text: str) -> str:
    """The form that statistics are taken over: lower case, «hjeeeelp» as «hjeelp», typographic signs as plain ones."""
    lowered = text.lower().replace("’", "'").replace("«", '"').replace("»", '"')
    return _STRETCHED.sub(r"\1\1", lowered)
