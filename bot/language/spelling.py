"""One word as it was typed → the word or words that were meant. Pure, and remembered for each word."""

from __future__ import annotations

import itertools
import math
import re
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from bot.language.forms import forms
from bot.language.vocabulary import in_dictionary, vocabulary

_COMPOUNDS = Path(__file__).parent / "data" / "compounds.tsv"
_RUN = re.compile(r"(.)\1+")
_LONG_RUN = re.compile(r"(.)\1{2,}")
LONGEST = 40
"""Letters of a word that are read."""
_MOST_RUNS = 3
# Letters beyond which a word that is not known may be one that is, misspelt.
_SHORTEST_MISSPELT = 5
_SHORTEST_PART = 3
_SHORTEST_JOINED, _LONGEST_JOINED, _MOST_PARTS = 5, 30, 4
# Words that run together with their neighbours. At least one must be there: else it is a compound, which is one word.
_JOINERS = frozenset(
    (
        *("ikke", "jeg", "meg", "deg", "seg", "du", "hun", "han", "vi", "dere", "det", "er", "har", "kan", "vil", "må"),
        *("skal", "hva", "hvorfor", "hvordan", "hvem", "noen", "noe"),
    )
)
_PART_SEEN = 30
_FIXPOINT = 4


def meant(word: str) -> str:
    """The common form of ``word`` (one or more words with single spaces); lower case. Empty when no letter is in it.

    ``meant(part)`` is ``part`` for every part of what it returns.
    """
    if len(word) > LONGEST:
        word = _LONG_RUN.sub(r"\1\1", word)[:LONGEST]
    return _meant(word)


@lru_cache(maxsize=50_000)
def _meant(word: str) -> str:
    text = _letters(word)
    for _ in range(_FIXPOINT):
        again = " ".join(_one(part) for part in text.split(" ")) if text else ""
        if again == text:
            break
        text = again
    return text


def _letters(word: str) -> str:
    lowered = word.lower().replace("’", "'")
    if not lowered.isalpha():
        lowered = "".join(letter for letter in lowered if letter.isalpha() or letter == "'").strip("'")
    return lowered


@lru_cache(maxsize=1)
def compounds() -> frozenset[str]:
    """«first last» for each compound that people split in two (tools/vocabulary.py)."""
    return frozenset(_COMPOUNDS.read_text("utf-8").replace("\t", " ").splitlines())


@lru_cache(maxsize=1)
def first_parts() -> frozenset[str | None]:
    """The first halves of those, some of which are no words alone («tvangs»)."""
    return frozenset(pair.split(" ")[0] for pair in compounds())


@lru_cache(maxsize=50_000)
def _one(word: str) -> str:
    table = forms()
    if word in table.common:
        return table.common[word]
    if word in table.careful or len(word) == 1 or _known(word):
        return word
    return vocabulary().with_rings(word) or _shortened(word) or _unknown(word)


def _shortened(word: str) -> str | None:
    """«hjeeelp» as «hjelp», «neii» as «nei»: the most common known spelling with fewer of the same letter."""
    stretched = bool(_LONG_RUN.search(word))
    runs = len(_RUN.findall(word))
    if 0 < runs <= _MOST_RUNS:
        shorter = {_repeated(word, counts) for counts in itertools.product((1, 2), repeat=runs)} - {word}
        # A double letter that is put in is a misspelling only when what it makes is common.
        least = 1 if stretched else _PART_SEEN
        known = [spelling for spelling in shorter if _weight(spelling) >= least]
        if known:
            return max(known, key=lambda spelling: (_weight(spelling), spelling))
    return _LONG_RUN.sub(r"\1\1", word) if stretched else None


def _repeated(word: str, counts: tuple[int, ...]) -> str:
    """``word`` with its runs of a letter made as long as ``counts`` says."""
    lengths = iter(counts)
    return _RUN.sub(lambda match: match.group(1) * next(lengths), word)


def _weight(word: str) -> int:
    """How common a spelling is, also one that is no ordinary bokmål."""
    table = forms()
    return vocabulary().norwegian(word) or int(word in table.common or word in table.careful or _known(word))


def _known(word: str) -> bool:
    return word in forms().targets or word in first_parts() or vocabulary().seen(word)


def _unknown(word: str) -> str:
    # Genitive and passive are written with an s after what is known.
    if in_dictionary(word) or (word[-1] == "s" and _known(word[:-1])):
        return word
    joined = _apart(word)
    if joined:
        return joined
    if len(word) < _SHORTEST_MISSPELT or _is_compound(word):
        return word
    return _nearest(word) or word


def _apart(word: str) -> str | None:
    """«ikkenoe» as «ikke noe»: the likeliest row of known words, one of them a joiner."""
    if not _SHORTEST_JOINED <= len(word) <= _LONGEST_JOINED:
        return None
    words = vocabulary()
    best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
    for end in range(2, len(word) + 1):
        for start in range(max(0, end - 15), end - 1):
            part = word[start:end]
            if start not in best or not (part in _JOINERS or len(part) >= _SHORTEST_PART):
                continue
            count = words.nb.get(part, 0)
            cost, parts = best[start]
            if count < _PART_SEEN or len(parts) == _MOST_PARTS:
                continue
            cost += math.log(600_000 / count)
            if end not in best or cost < best[end][0]:
                best[end] = (cost, (*parts, part))
    parts = best.get(len(word), (0.0, ()))[1]
    if len(parts) < 2 or not _JOINERS.intersection(parts) or forms().careful.keys() & set(parts):
        return None
    return " ".join(parts)


def _is_compound(word: str) -> bool:
    words = vocabulary()
    for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        first, last = word[:at], word[at:]
        if words.norwegian(last) and (words.norwegian(first) or (first[-1] in "se" and words.norwegian(first[:-1]))):
            return True
    return False


def _nearest(word: str) -> str | None:
    """The most common word that one slip away gives ``word``; the first letter is seldom wrong."""
    words = vocabulary()
    found = [
        candidate
        for length in (len(word) - 1, len(word), len(word) + 1)
        for candidate in words.near.get((word[0], length), ())
        if OSA.distance(word, candidate, score_cutoff=1) <= 1
    ]
    return max(found, key=lambda candidate: (words.nb[candidate], candidate), default=None)
