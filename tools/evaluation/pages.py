"""docs/evaluation.md, as text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from tools.evaluation.goals import said
from tools.evaluation.measures import URGENT, Row, confusions, share

_CONFUSIONS, _MISTAKES = 20, 20
_ALSO = {
    "asked_back": "in scope, asked back",
    "acute_as_acute": "acute, found as acute",
    "lookalikes_calm": "only look urgent, and are left calm",
}
_BOTH = (
    "topic_first",
    "topic_third",
    "outside_found",
    "urgent_found",
    "urgent_right",
    "acute_found",
    "calibration_error",
)


def page(rows: Sequence[Row], unseen_figures: Mapping[str, float], goals: str, day: date, *, unseen: int) -> str:
    """Everything that is shown of the development set's ``rows``, and the bare figures of the set that is held out."""
    from tools.evaluation.measures import figures

    found = figures(rows)
    inside = [row for row in rows if row.inside]
    also = "\n".join(f"| {what} | {said(name, found[name])} |" for name, what in _ALSO.items() if name in found)
    held = "\n".join(
        f"| {name.replace('_', ' ')} | {said(name, found[name])} | {said(name, unseen_figures[name])} |"
        for name in _BOTH
        if name in unseen_figures
    )
    return f"""# Evaluation

Made by `make evaluate` on {day.isoformat()}, on the {len(rows)} messages of `tests/data/development.jsonl`
({sum(r.level >= URGENT for r in rows)} urgent or acute, {sum(r.lookalike for r in rows)} that only look it,
{sum(not r.inside for r in rows)} out of scope): written by other hands than the training messages, labelled twice,
hard on purpose, and never trained on.

{goals}

| also | |
| --- | ---: |
{also}

## On messages that nothing was chosen by

`tests/data/held_out.jsonl`: {unseen} messages by the newer of the development set's hands, drawn by chance and set
apart. No threshold, size or word list was chosen by them. They hold more danger and more look-alikes than the rest.

| | development | held out |
| --- | ---: | ---: |
{held}

## By form, voice and group

{by(inside, "form")}

{by(inside, "voice")}

{by(inside, "group")}

## What is taken for what

![Confusion between groups of topics](images/confusion.svg)

| meant | found | times |
| --- | --- | ---: |
{chr(10).join(f"| {a} | {b} | {count} |" for a, b, count in confusions(rows)[:_CONFUSIONS])}

## How far its confidence can be believed

![Reliability](images/reliability.svg)

## The {_MISTAKES} most confident mistakes

| meant | found | confidence | message |
| --- | --- | ---: | --- |
{chr(10).join(_mistake(row) for row in _worst(inside))}
"""


def by(rows: Sequence[Row], key: str) -> str:
    """A table of top 1 and top 3 for each value of ``key``."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    lines = [f"| {key} | messages | top 1 | top 3 |", "| --- | ---: | ---: | ---: |"]
    for name, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        first, third = share(r.first for r in group) or 0.0, share(r.third for r in group) or 0.0
        lines.append(f"| {name} | {len(group)} | {100 * first:.1f} % | {100 * third:.1f} % |")
    return "\n".join(lines)


def _worst(rows: Sequence[Row]) -> list[Row]:
    return sorted((row for row in rows if not row.first), key=lambda row: -row.confidence)[:_MISTAKES]


def _mistake(row: Row) -> str:
    return f"| {row.topic} | {row.ranked[0]} | {row.confidence:.2f} | {row.text.replace('|', '/')} |"
