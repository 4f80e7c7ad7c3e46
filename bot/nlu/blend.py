"""Two ways of reading the same features, weighed together: the network, and a linear SVM.

The network learns from labels that share something and finds what many features say together; the SVM holds on to the
single words and spellings that tell two topics apart. Each is right where the other is wrong often enough that the
two together find more than either (docs/understanding.md). How sure the two may be is fitted on messages that neither
has learnt from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.svm import LinearSVC

from bot.nlu.features import Matrix
from bot.nlu.network import Floats, Labels, Network, Recipe, temperature_of

# What an answer without a single example gets from the SVM: the distance of one that is clearly not meant.
_NEVER = -2.0


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
    """Both readers, and how their raw answers are added up."""

    network: Network
    linear: Linear
    beside: float
    """What a distance of the SVM counts beside a raw answer of the network."""
    factor: float = 1.0
    """What the sum is multiplied with: it makes the answers into probabilities that mean what they say."""

    @classmethod
    def fit(
        cls, rows: Matrix, labels: Labels, recipe: Recipe, *, cost: float, beside: float, alone: NDArray[np.intp]
    ) -> Blend:
        """``alone``: the messages that the SVM learns from (copies teach it nothing new, and take their time)."""
        network = Network.fit(rows, labels, recipe)
        linear = Linear.fit(rows[alone], labels.answers[alone], cost=cost, seed=recipe.seed)
        return cls(network, linear, beside)

    def calibrate(self, rows: Matrix, wanted: Floats, *, sharpness: float) -> float:
        """The factor that suits ``rows`` (n × features) which nothing was learnt from, so that the best answer's
        probability says how often it is right, times ``sharpness``. ``wanted`` (n × k): above 0 for every answer that
        is right."""
        raw = self.network.outputs(rows)[0] + self.beside * self.linear.outputs(rows)
        return sharpness / temperature_of(raw, wanted)

    def read(self, row: Matrix) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Probabilities of the answers (k, sum 1) and of the flags (m) for one text (1 × features)."""
        raw, flags = self.network.read(row)
        return softmax(self.factor * (raw + self.beside * self.linear.read(row))), flags
