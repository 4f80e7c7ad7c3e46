"""Lists of words and phrases, found among the words of a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.language.tokens import Token, tokens

T = TypeVar("T")


@dataclass(frozen=True)
class Hit(Generic[T]):
    """A phrase in a query: what it stands for, and the words ``first`` to ``last`` (included)."""

    meaning: T
    first: int
    last: int


class Phrases(Generic[T]):
    """Phrases, each with what it stands for. A star at the end of a word stands for the rest of it."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self._stems: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, meaning in phrases:
            parts = _parts(phrase)
            if not parts:
                continue
            table = self._stems if parts[0].endswith("*") else self._by_first
            table.setdefault(parts[0].rstrip("*"), []).append((parts, meaning))
        self._lengths = sorted({len(stem) for stem in self._stems}, reverse=True)

    def find(self, words: Sequence[Token]) -> Iterator[Hit[T]]:
        """Every phrase in ``words``, in order; phrases may overlap."""
        for at, word in enumerate(words):
            for parts, meaning in self._starting(word.text):
                last = at + len(parts) - 1
                if last < len(words) and all(
                    _matches(part, words[at + number].text) for number, part in enumerate(parts[1:], start=1)
                ):
                    yield Hit(meaning, at, last)

    def any(self, words: Sequence[Token]) -> bool:
        """One of the phrases is there."""
        return next(self.find(words), None) is not None

    def stems(self) -> list[tuple[str, T]]:
        """The single words, without stars: what a misspelling is compared with."""
        return [
            (parts[0].rstrip("*"), meaning)
            for table in (self._by_first, self._stems)
            for entries in table.values()
            for parts, meaning in entries
            if len(parts) == 1
        ]

    def _starting(self, word: str) -> Iterator[tuple[tuple[str, ...], T]]:
        yield from self._by_first.get(word, ())
        for length in self._lengths:
            if length <= len(word):
                yield from self._stems.get(word[:length], ())


def _parts(phrase: str) -> tuple[str, ...]:
    parts = []
    for token in tokens(phrase):
        star = "*" if phrase[token.end : token.end + 1] == "*" else ""
        parts.append(token.text + star)
    return tuple(parts)


def _matches(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part
