"""Norwegian words for search: lemmas, the parts of compounds, and words that mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import simplemma

from bot.language.cleaning import fold

_WORD = re.compile(r"[^\W_]+")
# Bokmål first: it decides where the two written forms share a word.
_FORMS = ("nb", "nn")
_SHORTEST_PART = 3
_SHORTEST_COMPOUND = 8
# Words that say nothing of what is asked about.
STOP_WORDS = frozenset((Path(__file__).parent / "data" / "stop_words.txt").read_text("utf-8").split())


def lemmas(text: str) -> list[str]:
    """The lemmas of the words of ``text``, in order, without stop words."""
    return [_lemma(word) for word in _WORD.findall(fold(text)) if word not in STOP_WORDS]


@lru_cache(maxsize=50_000)
def _lemma(word: str) -> str:
    return str(simplemma.lemmatize(word, lang=_FORMS)).lower()


def compound_parts(word: str, known: frozenset[str]) -> tuple[str, ...]:
    """The two known words that ``word`` is joined of, with «s» or «e» between or nothing; empty when it is not.

    «utreiseforbud» gives «utreise» and «forbud». The split with the longest last part is chosen: the last part of a
    Norwegian compound is its head.
    """
    if len(word) < _SHORTEST_COMPOUND:
        return ()
    for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        head = _known_form(word[at:], known)
        if head is None:
            continue
        first = word[:at]
        for modifier in (first, first[:-1] if first[-1] in "se" else ""):
            form = _known_form(modifier, known)
            if form is not None:
                return form, head
    return ()


def _known_form(word: str, known: frozenset[str]) -> str | None:
    """``word`` or its lemma, whichever is known."""
    if len(word) < _SHORTEST_PART:
        return None
    return next((form for form in (word, _lemma(word)) if form in known), None)


class Synonyms:
    """Groups of words and phrases that are read as the first of their group."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._words: dict[str, str] = {}
        phrases: dict[str, str] = {}
        for group in groups:
            token = "_".join(lemmas(group[0])) or fold(group[0])
            for member in group:
                if len(member.split()) > 1:
                    phrases[fold(member)] = token
                else:
                    self._words[_lemma(fold(member))] = token
                    self._words[fold(member)] = token
        longest = sorted(phrases, key=len, reverse=True)
        self._phrases = phrases
        self._phrase = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest))})(?!\w)") if longest else None

    def tokens(self, text: str) -> list[str]:
        """The lemmas of ``text``, each followed by the word its group is read as."""
        folded = fold(text)
        found = [self._phrases[match.group(1)] for match in self._phrase.finditer(folded)] if self._phrase else []
        for lemma in lemmas(folded):
            found.append(lemma)
            if self._words.get(lemma, lemma) != lemma:
                found.append(self._words[lemma])
        return found
