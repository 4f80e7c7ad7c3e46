"""Measure what is found in messages against tests/data/entities.jsonl: `python -m tools.evaluate_entities [--wrong]`.

A found entity is right when it has the kind and the value that was written beside the message and shares a character
with the place it was written for. The rules were tuned on the messages with odd numbers («tuned»); those with even
numbers («held out») were looked at only as figures.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bot.language.entities import find_entities

FILE = Path(__file__).resolve().parent.parent / "tests" / "data" / "entities.jsonl"
NOW = datetime(2026, 5, 6, 20, 15, tzinfo=timezone(timedelta(hours=2)))
"""The writer's clock in the file: a Wednesday evening in May, in Norway."""
KINDS = ("place", "country", "age", "nationality", "time", "relation", "document")


@dataclass
class Score:
    """Counts of one kind."""

    right: int = 0
    found: int = 0
    expected: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    @property
    def f(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def messages() -> list[dict[str, Any]]:
    """The file's messages: ``id``, ``t``, ``untidy`` and ``entities`` (``kind``, ``start``, ``end``, ``value``)."""
    return [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def found_in(text: str) -> list[tuple[str, int, int, str]]:
    """What is found: kind, start, end and the value as the file writes it."""
    return [
        (entity.kind, entity.start, entity.end, _written(entity.kind, entity.value))
        for entity in find_entities(text, NOW)
    ]


def _written(kind: str, value: Any) -> str:
    if kind in ("country", "nationality"):
        return "+".join(value) if kind == "nationality" and value[0] == "NO" else "+".join(sorted(value))
    return str(value)


def scores(rows: Iterable[dict[str, Any]], wrong: list[str] | None = None) -> dict[str, Score]:
    """A score for each kind; what was missed or wrongly found is added to ``wrong``."""
    totals = {kind: Score() for kind in KINDS}
    for row in rows:
        found = found_in(row["t"])
        expected = [(e["kind"], e["start"], e["end"], _sorted(e["kind"], e["value"])) for e in row["entities"]]
        open_ = list(expected)
        for item in found:
            totals[item[0]].found += 1
            match = next(
                (e for e in open_ if e[0] == item[0] and e[3] == item[3] and e[1] < item[2] and item[1] < e[2]), None
            )
            if match is not None:
                open_.remove(match)
                totals[item[0]].right += 1
            elif wrong is not None:
                wrong.append(f"{row['id']:4} + {item[0]:11} {row['t'][item[1] : item[2]]!r} = {item[3]}   | {row['t']}")
        for kind, *_ in expected:
            totals[kind].expected += 1
        if wrong is not None:
            wrong += [f"{row['id']:4} - {e[0]:11} {row['t'][e[1] : e[2]]!r} = {e[3]}   | {row['t']}" for e in open_]
    return totals


def _sorted(kind: str, value: str) -> str:
    return (
        value
        if kind not in ("country", "nationality") or value.startswith("NO+")
        else "+".join(sorted(value.split("+")))
    )


def table(rows: list[dict[str, Any]]) -> str:
    """Precision, recall and F for each kind, for both halves and for the untidy messages."""
    parts = {
        "tuned": [row for row in rows if row["id"] % 2],
        "held out": [row for row in rows if not row["id"] % 2],
        "untidy": [row for row in rows if row["untidy"]],
        "all": rows,
    }
    lines = ["| kind | " + " | ".join(f"{name} ({len(part)}): P / R / F / n" for name, part in parts.items()) + " |"]
    lines.append("| --- |" + " --- |" * len(parts))
    measured = {name: scores(part) for name, part in parts.items()}
    for kind in KINDS:
        cells = [
            f"{score.precision:.3f} / {score.recall:.3f} / {score.f:.3f} / {score.expected}"
            for score in (measured[name][kind] for name in parts)
        ]
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Print the table; with ``--wrong`` also every difference in the tuned half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="list what was missed or wrong in the tuned half")
    rows = messages()
    if parser.parse_args().wrong:
        wrong: list[str] = []
        scores([row for row in rows if row["id"] % 2], wrong)
        print("\n".join(wrong))
    print(table(rows))


if __name__ == "__main__":
    main()
