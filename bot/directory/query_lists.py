"""The word lists of data/query.yml, ready to be looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.directory.words import Phrases
from bot.knowledge.reading import read_yaml
from bot.language.words import STOP_WORDS

_FILE = Path(__file__).parent / "data" / "query.yml"
_FLAGS = (
    *("minors", "adults", "professionals", "worried", "anonymous", "free"),
    *("open_now", "acute", "not_acute", "abroad"),
)


@dataclass(frozen=True)
class Lists:
    """What the words of a query may say. ``common``: words that are neither a place nor a misspelling."""

    sexes: Phrases[str]
    channels: Phrases[str]
    languages: Phrases[Mapping[str, Any]]
    flags: Mapping[str, Phrases[bool]]
    with_children: frozenset[str]
    there: frozenset[str]
    not_there: frozenset[str]
    speaking: frozenset[str]
    common: frozenset[str]

    def has(self, word: Any) -> bool:
        """The word stands in one of the lists of phrases."""
        lists: tuple[Phrases[Any], ...] = (self.sexes, self.channels, self.languages, *self.flags.values())
        return any(phrases.any([word]) for phrases in lists)


@lru_cache(maxsize=1)
def lists() -> Lists:
    """The file, read once."""
    content = read_yaml(_FILE)
    speaking = frozenset(content["speaking"])
    return Lists(
        sexes=Phrases((word, sex) for sex, words in content["sexes"].items() for word in words),
        channels=Phrases((word, channel) for channel, words in content["channels"].items() for word in words),
        languages=Phrases((word, entry) for entry in content["languages"] for word in entry["words"]),
        flags={name: Phrases((word, True) for word in content[name]) for name in _FLAGS},
        with_children=frozenset(content["with_children"]),
        there=frozenset(content["there"]),
        not_there=frozenset(content["not_there"]),
        speaking=speaking,
        common=STOP_WORDS | speaking | frozenset(content["no_places"].split()),
    )
