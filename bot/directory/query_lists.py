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
FLAGS = (
    *("minors", "adults", "professionals", "worried", "anonymous", "free"),
    *("open_now", "acute", "not_acute", "abroad"),
)
"""Lists that say one thing each."""


Said = tuple[str, Any]
"""What a phrase says: a list's name, and for sexes, channels and languages which one."""


@dataclass(frozen=True)
class Lists:
    """What the words of a query may say. ``common``: words that are neither a place nor a misspelling."""

    phrases: Phrases[Said]
    languages: tuple[Mapping[str, Any], ...]
    with_children: frozenset[str]
    there: frozenset[str]
    not_there: frozenset[str]
    arrived: frozenset[str]
    to_come: frozenset[str]
    calling: frozenset[str]
    going: frozenset[str]
    being: frozenset[str]
    other_person: frozenset[str]
    also_called: Mapping[str, str]
    help_words: frozenset[str]
    speaking: frozenset[str]
    common: frozenset[str]


@lru_cache(maxsize=1)
def lists() -> Lists:
    """The file, read once."""
    content = read_yaml(_FILE)
    phrases: list[tuple[str, Said]] = [(word, (name, True)) for name in FLAGS for word in content[name]]
    for kind in ("sexes", "channels"):
        phrases += [(word, (kind, which)) for which, words in content[kind].items() for word in words]
    phrases += [(word, ("languages", entry)) for entry in content["languages"] for word in entry["words"]]
    speaking = frozenset(content["speaking"])
    return Lists(
        phrases=Phrases(phrases),
        languages=tuple(content["languages"]),
        with_children=frozenset(content["with_children"]),
        there=frozenset(content["there"]),
        not_there=frozenset(content["not_there"]),
        arrived=frozenset(content["arrived"]),
        to_come=frozenset(content["to_come"]),
        calling=frozenset(content["calling"]),
        going=frozenset(content["going"]),
        being=frozenset(content["being"]),
        other_person=frozenset(content["other_person"]),
        also_called=content["also_called"],
        help_words=frozenset(content["help_words"].split()),
        speaking=speaking,
        common=STOP_WORDS | speaking | frozenset(content["no_places"].split()),
    )
