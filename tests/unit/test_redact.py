"""What is kept of a message for review tells nobody who wrote it."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.redact import redacted

NOW = datetime(2026, 11, 28, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "gone", "kept"),
    [
        ("Hei, jeg heter Leyla Ahmed og er 16 år, bor på Grorud", ["Leyla", "Ahmed", "16", "Grorud"], "heter"),
        (
            "ring 90 12 34 56 eller skriv til leyla@example.org",
            ["90 12", "34 56", "leyla@", "example"],
            "eller skriv til",
        ),
        ("onkel Hassan kommer på fredag fra Lahore", ["Hassan", "fredag", "Lahore"], "onkel"),
        ("æ e 15 og bor i bærgen", ["15", "bærgen"], "og bor i"),
        ("snapen er @zahra.07 og siden heter www.navnet.no/zahra", ["zahra", "navnet"], "snapen er"),
        ("du finner meg på Blåbærveien 7b", ["Blåbærveien", "7"], "du finner meg på"),
    ],
)
def test_redacted_blanks_what_points_to_somebody(text: str, gone: list[str], kept: str) -> None:
    found = redacted(text, NOW)
    assert [word for word in gone if word in found] == []
    assert kept in found


def test_redacted_blanks_the_names_that_a_model_found() -> None:
    assert redacted("mehdi sier at noor må reise", NOW, [(0, 5), (14, 18)]) == "⟨navn⟩ sier at ⟨navn⟩ må reise"


@given(st.text(max_size=300))
def test_redacted_reads_anything_and_leaves_no_figure(text: str) -> None:
    assert not any(letter in "0123456789" for letter in redacted(text, NOW))
