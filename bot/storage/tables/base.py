"""The root of the tables."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Root of the tables; alembic compares the database with its metadata."""
