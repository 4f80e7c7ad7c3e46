"""NorNE to spaCy's binary files: train (one sentence a document), dev and test as UD has them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from nlp import corpus, spacing
from nlp.corpus import FORMS, Sentence
from nlp.mapping import to_ud

_GROUP = 10
"""Sentences a document in dev and test, as spaCy's own models are measured."""


def document(language: Language, sentences: Iterable[Sentence], *, spaced: bool) -> Doc:
    """Sentences as one document. ``spaced``: the file says where spaces stand; else they are guessed."""
    sentences = list(sentences)
    tokens = [token for sentence in sentences for token in sentence.tokens]
    spaces = [space for sentence in sentences for space in _spaces(sentence, spaced)]
    starts = [index == 0 for sentence in sentences for index in range(len(sentence.tokens))]
    return Doc(
        language.vocab,
        words=[token.form for token in tokens],
        spaces=spaces,
        lemmas=[token.lemma for token in tokens],
        pos=[token.pos for token in tokens],
        morphs=["|".join(token.feats) for token in tokens],
        ents=[token.name for token in tokens],
        sent_starts=starts,
    )


def _spaces(sentence: Sentence, spaced: bool) -> list[bool]:
    if spaced:
        return [token.space_after for token in sentence.tokens]
    return spacing.spaces([token.form for token in sentence.tokens])


def write(norne: Path, folder: Path) -> dict[str, int]:
    """Write train, dev and each form's dev and test into ``folder``; returns how many sentences each file has."""
    language = spacy.blank("nb")
    folder.mkdir(parents=True, exist_ok=True)
    train, dev, counted = DocBin(), DocBin(), {"train": 0, "dev": 0}
    for form in FORMS:
        for sentence in map(to_ud, corpus.train(norne, form)):
            train.add(document(language, [sentence], spaced=False))
            counted["train"] += 1
        for part in ("dev", "test"):
            sentences = corpus.ud(norne, form, part)
            counted[f"{form}-{part}"] = len(sentences)
            docs = [
                document(language, sentences[at : at + _GROUP], spaced=True) for at in range(0, len(sentences), _GROUP)
            ]
            DocBin(docs=docs, store_user_data=False).to_disk(folder / f"{form}-{part}.spacy")
            if part == "dev":
                counted["dev"] += len(sentences)
                for doc in docs:
                    dev.add(doc)
    train.to_disk(folder / "train.spacy")
    dev.to_disk(folder / "dev.spacy")
    return counted
