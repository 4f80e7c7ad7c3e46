"""Join the two trained halves and lay the result down as a package that pip installs without a network."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.attrs import ORTH
from spacy.language import Language

NAME = "norne_sm"
PACKAGE = f"nb_{NAME}"
FOLDER = Path(__file__).with_name(PACKAGE)
# The package's own code, from here and not from where an older one may be installed.
sys.path.insert(0, str(FOLDER))
VERSION = str(importlib.import_module(PACKAGE).__version__)
_DESCRIPTION = "Norwegian, bokmål and nynorsk in one pipeline: class, features, lemma, sentence starts and names."
_SOURCES = [
    {
        "name": "Norwegian Dependency Treebank (NDT)",
        "url": "https://www.nb.no/sprakbanken/",
        "license": "CC0 1.0 (annotations)",
        "author": "National Library of Norway",
    },
    {
        "name": "NorNE: Norwegian Named Entities",
        "url": "https://github.com/ltgoslo/norne",
        "license": "CC0 1.0 (annotations)",
        "author": "Schibsted Media Group, Språkbanken and the Language Technology Group, University of Oslo",
    },
]
_SPACY = ">=3.7.4,<3.8.0"


def join(grammar: Path, names: Path, table: dict[str, Any]) -> Language:
    """One pipeline: vectors, classes, lemmas and sentences from the one, names with vectors of their own."""
    language = spacy.load(grammar)
    other = spacy.load(names)
    # The names' table of kinds (nlp/gazetteer.py) is the vocabulary's only vectors.
    language.vocab.vectors = other.vocab.vectors
    other.replace_listeners("names_tok2vec", "ner", ["model.tok2vec"])
    language.add_pipe("ner", source=other)
    language.add_pipe("same_names")
    language.add_pipe("written_form", after="lemmatizer").use(table)
    # Where the likeliest way to a lemma does not fit a word, the next ones are tried.
    language.get_pipe("lemmatizer").top_k = 3
    abbreviations(language)
    return language


def abbreviations(language: Language) -> None:
    """Let the tokeniser part a full stop from words that end sentences, and keep it on NDT's abbreviations."""
    lists = yaml.safe_load(Path(__file__).with_name("abbreviations.yml").read_text("utf-8"))
    not_one = {form for word in lists["words"] for form in _spellings(f"{word}.")}
    rules = {form: parts for form, parts in language.tokenizer.rules.items() if form not in not_one}
    rules |= {form: [{ORTH: form}] for word in lists["added"] for form in _spellings(word)}
    language.tokenizer.rules = rules


def _spellings(word: str) -> tuple[str, ...]:
    return word, word.capitalize(), word.upper()


def package(language: Language, scores: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Write model and meta data into the package's folder; what else stands there is kept. Returns its path."""
    inside = folder / PACKAGE
    for old in inside.glob(f"{PACKAGE}-*"):
        shutil.rmtree(old)
    language.meta.update(
        name=NAME,
        version=VERSION,
        description=_DESCRIPTION,
        author="Hjemvei",
        license="CC0-1.0",
        sources=_SOURCES,
        spacy_version=_SPACY,
        performance=scores,
    )
    # Where the halves were trained is nobody's business, and would differ from build to build.
    language.config["paths"] = dict.fromkeys(language.config["paths"])
    model = inside / f"{PACKAGE}-{VERSION}"
    language.to_disk(model)
    shutil.copy(model / "meta.json", inside / "meta.json")
    return model


def size(folder: Path) -> float:
    """Megabytes (10⁶ bytes) of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
