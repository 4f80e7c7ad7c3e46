"""Linear models over character and word n-grams, calibrated, small enough to ship and fast enough to run on all.

On short, misspelt, dialectal text character n-grams carry most of what a larger model finds (evidence.md: 91.2 % on
NorSID's test set from 300 sentences in 11 versions).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from bot.language.cleaning import fold

Matrix: TypeAlias = Any
"""A sparse matrix, scipy.sparse.csr_matrix."""
Floats = NDArray[np.float64]


class Ngrams:
    """Character n-grams of 2–5 within words and word n-grams of 1–2, each part TF-IDF weighted and of unit length.

    Fitted by scikit-learn; ``row`` gives for one text what its ``transform`` gives, eight times as fast: a message
    comes alone, and scikit-learn's cost for one row is nearly all overhead.
    """

    def __init__(self) -> None:
        self._union = _vectorizer()

    def fit_transform(self, texts: Sequence[str]) -> Matrix:
        """(n × features), sparse."""
        rows = self._union.fit_transform(texts)
        self._tables = []
        start = 0
        for _, part in self._union.transformer_list:
            table = {term: (start + place, float(part.idf_[place])) for term, place in part.vocabulary_.items()}
            self._tables.append((part.build_analyzer(), table))
            start += len(table)
        self.size = start
        return rows

    def transform(self, texts: Sequence[str]) -> Matrix:
        """(n × features), sparse."""
        return self._union.transform(texts)

    def row(self, text: str) -> Row:
        """The places and the weights of the features that ``text`` has."""
        places: list[int] = []
        weights: list[float] = []
        for analyse, table in self._tables:
            counts = Counter(term for term in analyse(text) if term in table)
            values = [(1.0 + math.log(count)) * table[term][1] for term, count in counts.items()]
            length = math.sqrt(sum(value * value for value in values)) or 1.0
            places += [table[term][0] for term in counts]
            weights += [value / length for value in values]
        return Row(np.array(places, dtype=np.intp), np.array(weights, dtype=np.float32))


@dataclass(frozen=True)
class Row:
    """One text's features: ``places`` (k) and ``weights`` (k)."""

    places: NDArray[np.intp]
    weights: NDArray[np.float32]

    def times(self, table: NDArray[np.float32]) -> Floats:
        """(k features of this row) · (features × m) = (m)."""
        product: Floats = self.weights @ table[self.places]
        return product


def _vectorizer() -> FeatureUnion:
    common = {"sublinear_tf": True, "min_df": 2, "preprocessor": fold, "dtype": np.float32}
    return FeatureUnion(
        [
            ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **common)),
            ("words", TfidfVectorizer(analyzer="word", ngram_range=(1, 2), token_pattern=r"\w+", **common)),
        ]
    )


@dataclass
class CalibratedSvm:
    """One linear SVM a class, and a temperature that turns their margins into probabilities.

    The temperature minimises the log loss of margins predicted out of fold (Guo et al. 2017, «On Calibration of
    Modern Neural Networks»), so that 0.8 is right about eight times of ten.
    """

    classes: list[str]
    weights: NDArray[np.float32]
    """(features × classes): one column a class, so that a row with few features reads few lines."""
    intercepts: NDArray[np.float32]
    temperature: float

    @classmethod
    def fit(cls, rows: Matrix, labels: Sequence[str], *, penalty: float = 1.0, folds: int = 3) -> CalibratedSvm:
        """``rows`` (n × features), ``labels`` (n). Every class needs at least two messages."""
        svm = LinearSVC(C=penalty, class_weight="balanced", random_state=0)
        known = sorted(set(labels))
        rarest = min(np.unique(labels, return_counts=True)[1])
        splits = StratifiedKFold(n_splits=max(2, min(folds, int(rarest))), shuffle=True, random_state=0)
        margins = cross_val_predict(svm, rows, labels, cv=splits, method="decision_function")
        if margins.ndim == 1:
            margins = np.stack([-margins, margins], axis=1)
        answers = np.array([known.index(label) for label in labels])

        def loss(log_temperature: float) -> float:
            scaled = log_softmax(margins * np.exp(-log_temperature), axis=1)
            return float(-scaled[np.arange(len(answers)), answers].mean())

        best = minimize_scalar(loss, bounds=(-4.0, 3.0), method="bounded")
        svm.fit(rows, labels)
        weights = np.vstack([-svm.coef_, svm.coef_]) if len(known) == 2 else svm.coef_
        intercepts = np.array([-svm.intercept_[0], svm.intercept_[0]]) if len(known) == 2 else svm.intercept_
        return cls(
            [str(name) for name in svm.classes_],
            np.ascontiguousarray(weights.T, dtype=np.float32),
            intercepts.astype(np.float32),
            float(np.exp(best.x)),
        )

    def probabilities(self, row: Row) -> Floats:
        """(classes), sums to 1."""
        shares: Floats = softmax((row.times(self.weights) + self.intercepts).astype(np.float64) / self.temperature)
        return shares


@dataclass
class Detector:
    """Is something there? A logistic regression with a threshold."""

    weights: NDArray[np.float32]
    """(features × 1)."""
    intercept: float
    threshold: float

    @classmethod
    def fit(
        cls, rows: Matrix, present: Sequence[bool], *, recall: float | None, penalty: float = 10.0, folds: int = 5
    ) -> Detector:
        """Set the threshold so that ``recall`` (0…1) of the positives are found out of fold; without it, at 0.5."""
        model = LogisticRegression(C=penalty, class_weight="balanced", max_iter=1000, random_state=0)
        answers = np.array(present, dtype=bool)
        if recall is None:
            return cls._of(model.fit(rows, answers), 0.5)
        splits = StratifiedKFold(n_splits=folds, shuffle=True, random_state=0)
        scores = cross_val_predict(model, rows, answers, cv=splits, method="predict_proba")[:, 1]
        threshold = float(np.quantile(scores[answers], 1 - recall))
        return cls._of(model.fit(rows, answers), threshold)

    @classmethod
    def _of(cls, model: LogisticRegression, threshold: float) -> Detector:
        weights = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
        return cls(weights, float(model.intercept_[0]), threshold)

    def score(self, row: Row) -> float:
        """In 0…1."""
        return float(expit(row.times(self.weights)[0] + self.intercept))

    def found(self, row: Row) -> bool:
        """The score reaches the threshold."""
        return self.score(row) >= self.threshold
