"""Names from a list, found in running text: whole words, inflected, without their diacritics, or misspelt.

What a name means and when it may be believed is the caller's. A name of several words is found with spaces, hyphens
or dots between them. Misspellings are compared with Damerau-Levenshtein distance (optimal string alignment), and only
words that no Norwegian or English dictionary has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Generic, TypeVar

import simplemma
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.tokens import Token, squeezed, tokens

T = TypeVar("T")

EXACT, PLAIN = 1.0, 0.95
"""Confidence (0…1) in a name that is spelt right, and in one with aa, ae, oe or stretched letters."""
_ONE_OFF, _TWO_OFF = 0.8, 0.7
_SHORTEST_MISSPELT, _LONG = 6, 10
# «Oslos», but not «oss» as the genitive of Os.
_SHORTEST_GENITIVE = 5
# How many unknown words of a message are compared with the list: bounds the time for a text of nothing but nonsense.
_MISSPELT_AT_MOST = 40
_DIGRAPHS = (("aa", "å"), ("ae", "æ"), ("oe", "ø"))
# First letters that are heard alike.
_SOUNDS = {
    letter: group for group in ("ckq", "sz", "æea", "oåu", "øo", "jgiy", "vw", "td", "fp", "eiy") for letter in group
}


@dataclass(frozen=True)
class Found(Generic[T]):
    """A name in a text: the tokens ``first`` to ``last`` (included), what it may mean, and how sure it is."""

    first: int
    last: int
    start: int
    end: int
    form: str
    meanings: tuple[T, ...]
    confidence: float


class Gazetteer(Generic[T]):
    """A list of names, each with what it means."""

    def __init__(self, names: Iterable[tuple[str, T]], *, misspelt: Callable[[T], bool] | None = None) -> None:
        """``names``: a form in any case and a meaning; the same form may have several meanings. ``misspelt`` tells
        which meanings are looked for in misspellings too; None: none of them."""
        self._meanings: dict[tuple[str, ...], list[T]] = {}
        for form, meaning in names:
            key = tuple(token.text for token in tokens(form))
            if key and meaning not in self._meanings.setdefault(key, []):
                self._meanings[key].append(meaning)
        self._longest: dict[str, int] = {}
        for key in self._meanings:
            self._longest[key[0]] = max(len(key), self._longest.get(key[0], 0))
        self._by_sound: dict[str, list[str]] = {}
        for key, meanings in self._meanings.items() if misspelt else ():
            if misspelt and len(key) == 1 and len(key[0]) >= _SHORTEST_MISSPELT and all(map(misspelt, meanings)):
                self._by_sound.setdefault(key[0][0], []).append(key[0])
        self._closest = lru_cache(maxsize=10_000)(self._misspelt)

    def get(self, name: str) -> tuple[T, ...]:
        """What ``name``, spelt right, may mean."""
        return tuple(self._meanings.get(tuple(token.text for token in tokens(name)), ()))

    def find(self, words: Sequence[Token]) -> Iterator[Found[T]]:
        """Names in ``words``, from left to right, the longest first, none inside another."""
        at, compared = 0, 0
        while at < len(words):
            found = self._exact(words, at)
            if found is None and compared < _MISSPELT_AT_MOST and self._worth_comparing(words[at].text):
                compared += 1
                close, confidence = self._closest(words[at].text)
                if close:
                    found = self._found(words, at, at, (close,), confidence)
            if found is not None:
                yield found
                at = found.last
            at += 1

    def _exact(self, words: Sequence[Token], at: int) -> Found[T] | None:
        for form, confidence in _spellings(words[at].text):
            for length in range(min(self._longest.get(form, 0), len(words) - at), 0, -1):
                key = (form, *(word.text for word in words[at + 1 : at + length]))
                last = at + length - 1
                for tried in (key, _without_s(key)):
                    if tried in self._meanings and _unbroken(words[at : last + 1]):
                        return self._found(words, at, last, tried, confidence)
        bare = _without_s((words[at].text,))
        if bare in self._meanings:
            return self._found(words, at, at, bare, EXACT)
        return None

    def _found(
        self, words: Sequence[Token], first: int, last: int, key: tuple[str, ...], confidence: float
    ) -> Found[T]:
        start, end = words[first].start, words[last].end
        return Found(first, last, start, end, " ".join(key), tuple(self._meanings[key]), confidence)

    def _worth_comparing(self, word: str) -> bool:
        return bool(self._by_sound) and len(word) >= _SHORTEST_MISSPELT and word.isalpha()

    def _misspelt(self, word: str) -> tuple[str, float]:
        """The one name that ``word`` can be a misspelling of, and the confidence; an empty name when none or two."""
        squeezed_word = squeezed(word)
        for tried in dict.fromkeys((squeezed_word, squeezed_word.removesuffix("s"))):
            if (tried,) in self._meanings and tried != word:
                return tried, PLAIN
            allowed = 2 if len(tried) >= _LONG else 1
            names = [name for letter in _SOUNDS.get(tried[0], tried[0]) for name in self._by_sound.get(letter, ())]
            best = process.extract(tried, names, scorer=OSA.distance, score_cutoff=allowed, limit=2)
            if not best or is_ordinary(word) or is_ordinary(word.removesuffix("s")):
                continue
            meanings = {tuple(map(id, self._meanings[(name,)])) for name, distance, _ in best if distance == best[0][1]}
            if len(meanings) == 1:
                return best[0][0], _ONE_OFF if best[0][1] <= 1 else _TWO_OFF
        return "", 0.0


@lru_cache(maxsize=20_000)
def is_ordinary(word: str) -> bool:
    """A dictionary of bokmål, nynorsk or English has the word."""
    return bool(simplemma.is_known(word, lang=("nb", "nn", "en")))


def _spellings(word: str) -> Iterator[tuple[str, float]]:
    yield word, EXACT
    plain = word
    for digraph, letter in _DIGRAPHS:
        plain = plain.replace(digraph, letter)
    if plain != word:
        yield plain, PLAIN


def _without_s(key: tuple[str, ...]) -> tuple[str, ...]:
    """The name under a genitive."""
    return (*key[:-1], key[-1][:-1]) if len(key[-1]) >= _SHORTEST_GENITIVE and key[-1].endswith("s") else key


def _unbroken(words: Sequence[Token]) -> bool:
    """No sentence ends and nothing but a space or a sign stands between the words."""
    return all(after.start - before.end <= 2 for before, after in pairwise(words))
