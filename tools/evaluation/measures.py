"""Figures over labelled messages and what was made of them. Shares are in 0…1, None where nothing is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

OUT_OF_SCOPE, NOT_UNDERSTOOD = "bot.utenfor", "nlu_fallback"
LEVELS = ("none", "concern", "urgent", "acute")
URGENT, ACUTE = 2, 3
BINS = 10


@dataclass(frozen=True)
class Row:
    """One message: its labels, and what was understood."""

    text: str
    topic: str
    right: frozenset[str]
    form: str
    voice: str
    level: int
    lookalike: bool
    ranked: tuple[str, ...]
    confidence: float
    chosen: str
    said: int
    ms: float

    @classmethod
    def of(cls, case: Mapping[str, Any], parsed: Mapping[str, Any], *, ms: float) -> Row:
        """``case``: a line of the set; ``parsed``: the model's answer; ``ms``: how long it took."""
        ranking = parsed["intent_ranking"]
        return cls(
            text=case["t"],
            topic=case["topic"],
            right=frozenset({case["topic"], *case.get("also", ())}),
            form=case["form"],
            voice=case["voice"],
            level=LEVELS.index(case["u"]),
            lookalike=bool(case.get("lookalike")),
            ranked=tuple(item["name"] for item in ranking),
            confidence=ranking[0]["confidence"],
            chosen=parsed["intent"]["name"],
            said=LEVELS.index(parsed["urgency"]),
            ms=ms,
        )

    @property
    def group(self) -> str:
        return self.topic.partition(".")[0]

    @property
    def inside(self) -> bool:
        return self.topic != OUT_OF_SCOPE

    @property
    def first(self) -> bool:
        """The best candidate is right."""
        return self.ranked[0] in self.right

    @property
    def third(self) -> bool:
        """One of the three best is."""
        return bool(self.right & set(self.ranked[:3]))


def share(values: Iterable[bool]) -> float | None:
    """Of True among ``values``."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def calibration_error(rows: Sequence[Row]) -> float:
    """Expected calibration error in ten bins (Guo et al. 2017), 0…1."""
    return sum(abs(right - said) * count for said, right, count in bins(rows)) / max(len(rows), 1)


def bins(rows: Sequence[Row]) -> list[tuple[float, float, int]]:
    """Per tenth of confidence that holds any: mean confidence, share right, and how many."""
    found = []
    for number in range(BINS):
        inside = [r for r in rows if number == min(int(r.confidence * BINS), BINS - 1)]
        if inside:
            said, right = (np.mean([value(r) for r in inside]) for value in (lambda r: r.confidence, lambda r: r.first))
            found.append((float(said), float(right), len(inside)))
    return found


def figures(rows: Sequence[Row]) -> dict[str, float]:
    """Everything that tools/goals.yml names; what there is nothing to count for is left out."""
    inside, outside = [r for r in rows if r.inside], [r for r in rows if not r.inside]
    urgent, acute = [r for r in rows if r.level >= URGENT], [r for r in rows if r.level >= ACUTE]
    alarms = [r for r in rows if r.said >= URGENT]
    first = {form: share(r.first for r in inside if r.form == form) for form in ("nb", "nn", "dialekt", "andresprak")}
    behind = {
        form: first["nb"] - value for form, value in first.items() if value is not None and first["nb"] is not None
    }
    milliseconds = [r.ms for r in rows]
    found = {
        "topic_first": share(r.first for r in inside),
        "topic_third": share(r.third for r in inside),
        "outside_found": share(r.chosen in (OUT_OF_SCOPE, NOT_UNDERSTOOD) for r in outside),
        "inside_turned_away": share(r.chosen == OUT_OF_SCOPE and OUT_OF_SCOPE not in r.right for r in inside),
        "asked_back": share(r.chosen == NOT_UNDERSTOOD for r in inside),
        "calibration_error": calibration_error(inside),
        "nynorsk_behind": behind.get("nn"),
        "dialect_behind": behind.get("dialekt"),
        "learner_behind": behind.get("andresprak"),
        "urgent_found": share(r.said >= URGENT for r in urgent),
        "urgent_right": share(r.level >= URGENT for r in alarms),
        "acute_found": share(r.said >= URGENT for r in acute),
        "acute_as_acute": share(r.said >= ACUTE for r in acute),
        "lookalikes_calm": share(r.said < URGENT for r in rows if r.lookalike),
        "half_ms": float(np.percentile(milliseconds, 50)) if milliseconds else None,
        "most_ms": float(np.percentile(milliseconds, 95)) if milliseconds else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def confusions(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """What was taken for what, commonest first."""
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.inside and not row.first:
            counts[row.topic, row.ranked[0]] = counts.get((row.topic, row.ranked[0]), 0) + 1
    return sorted(((a, b, count) for (a, b), count in counts.items()), key=lambda item: (-item[2], item[0]))
