"""The training project: what NDT's tree says becomes what UD says, and untidy text keeps its annotation."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from nlp import corpus, gazetteer, spacing, written
from nlp.mapping import to_ud
from nlp.reader import Row
from nlp.untidy import Untidy, lowered, mistyped, slip, without_stop

# One sentence a case, made up for the test in NDT's columns: form, lemma, class, features, head, relation.
SENTENCES = {
    "auxiliary": ("Hun hun pron fem|ent|pers|hum|3|nom 2 SUBJ\nhar ha verb pres 0 FINV\ngått gå verb perf-part 2 INFV"),
    "full verb": ("Hun hun pron fem|ent|pers|hum|3|nom 2 SUBJ\nhar ha verb pres 0 FINV\npass pass subst appell|nøyt|ub|ent 2 DOBJ"),
    "copula": ("Ho ho pron pers|3|fem|eint|nom 2 SUBJ\ner vere verb pres 0 FINV\nredd redd adj pos|m/f|ub|eint 2 SPRED"),
    "being": ("Det det pron nøyt|ent|pers|3 2 FSUBJ\ner være verb pres 0 FINV\nher her prep _ 2 ADV"),
    "subordinator": ("glad glad adj ub|m/f|ent|pos 0 FRAG\nfor for prep _ 1 ADV\nå å inf-merke _ 2 PUTFYLL\ngå gå verb inf 3 INFV"),
    "preposition": ("reise reise verb inf 0 INFV\ntil til prep _ 1 ADV\nhuset hus subst appell|nøyt|be|ent 2 PUTFYLL"),
    "determiners": ("en en det mask|ent|kvant 0 DET\nto to det fl|kvant 0 DET\nmin min det mask|ent|poss 0 DET\nalle all det fl|kvant 0 DET"),
    "negation": ("ikke ikke adv _ 0 ADV\nhvem hvem pron hum|sp 0 SUBJ\nsom som sbu _ 0 SBU\nom om sbu _ 0 SBU"),
    "names": ("Kari Kari subst prop|fem 0 SUBJ\nNRKs NRK subst prop|fork|gen 0 SUBJ\nsol sol subst fem|prop 0 SUBJ"),
}  # fmt: skip
EXPECTED = {
    "auxiliary": ["PRON", "AUX", "VERB"],
    "full verb": ["PRON", "VERB", "NOUN"],
    "copula": ["PRON", "AUX", "ADJ"],
    "being": ["PRON", "VERB", "ADV"],
    "subordinator": ["ADJ", "SCONJ", "PART", "VERB"],
    "preposition": ["VERB", "ADP", "NOUN"],
    "determiners": ["DET", "NUM", "PRON", "DET"],
    "negation": ["PART", "PRON", "PRON", "SCONJ"],
    "names": ["PROPN", "PROPN", "NOUN"],
}


def _read(tmp_path: Path, text: str) -> corpus.Sentence:
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        form, lemma, pos, feats, head, relation = line.split()
        rows.append("\t".join([str(number), form, lemma, pos, pos, feats, head, relation, "_", "name=O"]))
    path = tmp_path / "one.conll"
    path.write_text("\n".join(rows) + "\n\n", "utf-8")
    return next(corpus.read(path))


@pytest.mark.parametrize("case", SENTENCES)
def test_mapping_gives_ud_classes(tmp_path: Path, case: str) -> None:
    assert [token.pos for token in to_ud(_read(tmp_path, SENTENCES[case])).tokens] == EXPECTED[case]


def test_mapping_gives_ud_features(tmp_path: Path) -> None:
    feats = ["|".join(token.feats) for token in to_ud(_read(tmp_path, SENTENCES["determiners"])).tokens]
    assert feats == [
        "Gender=Masc|Number=Sing|PronType=Art",
        "Number=Plur|NumType=Card",
        "Gender=Masc|Number=Sing|Poss=Yes|PronType=Prs",
        "Number=Plur|PronType=Tot",
    ]


def test_reading_refuses_a_line_of_another_shape(tmp_path: Path) -> None:
    (tmp_path / "bad.conll").write_text("1\tHei\thei\n", "utf-8")
    with pytest.raises(ValueError, match=r"bad\.conll:1"):
        list(corpus.read(tmp_path / "bad.conll"))


def test_heading_mark_is_left_out_and_heads_follow(tmp_path: Path) -> None:
    sentence = _read(tmp_path, "Rett rett subst _ 3 SUBJ\n| $| clb _ 3 IP\ngår gå verb pres 0 FINV")
    kept = corpus.without_heading_mark(sentence)
    assert [(token.form, token.head) for token in kept.tokens] == [("Rett", 2), ("går", 0)]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Hei , du !", "Hei, du! "),
        ("« Nei » , sa hun ( lavt ) .", "«Nei», sa hun (lavt). "),
        ('Hun sa " nei " .', 'Hun sa "nei". '),
        ("", ""),
    ],
)
def test_spaces_stand_where_a_writer_puts_them(words: str, text: str) -> None:
    forms = words.split()
    assert "".join(form + " " * space for form, space in zip(forms, spacing.spaces(forms), strict=True)) == text


ROW = Row(
    ["Kari", "Nordmanns", "mor", "bur", "i", "Bergen", "."],
    [True] * 5 + [False, True],
    ["Kari", "Nordmann", "mor", "bu", "i", "Bergen", "$."],
    ["PROPN", "PROPN", "NOUN", "VERB", "ADP", "PROPN", "PUNCT"],
    [""] * 7,
    ["B-PER", "I-PER", "O", "O", "O", "B-GPE_LOC", "O"],
)


def test_lowered_and_without_stop_keep_names_in_step() -> None:
    row = without_stop(lowered(ROW))
    assert row.words == ["kari", "nordmanns", "mor", "bur", "i", "bergen"]
    assert row.names == ROW.names[:-1]
    assert row.spaces[-1]


def test_swapped_names_keep_genitive_and_kind() -> None:
    row = Untidy(("Amina",), ("Hassan",), ("Bodø",)).swapped(ROW, 1.0, random.Random(1))
    assert row.words == ["Amina", "Hassans", "mor", "bur", "i", "Bodø", "."]
    assert row.lemmas[1] == "Hassan"
    assert row.names == ROW.names


@pytest.mark.parametrize("seed", range(30))
def test_a_slip_leaves_a_word(seed: int) -> None:
    word = slip("kjærlighet", random.Random(seed))
    assert word
    assert not set(word) & set(" \n")
    assert len(mistyped(ROW, 1.0, random.Random(seed)).words) == len(ROW.words)


def test_the_table_of_names_knows_kinds_and_genitives() -> None:
    words = gazetteer.words()
    assert "country" in words["pakistan"]
    assert words["pakistans"] == words["pakistan"] | {"genitive"}
    assert {"norwegian", "city"} <= words["oslo"]
    assert set().union(*words.values()) <= set(gazetteer.KINDS)


def _sentence(*tokens: tuple[str, str, str]) -> corpus.Sentence:
    return corpus.Sentence(
        "made up", tuple(corpus.Token(form, lemma, pos, (), 0, "", "O") for form, lemma, pos in tokens)
    )


def test_written_forms_are_told_apart_by_words_and_differ_in_lemmas() -> None:
    bokmaal = [_sentence(("ikke", "ikke", "PART"), ("er", "være", "AUX"), ("hus", "hus", "NOUN"))] * 25
    nynorsk = [_sentence(("ikkje", "ikkje", "PART"), ("er", "vere", "AUX"), ("hus", "hus", "NOUN"))] * 25
    table = written.table(bokmaal, nynorsk)
    assert table["marks"] == {"nb": ["ikke"], "nn": ["ikkje"]}
    assert table["lemmas"] == {"er": {"AUX": ["være", "vere"]}}
    assert table["morphs"] == {}
