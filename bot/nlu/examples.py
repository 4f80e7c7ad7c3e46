"""Training messages with the labels that stand beside them in data/nlu/.

Each example of ``nlu.yml`` may carry ``metadata``: ``urgency`` (one of the four levels), ``reasons`` (a list) and
``voice`` (ung, venn, fag, stab, sms) and ``also`` (topics that would answer it just as well). Rasa reads the topic as
the intent.
"""

from __future__ import annotations

from dataclasses import dataclass

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
            )
        )
    return found
