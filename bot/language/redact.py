"""A message without what tells who wrote it or about whom: for the list of what was not understood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from bot.language.entities import find_entities

Span = tuple[int, int]
"""Where something stands in a text: its first character and the one after its last."""

_BLANK = {
    "place": "⟨sted⟩",
    "country": "⟨land⟩",
    "nationality": "⟨land⟩",
    "age": "⟨alder⟩",
    "time": "⟨tid⟩",
}
_NAME, _FIGURE, _ADDRESS = "⟨navn⟩", "⟨tall⟩", "⟨adresse⟩"
_ADDRESSES = re.compile(
    r"\S+@\S+|\b(?:https?://|www\.)\S+|\b[\w.-]+\.(?:no|com|org|net)\b\S*|(?<!\w)@\w+", re.IGNORECASE
)
_FIGURES = re.compile(r"\d[\d .:/-]*")
# A capital letter inside a sentence: a name that no list and no model knew.
_CAPITAL = re.compile(r"(?<=[^\s.!?:…«\"(-] )[A-ZÆØÅ][^\W\d_]+")


def redacted(text: str, now: datetime, names: Iterable[Span] = ()) -> str:
    """``text`` with names, places, countries, ages, times, figures and addresses blanked.

    ``names``: where a model has found names. Blanks too much rather than too little: a word that only looks like a
    name goes as well.
    """
    found = [
        (entity.start, entity.end, _BLANK[entity.kind]) for entity in find_entities(text, now) if entity.kind in _BLANK
    ]
    found += [(*match.span(), _ADDRESS) for match in _ADDRESSES.finditer(text)]
    found += [(start, end, _NAME) for start, end in names]
    found += [(*match.span(), _NAME) for match in _CAPITAL.finditer(text)]
    found += [
        (match.start(), match.start() + len(match.group().rstrip(" .:/-")), _FIGURE)
        for match in _FIGURES.finditer(text)
    ]
    kept, at = [], 0
    for start, end, blank in sorted(found, key=lambda item: (item[0], -item[1])):
        if start >= at:
            kept += [text[at:start], blank]
        at = max(at, end)
    return "".join([*kept, text[at:]])
