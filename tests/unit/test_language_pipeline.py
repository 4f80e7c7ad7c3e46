"""One contract over every Norwegian spaCy pipeline that is installed: ours, and spaCy's own where they are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Span
from spacy.util import is_package

from bot.errors import StartError
from bot.language import pipeline as room
from bot.language.pipeline import DEFAULT, MAX_CHARACTERS, MAX_TOKENS, pipeline, read

NAMES = {"PER", "ORG", "LOC", "GPE_LOC", "GPE_ORG", "PROD", "EVT", "DRV", "MISC"}
UPOS = {"ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"}  # fmt: skip
INSTALLED = [
    pytest.param(name, marks=[] if name == DEFAULT or is_package(name) else pytest.mark.skip(reason="not installed"))
    for name in (DEFAULT, "nb_core_news_sm", "nb_core_news_md", "nb_core_news_lg")
]
BOKMAAL = "Jeg heter Kari Nordmann og bor i Oslo. Moren min vil at vi skal flytte til Pakistan."
NYNORSK = "Eg heiter Kari Nordmann og bur i Oslo. Mora mi vil at vi skal flytte til Pakistan."
ODD = {
    "emoji": "😭" * 2000,
    "one letter": "a" * 1_048_576,
    "right to left": "أمي تريد أن تأخذ جواز سفري " * 60,
    "marks": "\u202e\u200f\u200b" * 500,
    "control characters": "\x00\x07\x1b" * 1000,
    "lone surrogates": "hei \ud83d på \udc00 deg " * 200,
    "brackets": "(" * 4000,
    "quotation marks": "\"'" * 2000,
    "addresses": "http://a.no/?" * 400,
    "spaces": " " * 5000,
    "lines": "\n" * 5000,
    "letters with marks": "a\u0301\u0302" * 1500,
}


@pytest.fixture(params=INSTALLED)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_pipeline_has_the_parts_that_are_asked_of_it(name: str) -> None:
    language = pipeline(name)
    assert language.lang == "nb"
    assert {"tok2vec", "morphologizer", "lemmatizer", "ner"} <= set(language.pipe_names)
    assert {"senter", "parser"} & set(language.pipe_names)
    assert set(language.get_pipe("ner").labels) <= NAMES
    assert {"PER", "ORG", "LOC", "GPE_LOC", "GPE_ORG"} <= set(language.get_pipe("ner").labels)


def test_pipeline_is_loaded_once(name: str) -> None:
    assert pipeline(name) is pipeline(name)


def test_every_token_has_class_features_lemma_and_place(name: str) -> None:
    doc = read(BOKMAAL, name)
    assert doc.text == BOKMAAL
    assert {token.pos_ for token in doc} <= UPOS
    assert all(token.lemma_ for token in doc)
    assert [token.lemma_ for token in doc if token.text in ("bor", "heter")] == ["hete", "bo"]
    assert next(token for token in doc if token.text == "Moren").morph.get("Definite") == ["Def"]
    assert len(list(doc.sents)) == 2
    assert all(BOKMAAL[token.idx : token.idx + len(token)] == token.text for token in doc)


def test_names_are_found_where_they_stand(name: str) -> None:
    found = {(span.text, span.label_) for span in read(BOKMAAL, name).ents}
    assert {("Kari Nordmann", "PER"), ("Oslo", "GPE_LOC")} <= found
    assert {span.label_ for span in read(BOKMAAL, name).ents} <= NAMES


def test_our_own_reads_nynorsk() -> None:
    doc = read(NYNORSK)
    assert [token.lemma_ for token in doc if token.text in ("bur", "heiter", "Eg")] == ["eg", "heite", "bu"]
    assert read("Eg er redd og veit ikkje kva eg skal gjere.")[1].lemma_ == "vere"
    assert read("Jeg er redd og vet ikke hva jeg skal gjøre.")[1].lemma_ == "være"
    assert {("Kari Nordmann", "PER"), ("Oslo", "GPE_LOC")} <= {(span.text, span.label_) for span in doc.ents}


def test_our_own_calls_a_name_with_a_gender_a_proper_noun() -> None:
    language = pipeline()
    doc = language.make_doc("Kari er ikke hjemme i mai.")
    for token, pos, morph in ((doc[0], "NOUN", "Gender=Fem"), (doc[5], "NOUN", "Gender=Masc")):
        token.pos_ = pos
        token.set_morph(morph)
    language.get_pipe("written_form")(doc)
    assert (doc[0].pos_, doc[5].pos_) == ("PROPN", "NOUN")


def test_our_own_calls_a_name_the_same_throughout() -> None:
    language = pipeline()
    doc = language.make_doc("Jens Nordmann kom. Nordmanns tale var lang, og Nordmann dro til Oslo.")
    spans = [(0, 2, "PER"), (4, 5, "ORG"), (10, 11, "GPE_LOC"), (13, 14, "GPE_LOC")]
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in spans]
    named = language.get_pipe("same_names")(doc)
    assert [span.label_ for span in named.ents] == ["PER", "PER", "PER", "GPE_LOC"]


@pytest.mark.parametrize("text", ["", " ", "\n", ".", "a"])
def test_next_to_nothing_is_read(name: str, text: str) -> None:
    assert read(text, name).text == text
    assert all(span.label_ in NAMES for span in read(text, name).ents)


@pytest.mark.parametrize("kind", ODD)
def test_odd_text_is_read_in_bounded_time_and_in_place(name: str, kind: str) -> None:
    text = ODD[kind]
    read("hei", name)
    started = time.process_time()
    doc = read(text, name)
    took = time.process_time() - started
    assert len(doc) <= MAX_TOKENS
    assert len(doc.text) <= MAX_CHARACTERS
    begun = text[: len(doc.text)]
    assert doc.text == "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in begun)
    # 50 ms are allowed on a machine that does nothing else; a loaded one takes a little longer.
    assert took < 0.15


@given(st.text(alphabet=st.characters(), max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_keeps_its_places(text: str) -> None:
    doc = read(text)
    assert all(doc.text[token.idx : token.idx + len(token)] == token.text for token in doc)
    assert len(doc.text) == len(text) or len(doc) == MAX_TOKENS


def test_a_long_run_is_cut_at_the_same_places_as_the_text() -> None:
    text = "hei " + "x" * 250 + " på (" * 120 + "deg"
    doc = room._tokens(pipeline(), text)
    assert text.startswith(doc.text)
    assert max(len(token) for token in doc) <= 100


def test_a_pipeline_that_is_not_installed_says_what_to_do() -> None:
    with pytest.raises(StartError, match="HJEMVEI_SPACY_MODEL"):
        pipeline("nb_finnes_ikke")
