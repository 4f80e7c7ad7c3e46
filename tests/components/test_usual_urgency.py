"""What is usual for the topics that a message points to counts for how urgent it is."""

from __future__ import annotations

import numpy as np

from bot.nlu.network import Labels
from bot.nlu.urgency import _rates, _scores

CALM, HELD = 0, 1


def _labels() -> Labels:
    """Forty messages about something calm, forty about being held, thirty of these urgent."""
    answers = np.eye(2, dtype=np.float32)[[CALM] * 40 + [HELD] * 40]
    urgent = [0] * 40 + [1] * 30 + [0] * 10
    return Labels(answers, np.array([[u, u, 0, 0] for u in urgent], np.float32))


def test_a_topic_is_as_urgent_as_its_messages() -> None:
    rates = _rates(_labels())
    assert rates[HELD, 1] > 0.65
    assert 0 < rates[CALM, 1] < 0.05


def test_the_same_words_are_more_urgent_about_what_is_usually_urgent() -> None:
    flags = np.array([[0.5, 0.5, 0.1, 0.0]] * 2)
    raw = np.array([[4.0, 0.0], [0.0, 4.0]])
    calm, held = _scores(raw, flags, _rates(_labels()), sharpness=1.0)
    assert calm.shape == (3,)
    assert held[1] > 0.5 > calm[1]
