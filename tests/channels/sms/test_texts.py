"""A reply as messages: nothing is lost, nothing is cut in the wrong place, and the first line tells nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.bootstrap import Library
from bot.channels.sms.texts import MAX_PARTS, cut, listed, messages, plain, sentences
from bot.conversation.sms_words import SmsWords
from bot.language import gsm7
from bot.language.discretion import first_line, telling

WORDS = SmsWords(
    first_line="Hei. Her er svaret.",
    first_line_asking="Et spørsmål:",
    more="SVAR MER for resten.",
    rest="Resten av svaret:",
    about="Dette er et program.",
    commands="",
    stopped="",
    erased="",
    too_long="",
    unreadable="",
    limit="",
    failed="",
)
NUMBERS = ["112", "116 111", "+47 23 95 00 00", "815 55 201", "02800"]
LETTERS = st.sampled_from([*"abcdefghijklmnopqrstuvwxyzæøåé", "€", "[", "]", "{"])
FOREIGN = st.sampled_from([*"čŋžšđŧćخطرдомй", "😀"])
WORD = st.text(LETTERS, min_size=1, max_size=12)
FOREIGN_WORD = st.text(st.one_of(LETTERS, FOREIGN), min_size=1, max_size=12)
ENDS = st.sampled_from([". ", "! ", "? ", ".\n", "\n"])


@st.composite
def texts(draw: st.DrawFn, word: st.SearchStrategy[str] = WORD, most: int = 14) -> str:
    """Norwegian-looking sentences with telephone numbers in them."""
    made = ""
    for _ in range(draw(st.integers(1, 12))):
        words = draw(st.lists(st.one_of(word, st.sampled_from(NUMBERS)), min_size=1, max_size=most))
        made += "Si " + " ".join(words) + draw(ENDS)
    return made.strip()


def _without_the_frame(message: str) -> str:
    return message.removeprefix(f"{WORDS.rest}\n").removesuffix(f"\n{WORDS.more}")


def _same(text: str) -> str:
    return re.sub(r"\s+", "", text)


@settings(max_examples=60, deadline=None)
@given(texts())
def test_nothing_is_lost_and_every_message_has_at_most_three_parts(text: str) -> None:
    made = cut(text, WORDS)
    assert _same("".join(map(_without_the_frame, made))) == _same(text)
    assert all(gsm7.parts(message) <= MAX_PARTS for message in made)
    assert all(message.endswith(WORDS.more) for message in made[:-1])
    assert not made[-1].endswith(WORDS.more)


@settings(max_examples=40, deadline=None)
@given(texts(FOREIGN_WORD))
def test_letters_outside_gsm7_are_kept_and_their_parts_counted(text: str) -> None:
    made = cut(text, WORDS)
    assert _same("".join(map(_without_the_frame, made))) == _same(text)
    assert all(gsm7.parts(message) <= MAX_PARTS for message in made)


@settings(max_examples=60, deadline=None)
@given(texts())
def test_cut_only_between_sentences(text: str) -> None:
    # A sentence here takes at most 2 + 14 words of 12 characters of two septets, so most have room of their own.
    whole = [sentence.strip() for sentence in sentences(text) if gsm7.parts(f"{sentence}{WORDS.rest}{WORDS.more}") <= 2]
    made = [_without_the_frame(message) for message in cut(text, WORDS)]
    for sentence in whole:
        assert any(sentence in message for message in made)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*NUMBERS, "eller", "så"]), min_size=80, max_size=200))
def test_never_cut_inside_a_number_even_in_a_sentence_without_end(words: list[str]) -> None:
    text = ", ".join(words)
    made = [_without_the_frame(message) for message in cut(text, WORDS)]
    found = [number for message in made for number in re.findall(r"\+?\d[\d ]*\d", message)]
    assert found == [word for word in words if word in NUMBERS]


@settings(max_examples=40, deadline=None)
@given(texts(), st.lists(WORD, min_size=1, max_size=6))
def test_choices_that_answer_a_question_are_all_shown_in_one_message(text: str, titles: list[str]) -> None:
    made = messages([text], titles, WORDS, asks=True)
    assert made[-1].text.endswith(listed(titles))
    assert made[-1].choices == tuple(titles)
    assert all(gsm7.parts(sms.text) <= MAX_PARTS for sms in made)


@settings(max_examples=40, deadline=None)
@given(texts(most=6), st.lists(WORD, max_size=6))
def test_offers_never_make_a_message_longer_than_three_parts(text: str, titles: list[str]) -> None:
    made = messages([text], titles, WORDS)
    assert all(gsm7.parts(sms.text) <= MAX_PARTS for sms in made)
    assert list(made[-1].choices) == titles[: len(made[-1].choices)]


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text


@settings(max_examples=60, deadline=None)
@given(st.text(st.one_of(LETTERS, FOREIGN), max_size=400))
def test_parts_never_divide_a_character_of_two_units(text: str) -> None:
    """Counted by packing the parts one by one, as 3GPP TS 23.040 has it."""
    foreign = gsm7.foreign_characters(text)
    single, joined = (70, 67) if foreign else (160, 153)
    widths = [(2 if ord(c) > 0xFFFF else 1) if foreign else (2 if c in "€[]{" else 1) for c in text]
    packed = [0]
    for width in widths:
        if packed[-1] + width > joined:
            packed.append(0)
        packed[-1] += width
    assert gsm7.parts(text) == (1 if sum(widths) <= single else len(packed))


def test_an_escaped_character_at_the_edge_goes_to_the_next_part() -> None:
    text = "a" * 152 + "€" + "a" * 150 + "€" + "a" * 152
    assert sum(2 if c == "€" else 1 for c in text) == 458
    assert gsm7.parts(text) == 4


@pytest.mark.parametrize(
    "text",
    ["Ring kl. 9 på mandag.", "Svaret kommer 12. juni.", "Det gjelder f.eks. en reise.", "Ring nr. 112 nå."],
)
def test_a_sentence_goes_on_after_an_abbreviation_or_a_date(text: str) -> None:
    assert sentences(text) == [text]


def test_a_sentence_ends_where_the_next_begins_with_a_quotation_a_plus_or_another_script() -> None:
    assert sentences('Ring 112. "Hei" er nok. +47 23 95 00 00 svarer.') == [
        "Ring 112. ",
        '"Hei" er nok. ',
        "+47 23 95 00 00 svarer.",
    ]
    assert len(sentences("أرد بالنرويجية فقط. مترجم هنا؟ نعم")) == 3


def test_typography_becomes_gsm7_and_letters_stay() -> None:
    [sms] = messages(["«Du kan», sa hun – ring 116 111 … æøå"], [], WORDS)
    assert sms.text == '"Du kan", sa hun - ring 116 111 ... æøå'
    assert gsm7.foreign_characters(sms.text) == ""
    [sms] = messages(["Sámi girku čáppa"], [], WORDS)
    assert "Sámi girku čáppa" in sms.text


def test_links_go_and_short_known_addresses_stay() -> None:
    known = {"dinutvei.no", "nav.no/krise"}
    assert plain("Les på [Dinutvei](https://www.dinutvei.no/hjelp/lang).", known) == "Les på Dinutvei."
    assert plain("Se https://www.dinutvei.no/.", known) == "Se dinutvei.no."
    assert plain("Se https://www.dinutvei.no/en/lang/sti?x=1 nå.", known) == "Se dinutvei.no nå."
    assert plain("Se https://nav.no/krise.", known) == "Se nav.no/krise."
    assert "example" not in plain("Se https://www.example.org/spor?id=1 nå.", known)


def test_the_first_line_is_neutral_whatever_the_answer_is_about() -> None:
    [sms] = messages(["Hei. Er du redd for å bli giftet bort? Ring 116 111."], [], WORDS)
    assert sms.text == "Hei. Her er svaret.\nEr du redd for å bli giftet bort? Ring 116 111."
    [sms] = messages(["Ring 112 hvis det haster.\nPolitiet kan komme."], [], WORDS)
    assert first_line(sms.text) == "Ring 112 hvis det haster."


def test_an_emergency_number_is_said_once() -> None:
    [sms] = messages(["Haster det: ring 112.", "Blir det farlig, ring 112.\nUnder 18: 116 111."], [], WORDS)
    assert sms.text == "Haster det: ring 112.\nUnder 18: 116 111."


@pytest.mark.parametrize("word", ["tvangsekteskap", "Passet", "vold", "UD", "politiet", "familien", "krisesenteret"])
def test_telling_words_are_found(word: str) -> None:
    assert telling(f"Hei, dette gjelder {word}.") == [word]


@pytest.mark.parametrize(
    "line",
    ["Hei. Her er svaret.", "Haster det: ring 112.", "Er du under 18, eller er du eldre?", "Her er nummeret: 116 111"],
)
def test_neutral_lines_are_left_alone(line: str) -> None:
    assert telling(line) == []


def test_no_text_gives_no_message(shelf: Library) -> None:
    assert messages([], ["Ja"], shelf.answers.sms.words) == []
    assert messages(["", "  "], [], shelf.answers.sms.words) == []
