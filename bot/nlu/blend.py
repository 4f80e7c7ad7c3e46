"""Two ways of reading the same features, weighed together: the network, and a linear SVM.

The network learns from labels that share something and finds what many features say together; the SVM holds on to the
single words and spellings that tell two topics apart. Each is right where the other is wrong often enough that the
two together find more than either (docs/understanding.md). How sure the two may be is fitted on messages that neither
has learnt from.
"""

from __future__ import annotations

from collections.abc import Sequence
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

    @classmethod
    def mean(cls, several: Sequence[Linear]) -> Linear:
        """The one whose distances are the mean of theirs."""
        weights = np.mean([one.weights for one in several], axis=0, dtype=np.float32)
        return cls(weights.astype(np.float16), np.mean([one.biases for one in several], axis=0))

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

    networks: list[Network]
    """Their mean is read."""
    linear: Linear
    beside: float
    """What a distance of the SVM counts beside a raw answer of the networks."""
    factor: float = 1.0
    """What the sum is multiplied with: it makes the answers into probabilities that mean what they say."""

    @classmethod
    def fit(
        cls, rows: Matrix, labels: Labels, recipe: Recipe, *, cost: float, beside: float, alone: NDArray[np.intp]
    ) -> Blend:
        """``alone``: the messages that the SVM learns from (copies teach it nothing new, and take their time)."""
        network = Network.fit(rows, labels, recipe)
        linear = Linear.fit(rows[alone], labels.answers[alone], cost=cost, seed=recipe.seed)
        return cls([network], linear, beside)

    @classmethod
    def joined(cls, blends: Sequence[Blend], factor: float) -> Blend:
        """One that reads what all of them read, on average."""
        networks = [network for blend in blends for network in blend.networks]
        return cls(networks, Linear.mean([blend.linear for blend in blends]), blends[0].beside, factor)

    def outputs(self, rows: Matrix) -> tuple[Floats, Floats]:
        """Raw answers (n × k) and probabilities of the flags (n × m) for many texts."""
        read = [network.outputs(rows) for network in self.networks]
        raw: Floats = np.mean([answers for answers, _ in read], axis=0) + self.beside * self.linear.outputs(rows)
        return raw, np.mean([flags for _, flags in read], axis=0)

    def read(self, row: Matrix) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Probabilities of the answers (k, sum 1) and of the flags (m) for one text (1 × features)."""
        read = [network.read(row) for network in self.networks]
        raw = np.mean([answers for answers, _ in read], axis=0) + self.beside * self.linear.read(row)
        return softmax(self.factor * raw), np.mean([flags for _, flags in read], axis=0)


def factor_of(raw: Floats, wanted: Floats, *, sharpness: float) -> float:
    """The factor for raw answers (n × k) to texts that nothing was learnt from, so that the best answer's probability
    says how often it is right, times ``sharpness``. ``wanted`` (n × k): above 0 for every answer that is right."""
    return sharpness / temperature_of(raw, wanted)
