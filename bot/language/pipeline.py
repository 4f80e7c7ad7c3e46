"""The spaCy pipeline: classes, features, lemmas, sentences and names of Norwegian text, with bounded work.

``nb_norne_sm`` stands in this repository and knows bokmål and nynorsk; spaCy's own ``nb_core_news_sm``, ``md`` and
``lg`` answer to the same names and labels where they are installed. Loading takes a second and 120 MB, so a pipeline
is loaded when it is first asked for, once.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from bot.errors import StartError

DEFAULT = "nb_norne_sm"
MAX_CHARACTERS = 4_000
"""How much of a text is read: two typed pages. A message of people is shorter."""
MAX_TOKENS = 400
"""And how many tokens of it, since a text of emoji has one in every character; 400 take about 40 ms."""
# The tokeniser's time grows with the square of a run without spaces (4,000 emoji: 3 s), so longer runs are cut.
_LONG_RUN = re.compile(r"\S{101}")
_PIECES = re.compile(r"\S{1,100}\s*|\s+")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LOCK = threading.Lock()


# What finding names does without; the rest may share token vectors.
_NOT_FOR_NAMES = {"tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "written_form", "senter"}
_chosen = DEFAULT


def use(name: str) -> None:
    """From now on ``pipeline`` and what builds on it means the one called ``name``."""
    global _chosen
    _chosen = name


def pipeline(name: str | None = None) -> Language:
    """The pipeline called ``name`` (else the one in use), the same object each time. Raises StartError when it is not
    installed."""
    with _LOCK:
        return _loaded(name or _chosen)


@lru_cache(maxsize=4)
def _loaded(name: str) -> Language:
    try:
        language = spacy.load(name)
    except OSError as error:
        raise StartError(
            f"Språkmodellen «{name}» er ikke lagt inn. «make environment» legger inn {DEFAULT}; "
            "HJEMVEI_SPACY_MODEL velger en annen."
        ) from error
    return language


def names(text: str) -> list[tuple[int, int]]:
    """Where names of people, places, organisations and the like stand in ``text``: first character, one after last."""
    language = pipeline()
    tokens = _tokens(language, _fit(text))
    doc = language(tokens, disable=[part for part in language.pipe_names if part in _NOT_FOR_NAMES])
    return [(name.start_char, name.end_char) for name in doc.ents]


def read(text: str, name: str | None = None) -> Doc:
    """What the pipeline makes of ``text``; the offsets of the tokens and names are those of ``text``.

    Reads the first MAX_CHARACTERS and MAX_TOKENS of any text whatever, in bounded time, and never raises for what the
    text holds: lone surrogates are read as U+FFFD, and a run without a space is cut at a hundred characters.
    """
    language = pipeline(name)
    return language(_tokens(language, _fit(text)))


def _fit(text: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", text[:MAX_CHARACTERS])


def _tokens(language: Language, text: str) -> Doc:
    """The first MAX_TOKENS tokens of ``text``, at the places where they stand in it."""
    if not _LONG_RUN.search(text):
        doc = language.make_doc(text)
        return doc if len(doc) <= MAX_TOKENS else doc[:MAX_TOKENS].as_doc()
    words: list[str] = []
    spaces: list[bool] = []
    for piece in _PIECES.finditer(text):
        for token in language.make_doc(piece[0]):
            words.append(token.text)
            spaces.append(bool(token.whitespace_))
        if len(words) >= MAX_TOKENS:
            break
    return Doc(language.vocab, words=words[:MAX_TOKENS], spaces=spaces[:MAX_TOKENS])
