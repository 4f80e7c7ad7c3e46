"""Counts without text and without identifiers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class CountRow(Base):
    """How many of something there were in a month. No row is about one conversation."""

    __tablename__ = "counts"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    """``2026-11``, by Norwegian time."""
    measure: Mapped[str] = mapped_column(String(32), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(32), primary_key=True)
    """What it is counted by; ``total`` is all of them."""
    category: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


class PublicationRow(Base):
    """What has been published of a period: written once and never changed, so that no two versions can be compared."""

    __tablename__ = "publications"

    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    """A month (``2026-11``) or a year (``2026``)."""
    measure: Mapped[str] = mapped_column(String(32), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Only what anybody may see: figures of 7 and more, and marks in place of the others."""
