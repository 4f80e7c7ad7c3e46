"""Word lists of the rules, kept as YAML in data/: each a list of words, or words in a row with spaces between."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "data"


@lru_cache(maxsize=16)
def content(name: str) -> dict[str, Any]:
    """What stands in the file ``name``.yml."""
    read: dict[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yml").read_text("utf-8"))
    return read


def words(name: str, key: str) -> frozenset[str]:
    """The single words of a list."""
    listed = content(name)[key]
    return frozenset(listed.split() if isinstance(listed, str) else listed)
