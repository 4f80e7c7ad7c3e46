"""The main concerns of a case, as the special services' annual report has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge.reading import read_yaml


@dataclass(frozen=True)
class Concern:
    """One of them. ``theme``: the wider heading that the report gathers it under."""

    id: str
    name: str
    theme: str


def read_concerns(root: Path) -> Mapping[str, Concern]:
    """The file main_concerns.yml of the folder knowledge/, by id, in the report's order. Raises KnowledgeError."""
    path = root / "main_concerns.yml"
    try:
        return {item["id"]: Concern(item["id"], item["name"], item["theme"]) for item in read_yaml(path)}
    except (KeyError, TypeError) as error:
        raise KnowledgeError([f"{path}:1: hver hovedbekymring må ha id, name og theme ({error})"]) from error
