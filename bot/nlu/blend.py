"""Two ways of reading the same features, weighed together: the network, and a linear SVM.

The network learns from labels that share something and finds what many features say together; the SVM holds on to the
single words and spellings that tell two topics apart. Each is right where the other is wrong often enough that the
two together find more than either (docs/understanding.md). How much each is worth, and how sure the two may be, is
fitted on messages that neither has learnt from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import softmax
from sklearn.svm import LinearSVC

from bot.nlu.features import Matrix
from bot.nlu.network import Floats, Labels, Network, Recipe, temperature_of

# What an answer without a single example gets from the SVM: the distance of one that is clearly not meant.
_NEVER = -2.0
_START = (1.0, 4.0)


@dataclass
class Linear:
    """A linear SVM for each answer, rare answers counting as much as common ones."""

    weights: NDArray[np.float16]
    """(features × k), half precision as the network's table."""
    biases: Floats

    @classmethod
    def fit(cls, rows: Matrix, answers: Floats, *, cost: float, seed: int) -> Linear:
        """``rows``: (n × features); ``answers``: (n × k), the largest of a row is learnt. ``cost``: the SVM's C."""
        first = answers.argmax(axis=1)
        weights = np.zeros((rows.shape[1], answers.shape[1]), np.float16)
        biases = np.full(answers.shape[1], _NEVER, np.float32)
        present = np.unique(first)
        if len(present) > 1:
            learnt = LinearSVC(C=cost, class_weight="balanced", random_state=seed).fit(rows, first)
            # Of two answers scikit-learn keeps one side only.
            both = len(present) == 2
            slopes = np.vstack([-learnt.coef_, learnt.coef_]) if both else learnt.coef_
            shifts = np.concatenate([-learnt.intercept_, learnt.intercept_]) if both else learnt.intercept_
            weights[:, present] = slopes.T.astype(np.float16)
            biases[present] = shifts
        else:
            biases[present] = 1.0
        return cls(weights, biases)

    def outputs(self, rows: Matrix) -> Floats:
        """Distances (n × k) for many texts."""
        found: Floats = rows @ self.weights.astype(np.float32) + self.biases
        return found

    def read(self, row: Matrix) -> Floats:
        """Distances (k) for one text (1 × features)."""
        found: Floats = row.data @ self.weights[row.indices].astype(np.float32) + self.biases
        return found


@dataclass
class Blend:
    """Both readers, and what their raw answers are multiplied with before they are added up."""

    network: Network
    linear: Linear
    shares: tuple[float, float] = _START

    @classmethod
    def fit(cls, rows: Matrix, labels: Labels, recipe: Recipe, *, cost: float, alone: NDArray[np.intp]) -> Blend:
        """``alone``: the messages that the SVM learns from (copies teach it nothing new, and take their time)."""
        network = Network.fit(rows, labels, recipe)
        return cls(network, Linear.fit(rows[alone], labels.answers[alone], cost=cost, seed=recipe.seed))

    def weigh(self, rows: Matrix, wanted: Floats, *, sharpness: float) -> tuple[float, float]:
        """The shares that suit ``rows`` (n × features) which nothing was learnt from; ``wanted`` (n × k) above 0 for
        every answer that is right.

        First what the two are worth beside each other, by the probability of the right answers; then one factor, so
        that the best answer's probability says how often it is right, times ``sharpness``.
        """
        parts = (self.network.outputs(rows)[0].astype(np.float64), self.linear.outputs(rows).astype(np.float64))
        right = wanted > 0

        def loss(logs: Any) -> float:
            mixed = softmax(sum(np.exp(log) * part for log, part in zip(logs, parts, strict=True)), axis=1)
            return float(-np.log(np.clip((mixed * right).sum(axis=1), 1e-9, None)).mean())

        found = np.exp(minimize(loss, np.log(_START), method="Nelder-Mead", options={"maxiter": 60}).x)
        mixed = found[0] * parts[0] + found[1] * parts[1]
        factor = sharpness / temperature_of(mixed.astype(np.float32), wanted)
        return float(found[0] * factor), float(found[1] * factor)

    def read(self, row: Matrix) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Probabilities of the answers (k, sum 1) and of the flags (m) for one text (1 × features)."""
        raw, flags = self.network.read(row)
        return softmax(self.shares[0] * raw + self.shares[1] * self.linear.read(row)), flags
