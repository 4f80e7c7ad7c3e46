"""Linear models over character and word n-grams, calibrated, small enough to ship and fast enough to run on all.

On short, misspelt, dialectal text character n-grams carry most of what a larger model finds (evidence.md: 91.2 % on
NorSID's test set from 300 sentences in 11 versions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from bot.language.cleaning import fold

Matrix: TypeAlias = Any
"""A sparse matrix, scipy.sparse.csr_matrix."""
Floats = NDArray[np.float64]


def vectorizer() -> FeatureUnion:
    """Character n-grams of 2–5 within words and word n-grams of 1–2, each TF-IDF weighted; rows of unit length."""
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

    svm: LinearSVC
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
        return cls(svm.fit(rows, labels), float(np.exp(best.x)))

    @property
    def classes(self) -> list[str]:
        return [str(name) for name in self.svm.classes_]

    def probabilities(self, rows: Matrix) -> Floats:
        """(n × classes), rows sum to 1."""
        margins = self.svm.decision_function(rows)
        if margins.ndim == 1:
            margins = np.stack([-margins, margins], axis=1)
        scaled: Floats = softmax(margins / self.temperature, axis=1)
        return scaled


@dataclass
class Detector:
    """Is something there? A logistic regression with a threshold."""

    model: LogisticRegression
    threshold: float

    @classmethod
    def fit(
        cls, rows: Matrix, present: Sequence[bool], *, recall: float | None, penalty: float = 10.0, folds: int = 5
    ) -> Detector:
        """Set the threshold so that ``recall`` (0…1) of the positives are found out of fold; without it, at 0.5."""
        model = LogisticRegression(C=penalty, class_weight="balanced", max_iter=1000, random_state=0)
        answers = np.array(present, dtype=bool)
        if recall is None:
            return cls(model.fit(rows, answers), 0.5)
        splits = StratifiedKFold(n_splits=folds, shuffle=True, random_state=0)
        scores = cross_val_predict(model, rows, answers, cv=splits, method="predict_proba")[:, 1]
        threshold = float(np.quantile(scores[answers], 1 - recall))
        return cls(model.fit(rows, answers), threshold)

    def score(self, rows: Matrix) -> Floats:
        """(n) in 0…1."""
        scores: Floats = self.model.predict_proba(rows)[:, 1]
        return scores

    def found(self, rows: Matrix) -> NDArray[np.bool_]:
        """(n) where the score reaches the threshold."""
        return self.score(rows) >= self.threshold
