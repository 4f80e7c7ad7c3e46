from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.masks import FIGURE, NAME, masked


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("Kan Hodan bli hentet i Garoowe kl 14?", f"kan {NAME} bli hentet i {NAME} kl {FIGURE}"),
        ("Ring 22 33 44 55. Han er ute", f"ring {FIGURE} han er ute"),
        ("JEG ER REDD", "jeg er redd"),
        ("ho har gått te Sara. Ka ska æ gjør", f"hun har gått til {NAME} hva skal jeg gjør"),
        ("", ""),
    ],
)
def test_masked_leaves_out_who_and_when(text: str, view: str) -> None:
    assert masked(text) == view


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_masked_takes_anything(text: str) -> None:
    assert masked(masked(text)) == masked(masked(masked(text)))
