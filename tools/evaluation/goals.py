"""The goals, what was reached of them, and whether any was lost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).resolve().parent.parent / "goals.yml"
_MS = ("half_ms", "most_ms")
# Times differ from run to run and from machine to machine: they are shown, and never fail the command.
_NOISY = frozenset(_MS)


def compare(found: Mapping[str, float]) -> tuple[str, list[str]]:
    """The table of goals, and a line for each that was reached before and is not now. Notes new ones in the file."""
    yaml = YAML()
    yaml.width = 200
    entries = yaml.load(FILE.read_text("utf-8"))
    lines, lost = ["| | measured | goal | |", "| --- | ---: | ---: | --- |"], []
    for goal in entries:
        value = found[goal["name"]]
        met = _met(goal, value)
        lines.append(f"| {goal['what']} | {said(goal['name'], value)} | {_wanted(goal)} | {'reached' if met else ''} |")
        if goal["reached"] and not met and goal["name"] not in _NOISY:
            lost.append(f"lost: {goal['what']} is {said(goal['name'], value)}, was {_wanted(goal)} or better")
        goal["reached"] = bool(goal["reached"] or met)
    if not lost:
        yaml.dump(entries, FILE)
    return "\n".join(lines), lost


def _met(goal: Mapping[str, Any], value: float) -> bool:
    return bool(value >= goal["least"] if "least" in goal else value <= goal["most"])


def _wanted(goal: Mapping[str, Any]) -> str:
    sign, bound = ("≥", goal["least"]) if "least" in goal else ("≤", goal["most"])
    return f"{sign} {said(goal['name'], bound)}"


def said(name: str, value: float) -> str:
    """A figure as it is written."""
    if name in _MS:
        return f"{value:.1f}"
    if name == "calibration_error":
        return f"{value:.3f}"
    return f"{100 * value:.1f} {'points' if name.endswith('_behind') else '%'}"
