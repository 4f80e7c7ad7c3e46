"""A table of words that are names of some kind, as static vectors: one row for each set of kinds, many words to a row.

spaCy looks a word up by its lower-case form, so «pakistan» is found too. A row holds ones and zeros, one place a kind;
the model learns what to make of them beside the word, its shape and its neighbours. A few hundred kilobytes.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import yaml
from spacy.vectors import Vectors

HERE = Path(__file__).resolve().parent
KINDS = (
    "given",
    "family",
    "norwegian",
    "place",
    "org",
    "org_word",
    "product",
    "event",
    "country",
    "city",
    "many",
    "genitive",
)
"""The places of a row. «many»: a word that stands in a name of several words; «genitive»: the name with an s."""


def words() -> dict[str, frozenset[str]]:
    """Each word in lower case, and the kinds of name that it is or stands in."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    lists: dict[str, Any] = yaml.safe_load((HERE / "gazetteer.yml").read_text("utf-8"))
    for kind, text in lists.items():
        for word in text.split():
            found[word.lower()].add(kind)
    names = yaml.safe_load((HERE / "names.yml").read_text("utf-8"))
    for kind, name_kind in (("given", "given"), ("family", "family"), ("places", "city"), ("countries", "country")):
        for name in names[kind]:
            parts = name.lower().split()
            for part in parts:
                found[part] |= {name_kind, "many"} if len(parts) > 1 else {name_kind}
    return {word: frozenset(kinds) for word, kinds in _with_genitives(found).items()}


def _with_genitives(found: dict[str, set[str]]) -> dict[str, set[str]]:
    more = {
        f"{word}s": kinds | {"genitive"}
        for word, kinds in found.items()
        if not word.endswith("s") and f"{word}s" not in found and not kinds & {"org_word"}
    }
    return {**found, **more}


def write(folder: Path) -> int:
    """Save an empty Norwegian pipeline with the table, for ``initialize.vectors``; returns the number of words."""
    language = spacy.blank("nb")
    table = words()
    rows = sorted(set(table.values()), key=sorted)
    data = np.array([[float(kind in kinds) for kind in KINDS] for kinds in rows], dtype="float32")
    vectors = Vectors(strings=language.vocab.strings, data=data, name="names", attr="LOWER")
    for word, kinds in table.items():
        vectors.add(language.vocab.strings.add(word), row=rows.index(kinds))
    language.vocab.vectors = vectors
    language.to_disk(folder)
    return len(table)
