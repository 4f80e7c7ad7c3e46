from __future__ import annotations

import pytest

from bot.language.countries import find_countries


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("jeg er i pakistan", ["PK"]),
        ("Tyrkias ambassade i Irak", ["TR", "IQ"]),
        ("eg er i Noreg", []),
        ("er hos besta i Tyrkiet", ["TR"]),
        ("omanske pakistani", []),
        ("mogadishu eller addis abeba", ["SO", "ET"]),
    ],
)
def test_find_countries(text: str, codes: list[str]) -> None:
    assert [mention.code for mention in find_countries(text)] == codes


def test_the_mention_points_into_the_text() -> None:
    mention = find_countries("nå i somalia.")[0]
    assert "nå i somalia."[mention.start : mention.end] == "somalia"
