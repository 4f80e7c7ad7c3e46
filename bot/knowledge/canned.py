"""Answers that staff put in with a key, and may change before they send them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge.reading import read_yaml
from bot.knowledge.render import ContactFields, fill


@dataclass(frozen=True)
class Canned:
    """One of them. ``text`` with the directory's details filled in."""

    id: str
    title: str
    text: str


def read_canned(root: Path, contacts: ContactFields) -> list[Canned]:
    """The file canned.yml of the folder knowledge/. Raises KnowledgeError."""
    path = root / "canned.yml"
    try:
        return [Canned(item["id"], item["title"], fill(item["text"], contacts)) for item in read_yaml(path)]
    except (KeyError, TypeError) as error:
        raise KnowledgeError(
            [f"{path}:1: hvert svar må ha id, title og text, og kontaktene må finnes ({error})"]
        ) from error
