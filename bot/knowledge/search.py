"""Find articles (and for staff: laws, services, countries and figures) by words.

Three views are added up: BM25 over lemmas, compound parts and synonyms, which knows words; cosine over character
n-grams, which forgives spelling, dialect and inflection; and, where there are examples of how people ask, a linear
model that has learnt which article they meant.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import bm25s
import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from bot.knowledge.documents import ARTICLE, BODY, COUNTRY, LAW, SERVICE, TABLE, Document, Hit, documents
from bot.knowledge.reading import read_yaml
from bot.knowledge.store import Knowledge
from bot.language.cleaning import fold
from bot.language.words import Synonyms, compound_parts

__all__ = ["ARTICLE", "COUNTRY", "LAW", "SERVICE", "TABLE", "Hit", "Search"]

# It logs every step, at a level that it sets itself.
logging.getLogger("bm25s").setLevel(logging.WARNING)

_SPELLING_WEIGHT, _LEARNT_WEIGHT = 1.0, 2.0
# Softens the linear model's margins into shares. Measured, like the weights, on every other line of
# tests/data/search_questions.jsonl; the lines between were only reported on.
_SOFTNESS = 0.25


class Search:
    """An index over one knowledge base: one second to build, three more with ``examples``.

    ``examples``: for each topic, messages that people would write about it.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        kinds: Sequence[str] = (ARTICLE,),
        examples: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._synonyms = Synonyms(read_yaml(knowledge.root / "synonyms.yml"))
        self._documents = [document for document in documents(knowledge) if document.kind in kinds]
        plain = [
            [(self._synonyms.tokens(text), weight) for text, weight in document.fields] for document in self._documents
        ]
        self._known = frozenset(token for fields in plain for tokens, _ in fields for token in tokens)
        self._parts = lru_cache(maxsize=50_000)(lambda word: compound_parts(word, self._known))
        corpus = [
            [token for tokens, weight in fields for token in self._with_parts(tokens) for _ in range(weight)]
            for fields in plain
        ]
        self._words = bm25s.BM25(method="lucene", k1=1.2, b=0.6)
        self._words.index(corpus, show_progress=False)
        self._vocabulary = frozenset(self._words.vocab_dict)
        self._spelling = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, preprocessor=fold, dtype=np.float32
        )
        self._letters = self._spelling.fit_transform(_spelled(document) for document in self._documents)
        self._learn(knowledge, examples or {})

    def _learn(self, knowledge: Knowledge, examples: Mapping[str, Sequence[str]]) -> None:
        places = {document.id: number for number, document in enumerate(self._documents) if document.kind == ARTICLE}
        told = [(text, topic) for topic, texts in examples.items() if topic in places for text in texts]
        self._columns: NDArray[np.int64] | None = None
        if not told:
            return
        for article in knowledge.answers():
            told += [(text, article.topic) for text in (*article.questions, article.title)]
        self._features = FeatureUnion(
            [
                ("letters", _letters()),
                ("words", TfidfVectorizer(analyzer=self._analysed, sublinear_tf=True, dtype=np.float32)),
            ]
        )
        rows = self._features.fit_transform([text for text, _ in told])
        self._learnt = LinearSVC(C=0.5, class_weight="balanced", tol=0.01, random_state=0)
        self._learnt.fit(rows, [topic for _, topic in told])
        self._columns = np.array([places[topic] for topic in self._learnt.classes_])

    def _analysed(self, text: str) -> list[str]:
        return self._with_parts(self._synonyms.tokens(text))

    def find(self, query: str, limit: int = 5) -> list[Hit]:
        """The best hits, best first; none when not a word or a piece of one is known."""
        scores = self._scores(query)
        best = np.argsort(-scores, kind="stable")[:limit]
        return [self._hit(index, float(scores[index])) for index in best if scores[index] > 0]

    def _scores(self, query: str) -> NDArray[np.float32]:
        tokens = [token for token in self._query_tokens(query) if token in self._vocabulary]
        words = self._words.get_scores(tokens) if tokens else np.zeros(len(self._documents), dtype=np.float32)
        letters = (self._letters @ self._spelling.transform([query]).T).toarray().ravel()
        # Each view is scaled to its own best hit, so that neither drowns the other whatever the query's length.
        scores: NDArray[np.float32] = _to_one(words) + _SPELLING_WEIGHT * _to_one(letters)
        if self._columns is not None and scores.any():
            margins = self._learnt.decision_function(self._features.transform([query]))[0]
            scores[self._columns] += _LEARNT_WEIGHT * _to_one(softmax(margins / _SOFTNESS)).astype(np.float32)
        return scores

    def _query_tokens(self, query: str) -> list[str]:
        tokens = self._analysed(query)
        # «gifte mål» for «giftemål»: neighbours are tried joined.
        joined = (first + second for first, second in itertools.pairwise(tokens))
        return tokens + [token for token in joined if token in self._vocabulary]

    def _with_parts(self, tokens: Iterable[str]) -> list[str]:
        return [part for token in tokens for part in (token, *self._parts(token))]

    def _hit(self, index: int, score: float) -> Hit:
        return self._documents[index].hit(round(score, 4))


def _to_one(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scaled so that the best is 1; all zero stays so."""
    return scores / max(float(scores.max()), 1e-9)


def _letters() -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, preprocessor=fold, dtype=np.float32
    )


def _spelled(document: Document) -> str:
    return " ".join(text for text, weight in document.fields if weight > BODY)
