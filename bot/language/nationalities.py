"""Nationalities and peoples named in running text, with the countries they stand for.

data/nationalities.csv has the adjectives and nouns in their base form: «somalisk», «pakistaner», «kurder». They are
found in every inflection and joined to another («norsk-irakisk», «norskpakistansk»). An adjective that stands for a
language or a dish is left alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.language.lists import words
from bot.language.tokens import Token, tokens

_FILE = Path(__file__).parent / "data" / "nationalities.csv"
_LANGUAGE_BEFORE, _NOT_BEFORE, _NORWEGIAN_BEFORE, _NORWEGIAN_AFTER = (
    words("nationality_context", key)
    for key in ("language_before", "not_before", "norwegian_before", "norwegian_after")
)
_AND = frozenset(("og", "å", "eller"))
_NOUN_ENDINGS = ("", "e", "en", "ne", "ar", "ane", "s", "ens", "nes", "er", "ene", "n", "erne")
# Forms that are other words.
_NEVER = frozenset(("danskar",))


@dataclass(frozen=True)
class NationalityMention:
    """A nationality in a text, the characters ``start`` to ``end``: ISO codes, more than one for who belongs to two
    countries or to a people that lives in several."""

    codes: tuple[str, ...]
    start: int
    end: int


def find_nationalities(text: str) -> list[NationalityMention]:
    """Every nationality named in ``text``, in order."""
    return nationalities_among(tokens(text))


def nationalities_among(message: Sequence[Token]) -> list[NationalityMention]:
    """The same, for a text that has been split into words."""
    found: list[NationalityMention] = []
    language = False
    for at, token in enumerate(message):
        codes = _codes(token.text)
        if not codes:
            # «norsk og engelsk» is one list.
            language = language and token.text in _AND
            continue
        joined = token.joined and found and found[-1].end == token.start - 1
        hyphenated = at + 1 < len(message) and message[at + 1].joined and bool(_codes(message[at + 1].text))
        if joined:
            found[-1] = NationalityMention((*found[-1].codes, *codes), found[-1].start, token.end)
        elif hyphenated or not (language or _is_something_else(message, at, codes)):
            found.append(NationalityMention(codes, token.start, token.end))
        else:
            language = True
    return found


def _is_something_else(message: Sequence[Token], at: int, codes: tuple[str, ...]) -> bool:
    word = message[at].text
    before = message[at - 1].text if at else ""
    after = message[at + 1].text if at + 1 < len(message) else ""
    if at + 1 < len(message) and message[at + 1].joined:
        return True
    if codes == ("NO",) and word.startswith(("norsk", "norwegian")):
        return after not in _NORWEGIAN_BEFORE and (before not in _NORWEGIAN_AFTER or after in _NOT_BEFORE)
    if word in _bare():
        listed = before in _AND and any(token.text in _LANGUAGE_BEFORE for token in message[max(0, at - 3) : at - 1])
        return listed or before in _LANGUAGE_BEFORE or after in _NOT_BEFORE
    return after in _NOT_BEFORE


@lru_cache(maxsize=20_000)
def _codes(word: str) -> tuple[str, ...]:
    known = _forms()
    if word in known:
        return known[word]
    for first in ("norsk", "norsk-"):
        rest = word.removeprefix(first)
        if rest != word and rest in known:
            return ("NO", *known[rest])
    return ()


@lru_cache(maxsize=1)
def _bare() -> frozenset[str]:
    """Adjectives as the language is called."""
    return frozenset(form for form, _ in _rows() if form.endswith(("sk", "sh", "ian", "ali", "abi", "omo")))


@lru_cache(maxsize=1)
def _forms() -> dict[str, tuple[str, ...]]:
    forms: dict[str, tuple[str, ...]] = {}
    for form, codes in _rows():
        endings = ("", "e", "t") if form.endswith("sk") else _NOUN_ENDINGS
        for ending in endings:
            if form + ending not in _NEVER and len(form) > 3:
                forms.setdefault(form + ending, codes)
    for word in ("nordmenn", "nordmennene", "nordmannen", "franskmenn", "engelskmenn"):
        forms[word] = forms[word[:4] + "mann" if word.startswith("nord") else word.removesuffix("menn") + "mann"]
    return forms


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[str, tuple[str, ...]], ...]:
    def read() -> Iterator[tuple[str, tuple[str, ...]]]:
        with _FILE.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["form"], tuple(row["codes"].split())

    return tuple(read())
