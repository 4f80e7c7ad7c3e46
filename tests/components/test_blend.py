"""The linear SVM beside the network, and how sure the two may be together."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.special import softmax

from bot.nlu.blend import Blend, Linear
from bot.nlu.network import Floats, Labels, Recipe

FEATURES = 12


def _texts(answers: int, known: int, *, count: int = 400, noise: float = 0.0) -> tuple[csr_matrix, Floats]:
    """Rows whose first features tell the answer, and the answers: ``known`` columns, of which ``answers`` occur.
    ``noise``: the share (0…1) of labels that are drawn by chance."""
    draw = np.random.default_rng(1)
    meant = draw.integers(0, answers, count)
    rows = draw.random((count, FEATURES), dtype=np.float32) * 0.2
    rows[np.arange(count), meant] += 1
    wrong = draw.random(count) < noise
    meant[wrong] = draw.integers(0, answers, int(wrong.sum()))
    return csr_matrix(rows), np.eye(known, dtype=np.float32)[meant]


@pytest.mark.parametrize("answers", [1, 2, 5])
def test_linear_finds_what_it_learnt_and_never_what_it_has_not_seen(answers: int) -> None:
    rows, wanted = _texts(answers, known=6)
    linear = Linear.fit(rows, wanted, cost=1.0, seed=0)
    assert (linear.outputs(rows).argmax(axis=1) == wanted.argmax(axis=1)).mean() > 0.98


def test_linear_reads_one_text_as_many() -> None:
    rows, wanted = _texts(5, known=6)
    linear = Linear.fit(rows, wanted, cost=1.0, seed=0)
    assert linear.read(rows[3]) == pytest.approx(linear.outputs(rows)[3], abs=1e-4)


def test_blend_is_as_sure_as_it_is_right() -> None:
    rows, wanted = _texts(5, known=5, count=1200, noise=0.4)
    labels = Labels(wanted, np.zeros((1200, 0), np.float32))
    learnt, measured = np.arange(800), np.arange(800, 1200)
    recipe = Recipe(hidden=16, features_dropped=0.1)
    blend = Blend.fit(rows[learnt], labels.of(learnt), recipe, cost=1.0, beside=4.0, alone=learnt)
    blend.factor = blend.calibrate(rows[measured], wanted[measured], sharpness=1.0)
    read = np.array([blend.read(rows[place])[0] for place in measured])
    right = (read.argmax(axis=1) == wanted[measured].argmax(axis=1)).mean()
    assert read.sum(axis=1) == pytest.approx(np.ones(400))
    assert read.max(axis=1).mean() == pytest.approx(right, abs=0.05)


def test_both_readers_count() -> None:
    rows, wanted = _texts(5, known=5)
    labels = Labels(wanted, np.zeros((400, 0), np.float32))
    blend = Blend.fit(rows, labels, Recipe(hidden=16), cost=1.0, beside=4.0, alone=np.arange(400))
    raw = blend.network.read(rows[0])[0] + 4.0 * blend.linear.read(rows[0])
    assert blend.read(rows[0])[0] == pytest.approx(softmax(raw))
