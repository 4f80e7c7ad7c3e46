from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.cleaning import clean, fold


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("hei   du\n\nder", "hei du der"),
        ("a\u0000b\u0007c", "abc"),
        ("a\u030a", "å"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("\u202eright to left\u202c", "right to left"),
        ("familie 👩\u200d👧", "familie 👩\u200d👧"),
        ("   ", ""),
    ],
)
def test_clean(given_text: str, expected: str) -> None:
    assert clean(given_text) == expected


@given(st.text(alphabet=st.characters()))
@settings(max_examples=300, deadline=None)
def test_clean_gives_text_that_can_be_sent_and_is_clean_already(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "folded"),
    [("HJEEEEELP", "hjeelp"), ("«Mamma»", '"mamma"'), ("hjem", "hjem"), ("neeei", "neei")],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["a" * 1_000_000, "😀" * 2_000, "\u202e" * 10_000, "å" * 100_000])
def test_clean_takes_bounded_time(text: str) -> None:
    started = time.perf_counter()
    fold(clean(text))
    assert time.perf_counter() - started < 2.0
