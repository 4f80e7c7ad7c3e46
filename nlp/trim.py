"""Leave out of a saved pipeline the words of the corpus, which it does not need and which are not ours to pass on.

spaCy saves every string that training met. The weights look words up by their hash; only the names of labels, features,
the letters that the lemmatiser puts in and the tokeniser's exceptions must be there by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy
import srsly


def trim(model: Path) -> int:
    """Rewrite the model's strings with those that are needed; returns how many were left out."""
    file = model / "vocab" / "strings.json"
    strings = json.loads(file.read_text("utf-8"))
    store = spacy.load(model).vocab.strings
    needed = set(spacy.blank("nb").vocab.strings) | set(_labels(model))
    needed |= {store[key] for key in _letters(srsly.read_msgpack(model / "lemmatizer" / "trees")) if key in store}
    kept = [text for text in strings if text in needed]
    file.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    return len(strings) - len(kept)


def _labels(model: Path) -> Iterator[str]:
    for component, labels in json.loads((model / "meta.json").read_text("utf-8"))["labels"].items():
        yield component
        for label in labels:
            yield str(label)
            yield from str(label).split("|")
            yield from (part for pair in str(label).split("|") for part in pair.split("="))
            yield "|".join(pair for pair in str(label).split("|") if not pair.startswith("POS="))


def _letters(node: Any) -> Iterator[int]:
    """The strings' hashes in the lemmatiser's edit trees: what is taken out of a word and what is put in."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("orig", "subst"):
                yield value
            else:
                yield from _letters(value)
    elif isinstance(node, list):
        for value in node:
            yield from _letters(value)
