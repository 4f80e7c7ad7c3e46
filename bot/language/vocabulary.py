"""How often words are written, and which word was meant when å, æ and ø were not at hand.

The counts lie in data/vocabulary.tsv (tools/vocabulary.py says over what they were taken).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import simplemma

_FILE = Path(__file__).parent / "data" / "vocabulary.tsv"
_FORMS = ("nb", "nn")
_DIGRAPHS = (("aa", "å"), ("oe", "ø"), ("ae", "æ"))
_PLAIN = str.maketrans("åøæ", "aoa")
_PLAIN_E = str.maketrans("åøæ", "aoe")
# A spelling without rings is read as a word with them when that word is written this often; where a dictionary knows
# the spelling itself («nar», a fool) only when the other is as common as «når».
_COMMON, _VERY_COMMON = 3, 200
# Only words written this often are taken for what a misspelt word meant.
_MEANT = 20


@dataclass(frozen=True)
class Vocabulary:
    """Counts of words in bokmål (``nb``), nynorsk (``nn``), English (``en``) and dialect and slang (``talk``)."""

    nb: dict[str, int] = field(default_factory=dict)
    nn: dict[str, int] = field(default_factory=dict)
    en: dict[str, int] = field(default_factory=dict)
    talk: dict[str, int] = field(default_factory=dict)
    ringed: dict[str, str] = field(default_factory=dict)
    """For a spelling without å, æ and ø: the most common word it may stand for."""
    near: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    """Common words by first letter and length."""

    def norwegian(self, word: str) -> int:
        """How often ``word`` was seen in either written form."""
        return self.nb.get(word, 0) + self.nn.get(word, 0)

    def seen(self, word: str) -> bool:
        """``word`` was seen in a written form or in English."""
        return word in self.nb or word in self.nn or word in self.en

    def with_rings(self, word: str) -> str | None:
        """«paa», «vaere» and «nar» with the letters that were meant; None when it is not clear."""
        meant = self.ringed.get(_without_rings(word))
        if meant is None or meant == word:
            return None
        count = self.norwegian(meant)
        doubled = any(pair in word for pair, _ in _DIGRAPHS)
        if count >= (_COMMON if doubled or not in_dictionary(word) else _VERY_COMMON):
            return meant
        return None


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The counts, read once."""
    found = Vocabulary()
    for line in _FILE.read_text("utf-8").splitlines():
        word, *counts = line.split("\t")
        for table, count in zip((found.nb, found.nn, found.en, found.talk), map(int, counts), strict=True):
            if count:
                table[word] = count
    near: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for word in {**found.nb, **found.nn}:
        count = found.norwegian(word)
        if any(letter in word for letter in "åøæ"):
            for key in {word.translate(_PLAIN), word.translate(_PLAIN_E)}:
                if count > found.norwegian(found.ringed.get(key, "")):
                    found.ringed[key] = word
        if found.nb.get(word, 0) >= _MEANT:
            near[word[0], len(word)].append(word)
    found.near.update(near)
    return found


@lru_cache(maxsize=20_000)
def in_dictionary(word: str) -> bool:
    """A dictionary of bokmål or nynorsk knows ``word`` (simplemma's)."""
    return any(simplemma.is_known(word, lang=form) for form in _FORMS)


def _without_rings(word: str) -> str:
    for pair, letter in _DIGRAPHS:
        word = word.replace(pair, letter)
    return word.translate(_PLAIN)
