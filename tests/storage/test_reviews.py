"""The list of what was not understood: nothing on it leads to a person, and it empties itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.reviews import Review, ReviewStore, length
from bot.storage.tables.reviews import ReviewRow

ONE = Review(
    day=date(2026, 11, 20),
    channel="web",
    language="nn",
    words="4–9",
    urgency="concern",
    candidates=[("tvang.frykt", 0.19), ("kontroll.min_situasjon", 0.1)],
    text="⟨navn⟩ kjem ⟨tid⟩",
)


@pytest.fixture
def reviews(database: Database) -> ReviewStore:
    return ReviewStore(database, Vault(b"k" * 32), timedelta(days=30))


async def _emptied(reviews: ReviewStore) -> ReviewStore:
    await reviews.expire(date.max)
    return reviews


async def test_a_review_comes_back_as_it_was(reviews: ReviewStore) -> None:
    await _emptied(reviews)
    await reviews.add(ONE)
    await reviews.add(replace(ONE, day=date(2026, 11, 21), text=None))
    assert await reviews.all() == [replace(ONE, day=date(2026, 11, 21), text=None), ONE]


async def test_a_review_s_text_is_sealed(reviews: ReviewStore, database: Database) -> None:
    await _emptied(reviews)
    await reviews.add(ONE)
    async with database.read() as connection:
        row = (await connection.execute(select(ReviewRow.__table__))).one()
    assert b"kjem" not in row.text
    assert "conversation" not in row._fields


async def test_a_review_goes_when_its_days_are_over(reviews: ReviewStore) -> None:
    await _emptied(reviews)
    await reviews.add(ONE)
    assert await reviews.expire(ONE.day + timedelta(days=29)) == 0
    assert await reviews.expire(ONE.day + timedelta(days=30)) == 1
    assert await reviews.all() == []


@pytest.mark.parametrize(("words", "said"), [(1, "1–3"), (3, "1–3"), (4, "4–9"), (29, "10–29"), (200, "30+")])
def test_a_length_is_only_told_roughly(words: int, said: str) -> None:
    assert length(words) == said
