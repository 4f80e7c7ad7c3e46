"""What was not understood, for review."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class ReviewRow(Base):
    """A message that was not understood, without what tells whose it was: no conversation, no time of day."""

    __tablename__ = "reviews"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random, so that the order says nothing either."""
    day: Mapped[date]
    channel: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(String(8))
    """How long it was, roughly: «1–3», «4–9», «10–29» or «30+»."""
    urgency: Mapped[str] = mapped_column(String(16))
    candidates: Mapped[list[list[Any]]] = mapped_column(JSON)
    """The likeliest topics, each with its probability."""
    text: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed and redacted; only where the operator has switched it on."""
    expires_on: Mapped[date]

    __table_args__ = (Index("ix_reviews_expires_on", "expires_on"),)
