"""Readers that `spacy train` uses: sentences grouped anew each time round, and part of them made untidy.

The corpus is edited text; those who write to us use no capitals, leave out full stops and mistype. A share of the
groups is therefore lower-cased, mistyped or both, with the same names, lemmas and classes as before.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from nlp.untidy import Untidy, lowered, mistyped, without_stop


@dataclass(frozen=True)
class Row:
    """One sentence as lists of equal length, ready to be joined with others. Names are IOB."""

    words: list[str]
    spaces: list[bool]
    lemmas: list[str]
    pos: list[str]
    morphs: list[str]
    names: list[str]


def rows(path: Path, language: Language) -> list[Row]:
    """The sentences of a DocBin of one sentence a document."""
    found = []
    for doc in DocBin().from_disk(path).get_docs(language.vocab):
        names = [f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in doc]
        found.append(
            Row(
                [t.text for t in doc],
                [bool(t.whitespace_) for t in doc],
                [t.lemma_ for t in doc],
                [t.pos_ for t in doc],
                [str(t.morph) for t in doc],
                names,
            )
        )
    return found


def document(language: Language, sentences: list[Row]) -> Doc:
    """Sentences as one document that carries what they are annotated with."""
    return Doc(
        language.vocab,
        words=[word for row in sentences for word in row.words],
        spaces=[space for row in sentences for space in row.spaces],
        lemmas=[lemma for row in sentences for lemma in row.lemmas],
        pos=[pos for row in sentences for pos in row.pos],
        morphs=[morph for row in sentences for morph in row.morphs],
        ents=[name for row in sentences for name in row.names],
        sent_starts=[index == 0 for row in sentences for index in range(len(row.words))],
    )


@spacy.registry.readers("norne.groups.v1")
def groups(
    path: Path, most: int, low: float, typos: float, seed: int, names_of: Path | None = None, swap: float = 0.0
) -> Callable[[Language], Iterator[Example]]:
    """A reader of ``path`` in groups of 1 to ``most`` neighbouring sentences, drawn anew on each pass.

    ``low`` is the share of groups without capitals (half of them without a full stop too), ``typos`` the share of
    groups in which a word in twelve is mistyped, ``swap`` the share of names that are replaced by another of the same
    kind from ``names_of``.
    """
    chance = random.Random(seed)
    untidy = Untidy.read(names_of) if names_of else None
    loaded: dict[str, list[Row]] = {}

    def read(language: Language) -> Iterator[Example]:
        every = loaded.setdefault("rows", rows(Path(path), language))
        bounds, start = [], 0
        while start < len(every):
            end = min(len(every), start + chance.randint(1, most))
            bounds.append((start, end))
            start = end
        chance.shuffle(bounds)
        for start, end in bounds:
            group = every[start:end]
            if untidy and swap:
                group = [untidy.swapped(row, swap, chance) for row in group]
            if chance.random() < typos:
                group = [mistyped(row, 1 / 12, chance) for row in group]
            if chance.random() < low:
                group = [lowered(row) for row in group]
                if chance.random() < 0.5:
                    group = [without_stop(row) for row in group]
            reference = document(language, group)
            predicted = Doc(
                language.vocab, words=[t.text for t in reference], spaces=[bool(t.whitespace_) for t in reference]
            )
            yield Example(predicted, reference)

    return read
