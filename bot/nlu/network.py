"""A small network over sparse text features: one hidden layer, one answer out of many, and yes-or-no flags beside it.

Trained on the answer and the flags together, each learns from the other: what a message is about tells how urgent it
is, and the other way. Against a linear SVM on the same features see docs/understanding.md. Plain numpy: an update
touches only the features that a batch holds, where TensorFlow's optimisers go over all of them, and one message costs
a few hundred rows of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, softmax
from threadpoolctl import threadpool_limits

from bot.nlu.features import Matrix

Floats = NDArray[np.float32]
Learnt = TypeVar("Learnt")


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. Rates are shares in 0…1."""

    hidden: int = 256
    epochs: int = 7
    batch: int = 64
    step: float = 3e-3
    """The first step size, falling to nothing in a straight line (Kingma and Ba 2015, «Adam»)."""
    features_dropped: float = 0.7
    """Of a message's features, at each look: what it learns must not hang on single words or spellings."""
    hidden_dropped: float = 0.5
    smoothing: float = 0.1
    """Probability spread over all answers: some labels are wrong, and many messages have more than one right answer."""
    flags_weight: float = 0.5
    answers_weight: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class Labels:
    """What is to be learnt: ``answers`` (n × k), each row sums to 1; ``flags`` (n × m), each 0 or 1."""

    answers: Floats
    flags: Floats

    def of(self, chosen: NDArray[np.intp]) -> Labels:
        """The labels of some messages."""
        return Labels(self.answers[chosen], self.flags[chosen])


@dataclass
class Network:
    """The trained network."""

    table: NDArray[np.float16]
    """(features × hidden), half precision: it is the size of the model."""
    shift: Floats
    heads: Floats
    """(hidden × (k + m))."""
    biases: Floats
    answers: int
    """k."""

    @classmethod
    def fit(cls, rows: Matrix, labels: Labels, recipe: Recipe) -> Network:
        """``rows``: (n × features)."""
        return _Training(rows, labels, recipe).run()

    def outputs(self, rows: Matrix) -> tuple[Floats, Floats]:
        """Raw answers (n × k) and probabilities of the flags (n × m) for many texts."""
        inner = np.maximum(rows @ self.table.astype(np.float32) + self.shift, 0)
        raw = inner @ self.heads + self.biases
        return raw[:, : self.answers], expit(raw[:, self.answers :])

    def read(self, row: Matrix) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Raw answers (k) and probabilities of the flags (m) for one text (1 × features)."""
        inner = np.maximum(row.data @ self.table[row.indices].astype(np.float32) + self.shift, 0)
        raw = (inner @ self.heads + self.biases).astype(np.float64)
        return raw[: self.answers], expit(raw[self.answers :])


def side_by_side(fits: Sequence[Callable[[], Learnt]]) -> list[Learnt]:
    """What each of ``fits`` gives, two at a time: numpy and scikit-learn let the other go on meanwhile.

    Each multiplies on one core, so that the same messages give the same model wherever it is trained.
    """
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(max_workers=2) as pool:
        return [running.result() for running in [pool.submit(fit) for fit in fits]]


class _Training:
    """One run. Only the rows of the table that a batch touches are updated, each with one step size of its own
    (RMSprop by row): the table is most of the work, and moments for each of its cells take half again as long for
    nothing. The rest is Adam."""

    _FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-7

    def __init__(self, rows: Matrix, labels: Labels, recipe: Recipe) -> None:
        self.rows, self.labels, self.recipe = rows, labels, recipe
        self.draw = np.random.default_rng(recipe.seed)
        features, outputs = rows.shape[1], labels.answers.shape[1] + labels.flags.shape[1]
        self.table: Floats = self.draw.standard_normal((features, recipe.hidden), dtype=np.float32) * 0.05
        heads = self.draw.standard_normal((recipe.hidden, outputs), dtype=np.float32)
        heads *= np.sqrt(2.0 / (recipe.hidden + outputs), dtype=np.float32)
        self.dense: list[Floats] = [
            np.zeros(recipe.hidden, np.float32),
            heads,
            np.zeros(outputs, np.float32),
        ]
        self.table_seen: Floats = np.zeros(features, np.float32)
        self.dense_moments = [(np.zeros_like(part), np.zeros_like(part)) for part in self.dense]
        # Rare answers count more, by the root of how rare they are.
        common = labels.answers.sum(axis=0)
        rarity = labels.answers @ (1.0 / np.sqrt(np.maximum(common, 1.0)))
        self.importance: Floats = (rarity / rarity.mean()).astype(np.float32)
        self.steps = 0

    def run(self) -> Network:
        recipe, count = self.recipe, self.rows.shape[0]
        for epoch in range(recipe.epochs):
            step = recipe.step * (1 - epoch / recipe.epochs) + 1e-5
            order = self.draw.permutation(count)
            for start in range(0, count, recipe.batch):
                self._learn(order[start : start + recipe.batch], step)
        shift, heads, biases = self.dense
        return Network(self.table.astype(np.float16), shift, heads, biases, self.labels.answers.shape[1])

    def _learn(self, chosen: NDArray[np.intp], step: float) -> None:
        recipe = self.recipe
        rows = self._thinned(self.rows[chosen])
        touched, places = np.unique(rows.indices, return_inverse=True)
        # The batch over only the features that it holds.
        local = type(rows)((rows.data, places.astype(np.int32), rows.indptr), shape=(len(chosen), len(touched)))
        shift, heads, biases = self.dense
        before = local @ self.table[touched] + shift
        kept = (self.draw.random(before.shape, dtype=np.float32) > recipe.hidden_dropped) / np.float32(
            1 - recipe.hidden_dropped
        )
        inner = np.maximum(before, 0) * kept
        error = self._error(inner @ heads + biases, chosen)
        back = (error @ heads.T) * kept * (before > 0)
        self.steps += 1
        rate = step * np.sqrt(1 - self._SECOND**self.steps) / (1 - self._FIRST**self.steps)
        self._update_table(touched, local.T @ back, rate)
        for part, moments, slope in zip(
            self.dense, self.dense_moments, (back.sum(0), inner.T @ error, error.sum(0)), strict=True
        ):
            part -= rate * self._moved(*moments, slope)

    def _thinned(self, rows: Matrix) -> Matrix:
        share = self.recipe.features_dropped
        kept = self.draw.random(rows.nnz, dtype=np.float32) > share
        rows.data = rows.data * kept / np.float32(1 - share)
        rows.eliminate_zeros()
        return rows

    def _error(self, raw: Floats, chosen: NDArray[np.intp]) -> Floats:
        """The slope of the loss in the outputs: cross entropy of the answers and of each flag."""
        recipe, wanted = self.recipe, self.labels.of(chosen)
        count = wanted.answers.shape[1]
        smooth = wanted.answers * (1 - recipe.smoothing) + recipe.smoothing / count
        error = np.empty_like(raw)
        error[:, :count] = (softmax(raw[:, :count], axis=1) - smooth) * self.importance[chosen, None]
        error[:, :count] *= recipe.answers_weight
        error[:, count:] = recipe.flags_weight * (expit(raw[:, count:]) - wanted.flags)
        error /= len(chosen)
        return error

    def _update_table(self, touched: NDArray[np.intp], slope: Floats, rate: float) -> None:
        seen = self.table_seen[touched]
        seen += (1 - self._SECOND) * ((slope * slope).mean(axis=1) - seen)
        self.table_seen[touched] = seen
        self.table[touched] -= rate * slope / (np.sqrt(seen) + self._TINY)[:, None]

    def _moved(self, first: Floats, second: Floats, slope: Floats) -> Floats:
        """Adam's direction; the moments are updated in place."""
        first *= self._FIRST
        first += (1 - self._FIRST) * slope
        second *= self._SECOND
        second += (1 - self._SECOND) * slope * slope
        moved: Floats = first / (np.sqrt(second) + self._TINY)
        return moved


def temperature_of(raw: Floats, wanted: Floats) -> float:
    """What to divide raw answers (n × k) by so that the best one's probability says how often it is right.

    ``wanted`` (n × k): above 0 for every answer that is right. After Guo et al. 2017, «On Calibration of Modern Neural
    Networks», with the loss of the best answer alone: a message may have two right answers, and the softmax shares its
    probability between them.
    """
    best = raw.argmax(axis=1)
    right = wanted[np.arange(len(raw)), best] > 0

    def loss(log_temperature: float) -> float:
        sure = softmax(raw.astype(np.float64) * np.exp(-log_temperature), axis=1).max(axis=1)
        return float(-np.log(np.clip(np.where(right, sure, 1 - sure), 1e-9, None)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 3.0), method="bounded").x))


def answers_of(labels: Sequence[Sequence[str]], known: Sequence[str], *, first: float = 0.75) -> Floats:
    """(n × k) from the names of each message's right answers: the first weighs ``first``, the others share the rest."""
    place = {name: number for number, name in enumerate(known)}
    found = np.zeros((len(labels), len(known)), np.float32)
    for number, names in enumerate(labels):
        others = [name for name in names[1:] if name in place and name != names[0]]
        found[number, place[names[0]]] = first if others else 1.0
        for name in others:
            found[number, place[name]] += (1 - first) / len(others)
    return found


def threshold_for(recall: float, scores: Floats, present: Floats, fewest: int) -> float:
    """The score (0…1) that ``recall`` of those ``present`` (n, 0 or 1) reach; infinite for fewer than ``fewest``."""
    found = scores[present > 0.5]
    return float(np.quantile(found, 1 - recall)) if len(found) >= fewest else float("inf")


def recipe_of(config: Mapping[str, Any]) -> Recipe:
    """The recipe in a component's configuration."""
    return Recipe(**{field.name: config[field.name] for field in fields(Recipe)})
