"""Make edited sentences look like what people type: no capitals, slips of the finger, other names.

Every function keeps the number of tokens, so what a token is annotated with stays true.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from nlp.reader import Row

_PLAIN = {"å": "aa", "ø": "o", "æ": "ae"}
_LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"


def lowered(row: Row) -> Row:
    """Without capitals; the lemmas too, since nobody can know that «hope» was a family."""
    return replace(row, words=[w.lower() for w in row.words], lemmas=[lemma.lower() for lemma in row.lemmas])


def without_stop(row: Row) -> Row:
    """Without the full stop at the end, if something else is left."""
    if len(row.words) < 2 or row.words[-1] not in (".", "!"):
        return row
    cut = replace(row, **{name: getattr(row, name)[:-1] for name in row.__dataclass_fields__})
    return replace(cut, spaces=[*cut.spaces[:-1], True])


def mistyped(row: Row, share: float, chance: random.Random) -> Row:
    """A ``share`` of the longer words with a letter left out, doubled, swapped or another; å, ø, æ spelt otherwise."""
    words = [slip(word, chance) if len(word) > 3 and chance.random() < share else word for word in row.words]
    return replace(row, words=words)


def slip(word: str, chance: random.Random) -> str:
    """``word`` with one slip of the finger, never an empty string and never with a space."""
    place = chance.randrange(1, len(word))
    letter = word[place]
    if not letter.isalpha():
        return word
    kind = chance.randrange(5)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + letter + word[place:]
    if kind == 2 and place + 1 < len(word):
        return word[:place] + word[place + 1] + letter + word[place + 2 :]
    if kind == 3:
        return "".join(_PLAIN.get(letter, letter) for letter in word)
    return word[:place] + chance.choice(_LETTERS) + word[place + 1 :]


@dataclass(frozen=True)
class Untidy:
    """Names to put in the place of others: given and family names, places."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Untidy:
        """From a YAML file with the lists «given», «family» and «places»."""
        lists = yaml.safe_load(Path(path).read_text("utf-8"))
        return cls(*(tuple(n for n in lists[kind] if " " not in n) for kind in ("given", "family", "places")))

    def swapped(self, row: Row, share: float, chance: random.Random) -> Row:
        """``row`` with a share of its persons and one-word places called something else (the genitive's s is kept)."""
        words, lemmas = list(row.words), list(row.lemmas)
        index = 0
        while index < len(words):
            end = index + 1
            while end < len(words) and row.names[end].startswith("I-"):
                end += 1
            kind = row.names[index].removeprefix("B-")
            if kind in ("PER", "GPE_LOC", "GPE_ORG") and chance.random() < share:
                for place in range(index, end):
                    new = self._other(kind, place - index, end - index, chance)
                    if new and words[place][:1].isupper() and words[place].isalpha():
                        genitive = words[place].endswith("s") and not lemmas[place].endswith("s")
                        words[place], lemmas[place] = new + ("s" if genitive else ""), new
            index = end
        return replace(row, words=words, lemmas=lemmas)

    def _other(self, kind: str, place: int, length: int, chance: random.Random) -> str | None:
        if kind == "PER":
            family = place == length - 1 and (length > 1 or chance.random() < 0.6)
            return chance.choice(self.family if family else self.given)
        return chance.choice(self.places) if length == 1 else None
