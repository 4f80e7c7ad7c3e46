"""A small knowledge base of its own, to break in every way."""

from __future__ import annotations

from pathlib import Path

import pytest

ARTICLE = """---
topic: utland.pass_tatt
title: Passet er tatt
for: [u]
urgency_floor: urgent
contacts: [udops]
laws: [pass_4]
sources:
  - {id: rapport, at: side 3}
checked_on: 2026-11-20
check_by: 2027-05-20
related: []
questions: [en, to, tre]
status: written
---

## Kort

Ring {udops.phone}.

## Dette kan du gjøre nå

1. Ring.

## Hvis du tar kontakt

De hører på deg.

## Dette bestemmer du selv

Du bestemmer.

## SMS

Ring {udops.phone}.

## For fagfolk

Ring {udops.phone}.
"""
CONTACTS = {
    "udops": {"name": "UD", "phone": "+47 23 95 00 00", "url": "https://www.regjeringen.no/", "email": "a@mfa.no"}
}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A knowledge folder with one sound article."""
    (tmp_path / "topics.yml").write_text("topics:\n  - {id: utland.pass_tatt, who: u, about: pass}\n", "utf-8")
    (tmp_path / "sources.yml").write_text(
        "- {id: rapport, title: R, publisher: P, kind: rapport, dated: '2024'}\n"
        "- {id: passloven, title: P, publisher: L, kind: lov, dated: '2026'}\n",
        "utf-8",
    )
    (tmp_path / "languages.yml").write_text("ask: ''\nsources: []\nlanguages: []\n", "utf-8")
    (tmp_path / "laws.yml").write_text(
        "- {id: pass_4, source: passloven, paragraph: § 4, title: T, plain: P, applies_abroad: ja, wording: '2026'}\n",
        "utf-8",
    )
    for name in ("canned", "countries", "services", "statistics", "readability"):
        (tmp_path / f"{name}.yml").write_text("[]\n", "utf-8")
    path = tmp_path / "articles" / "utland" / "pass_tatt.md"
    path.parent.mkdir(parents=True)
    path.write_text(ARTICLE, "utf-8")
    return tmp_path
