"""The list of what was not understood: what is needed to mend it, and nothing of who wrote."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, insert, select

from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.tables.reviews import ReviewRow

# What seals the texts: they belong to no conversation.
_SEALED_AS, _PLACE = "reviews", "text:{id}"
_LENGTHS = ((3, "1–3"), (9, "4–9"), (29, "10–29"))
_LONG = "30+"


@dataclass(frozen=True)
class Review:
    """One message that was not understood."""

    day: date
    channel: str
    language: str
    words: str
    urgency: str
    candidates: Sequence[tuple[str, float]]
    """The likeliest topics with their probabilities, best first."""
    text: str | None = None
    """Redacted; None unless the operator has asked for it."""


class ReviewStore:
    """The list in one database. ``keep``: how long a line stays."""

    def __init__(self, database: Database, vault: Vault, keep: timedelta) -> None:
        self._database = database
        self._vault = vault
        self._keep = keep

    async def add(self, review: Review) -> None:
        """Put one on the list. Raises StorageUnavailable."""
        identifier = secrets.token_urlsafe(16)
        values = {
            "id": identifier,
            "day": review.day,
            "channel": review.channel,
            "language": review.language,
            "words": review.words,
            "urgency": review.urgency,
            "candidates": [[topic, round(score, 3)] for topic, score in review.candidates],
            "text": self._seal(identifier, review.text) if review.text is not None else None,
            "expires_on": review.day + self._keep,
        }
        async with self._database.write() as connection:
            await connection.execute(insert(ReviewRow).values(**values))

    async def all(self) -> list[Review]:
        """The whole list, newest day first. Raises StorageUnavailable."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(ReviewRow.__table__).order_by(ReviewRow.day.desc()))).all()
        return [
            Review(
                day=row.day,
                channel=row.channel,
                language=row.language,
                words=row.words,
                urgency=row.urgency,
                candidates=[(str(topic), float(score)) for topic, score in row.candidates],
                text=self._open(row.id, row.text) if row.text is not None else None,
            )
            for row in rows
        ]

    async def expire(self, today: date) -> int:
        """Remove what has been kept long enough; answers how many. Raises StorageUnavailable."""
        async with self._database.write() as connection:
            done = await connection.execute(delete(ReviewRow).where(ReviewRow.expires_on <= today))
            return int(done.rowcount)

    def _seal(self, identifier: str, text: str) -> bytes:
        return self._vault.seal(_SEALED_AS, _PLACE.format(id=identifier), text.encode())

    def _open(self, identifier: str, sealed: bytes) -> str:
        return self._vault.open(_SEALED_AS, _PLACE.format(id=identifier), sealed).decode()


def length(words: int) -> str:
    """How long a message of so many words is, roughly: an exact count could be recognised."""
    return next((name for most, name in _LENGTHS if words <= most), _LONG)
