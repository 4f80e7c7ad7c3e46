"""The pictures of docs/evaluation.md, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np

from tools.evaluation.measures import Row, bins

matplotlib.use("svg")
# The same figures give the same file.
matplotlib.rcParams["svg.hashsalt"] = "hjemvei"

import matplotlib.pyplot as plt  # noqa: E402


def confusion(rows: Sequence[Row], path: Path) -> None:
    """Groups of topics: which was meant (down), which was found (across), as shares of what was meant."""
    groups = sorted({row.group for row in rows} | {row.ranked[0].partition(".")[0] for row in rows})
    table = np.zeros((len(groups), len(groups)))
    for row in rows:
        found = row.group if row.first else row.ranked[0].partition(".")[0]
        table[groups.index(row.group), groups.index(found)] += 1
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(8, 7))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(groups)), groups, rotation=60, ha="right")
    axes.set_yticks(range(len(groups)), groups)
    axes.set_xlabel("found")
    axes.set_ylabel("meant")
    for down, across in zip(*np.nonzero(table), strict=True):
        colour = "white" if shares[down, across] > 0.5 else "black"
        axes.text(across, down, f"{table[down, across]:.0f}", ha="center", va="center", color=colour, fontsize=8)
    _save(figure, path)


def reliability(rows: Sequence[Row], path: Path) -> None:
    """How often the best candidate is right, by how sure the model was; the diagonal is perfect."""
    found = bins([row for row in rows if row.inside])
    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--")
    axes.plot([said for said, _, _ in found], [right for _, right, _ in found], marker="o", color="#1f4e79")
    for said, right, count in found:
        axes.annotate(str(count), (said, right), textcoords="offset points", xytext=(6, -10), fontsize=8)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share that is right")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    _save(figure, path)


def _save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
