"""The main concerns of a case, as the special services' annual report has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge.reading import read_yaml
from bot.knowledge.store import read_countries
from bot.language.places import places


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


def counted_names(root: Path) -> dict[str, dict[str, str]]:
    """What is counted by and named here: ``places`` (counties by number, countries by code) and ``concerns``."""
    counties = {place.code: place.name for place in places() if place.kind == "county"}
    countries = {code: country.name for code, country in read_countries(root / "countries.yml").items()}
    concerns = {concern.id: concern.name for concern in read_concerns(root).values()}
    return {"places": {**counties, **countries}, "concerns": concerns}
