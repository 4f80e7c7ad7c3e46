"""What a message is counted by: pieces of words and words, as it was written and in the common form.

Character n-grams carry most of what is found in short, misspelt, dialectal text; the common form brings together what
is written in many ways. docs/understanding.md has the figures of each view.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.language.cleaning import fold
from bot.language.masks import masked
from bot.language.normalise import normalise

Matrix: TypeAlias = Any
"""A sparse matrix, scipy.sparse.csr_matrix: one row a text."""

_WRITTEN, _COMMON, _MASKED = "written", "common", "masked"
_READERS: dict[str, Callable[[str], str]] = {
    _WRITTEN: fold,
    _COMMON: lambda text: normalise(text).text,
    _MASKED: masked,
}


class Ngrams:
    """TF-IDF weighted n-grams of three views of a text, each view of unit length.

    Characters 2–5 within the words of the common form, words 1–2 as written, and words 1–2 of the common form with
    names and figures masked. Fitted by scikit-learn; ``row`` gives for one text what its ``transform`` gives, eight
    times as fast: a message comes alone, and scikit-learn's cost for one row is nearly all overhead.
    """

    def __init__(self, *, least: int = 2) -> None:
        """``least``: a feature that fewer texts hold is left out."""
        common = {"sublinear_tf": True, "min_df": least, "lowercase": False, "dtype": np.float32}
        words = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\w+"}
        self._parts = (
            (_COMMON, TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **common)),
            (_WRITTEN, TfidfVectorizer(**words, **common)),
            (_MASKED, TfidfVectorizer(**words, **common)),
        )
        self._tables: list[tuple[str, Callable[[str], list[str]], dict[str, tuple[int, float]]]] = []
        self.size = 0
        """How many features there are."""

    def fit(self, texts: Sequence[str]) -> Ngrams:
        """Learn which features there are and how rare each is."""
        read = {view: [reader(text) for text in texts] for view, reader in _READERS.items()}
        for view, part in self._parts:
            part.fit(read[view])
            table = {term: (self.size + place, float(part.idf_[place])) for term, place in part.vocabulary_.items()}
            self._tables.append((view, part.build_analyzer(), table))
            self.size += len(table)
        return self

    def transform(self, texts: Sequence[str]) -> Matrix:
        """(n × features)."""
        read = {view: [reader(text) for text in texts] for view, reader in _READERS.items()}
        return hstack([part.transform(read[view]) for view, part in self._parts], format="csr")

    def row(self, text: str) -> Matrix:
        """(1 × features)."""
        places: list[int] = []
        weights: list[float] = []
        read = {view: reader(text) for view, reader in _READERS.items()}
        for view, analyse, table in self._tables:
            counts = Counter(term for term in analyse(read[view]) if term in table)
            values = [(1.0 + math.log(count)) * table[term][1] for term, count in counts.items()]
            length = math.sqrt(sum(value * value for value in values)) or 1.0
            places += [table[term][0] for term in counts]
            weights += [value / length for value in values]
        data, columns = np.array(weights, dtype=np.float32), np.array(places, dtype=np.int32)
        return csr_matrix((data, columns, np.array([0, len(places)], dtype=np.int32)), shape=(1, self.size))
