"""What the two written forms do not share, counted in the training part: the table of the component written_form."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from nlp.corpus import Sentence

_COMMON, _TIMES = 20, 60
"""A word marks a form when it stands there at least so often, and less than one in so many times in the other."""
_SEEN, _RARE = 4, 0.02
"""Lemmas and features of a word are swapped when it is seen so often in both, and the other's in so small a part."""
Counts = Mapping[tuple[str, str], Counter[str]]


def table(bokmaal: Sequence[Sentence], nynorsk: Sequence[Sentence]) -> dict[str, Any]:
    """Marks and swaps, from sentences with UD's classes and features."""
    both = (bokmaal, nynorsk)
    words = [_words(sentences) for sentences in both]
    return {
        "marks": {"nb": _marks(words[0], words[1]), "nn": _marks(words[1], words[0])},
        "lemmas": _swaps(*(_counts(sentences, "lemma") for sentences in both)),
        "morphs": _swaps(*(_counts(sentences, "feats") for sentences in both)),
    }


def _words(sentences: Sequence[Sentence]) -> Counter[str]:
    """Words that are written with small letters: no names."""
    return Counter(token.form for sentence in sentences for token in sentence.tokens if token.form.islower())


def _marks(own: Counter[str], other: Counter[str]) -> list[str]:
    return sorted(w for w, n in own.items() if n >= _COMMON and other[w] * _TIMES < n and w.isalpha())


def _counts(sentences: Sequence[Sentence], what: str) -> Counts:
    found: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for token in sentence.tokens:
            value = token.lemma if what == "lemma" else "|".join(token.feats)
            found[token.form.lower(), token.pos][value] += 1
    return found


def _swaps(bokmaal: Counts, nynorsk: Counts) -> dict[str, dict[str, list[str]]]:
    found: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for word, pos in sorted(bokmaal.keys() & nynorsk.keys()):
        ours, theirs = bokmaal[word, pos], nynorsk[word, pos]
        if min(ours.total(), theirs.total()) < _SEEN:
            continue
        one, other = ours.most_common(1)[0][0], theirs.most_common(1)[0][0]
        apart = ours[other] <= _RARE * ours.total() and theirs[one] <= _RARE * theirs.total()
        if one != other and apart:
            found[word][pos] = [one, other]
    return dict(found)
