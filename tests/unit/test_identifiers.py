from __future__ import annotations

import pytest

from bot.language.identifiers import ADDRESS, NUMBER, hidden


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ring meg på 912 34 567 etter ti", f"ring meg på {NUMBER} etter ti"),
        ("+92 300 1234567", NUMBER),
        ("mobil 0047 91234567!", f"mobil {NUMBER}!"),
        ("fødselsnummer 010203 45678", f"fødselsnummer {NUMBER}"),
        ("født 12.03.2008", f"født {NUMBER}"),
        ("passet er FHC1234567.", f"passet er {NUMBER}."),
        ("skriv til sol.sikke+1@eksempel.no nå", f"skriv til {ADDRESS} nå"),
        ("snap: @solsikke99", f"snap: {ADDRESS}"),
        ("se https://eksempel.no/meg", f"se {ADDRESS}"),
    ],
)
def test_what_tells_who_somebody_is_is_hidden(text: str, shown: str) -> None:
    assert hidden(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "jeg er 15 år",
        "vi reiser 12. juni klokka 14.30",
        "de er 3 brødre",
        "det var i 2019",
        "ring 112",
        "jeg bor i 0182",
    ],
)
def test_what_is_needed_to_follow_the_talk_stays(text: str) -> None:
    assert hidden(text) == text
