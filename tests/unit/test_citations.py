from __future__ import annotations

import pytest

from bot.bootstrap import Library
from bot.language.citations import _LAWS, provisions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bvl 4-6", [("barnevernsloven", "4-6")]),
        ("hva sier strl. § 196?", [("straffeloven", "196")]),
        ("ekteskapsloven § 18 b", [("ekteskapsloven", "18b")]),
        ("§ 36 i bvl", [("barnevernsloven", "36")]),
        ("bvl §4–6 og strl 261", [("barnevernsloven", "4-6"), ("straffeloven", "261")]),
        ("jeg er 16 og bor i bl 4", [("barnelova", "4")]),
        ("passet mitt er tatt", []),
        ("ring 116 111", []),
    ],
)
def test_provisions(text: str, found: list[tuple[str, str]]) -> None:
    assert [(provision.law, provision.paragraph) for provision in provisions(text)] == found


def test_every_law_is_a_source_that_laws_are_cited_from(shelf: Library) -> None:
    assert set(_LAWS) <= set(shelf.knowledge.sources)
