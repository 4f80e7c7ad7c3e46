"""Training messages with the labels that stand beside them in data/nlu/.

Each example of ``nlu.yml`` may carry ``metadata``: ``urgency`` (one of the four levels), ``reasons`` (a list) and
``voice`` (ung, venn, fag, stab, sms) and ``also`` (topics that would answer it just as well). Rasa reads the topic as
the intent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData


@dataclass(frozen=True)
class Example:
    """One labelled message."""

    text: str
    topic: str
    urgency: str | None
    reasons: tuple[str, ...]
    voice: str | None
    also: tuple[str, ...] = ()
    """Other topics that would answer the message just as well."""
    copy_of: str | None = None
    """The text of the message that this is an untidy copy of."""


COPY_OF = "copy_of"
"""The attribute of a message that is an untidy copy of another: that one's text."""
STAFF_VOICES = frozenset({"fag", "stab"})
"""Who works with it: professionals and helpline staff."""


def examples(training_data: TrainingData) -> list[Example]:
    """Every example with an intent, in order."""
    found = []
    for message in training_data.intent_examples:
        labels = (message.get(METADATA) or {}).get(METADATA_EXAMPLE) or {}
        found.append(
            Example(
                text=message.get(TEXT),
                topic=message.get(INTENT),
                urgency=labels.get("urgency"),
                reasons=tuple(labels.get("reasons") or ()),
                voice=labels.get("voice"),
                also=tuple(labels.get("also") or ()),
                copy_of=message.get(COPY_OF),
            )
        )
    return found


def held_out(messages: Sequence[Example], share: float, seed: int = 0) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The numbers of the messages to learn from, and of ``share`` (0…1) of the rest, drawn by chance, to measure on.

    A copy is never measured on, and nothing is learnt from the copies of what is measured on.
    """
    true = [number for number, message in enumerate(messages) if message.copy_of is None]
    measured = np.sort(np.random.default_rng(seed).permutation(true)[: int(len(true) * share)]).astype(np.intp)
    apart = {messages[number].text for number in measured}
    learnt = [number for number, message in enumerate(messages) if (message.copy_of or message.text) not in apart]
    return np.array(learnt, dtype=np.intp), measured
