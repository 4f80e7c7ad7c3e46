from __future__ import annotations

import pytest

from bot.language import gsm7


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("æøåÆØÅé" * 22 + "abcdef", 1),  # 160 characters, every Norwegian letter is one septet
        ("€" * 80, 1),  # the extension table takes two septets each
        ("€" * 81, 2),
        ("č" + "a" * 69, 1),  # UCS-2 from here
        ("č" + "a" * 70, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts(text: str, parts: int) -> None:
    assert gsm7.parts(text) == parts


def test_plain_replaces_typography_and_keeps_letters() -> None:
    assert gsm7.plain("«Å» – er’t … č") == '"Å" - er\'t ... č'
    assert gsm7.foreign_characters(gsm7.plain("«Å» – er’t … æøå")) == ""


def test_foreign_characters_are_named_once_in_order() -> None:
    assert gsm7.foreign_characters("č a ŋ č") == "čŋ"
