"""Contacts and their history; they are nobody's secret."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base, Moment


class ContactRow(Base):
    """A contact as it stands in knowledge/contacts/, which is the truth; here it has a version and a history."""

    __tablename__ = "contacts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    """Counts its changes from 1; whoever changes it says which version they saw."""
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(300))
    short: Mapped[str | None] = mapped_column(String(120))
    earlier_names: Mapped[list[str]] = mapped_column(JSON)
    aliases: Mapped[list[str]] = mapped_column(JSON)
    kind: Mapped[str] = mapped_column(String(32))
    does: Mapped[str] = mapped_column(Text)
    whom: Mapped[str] = mapped_column(Text)
    age_from: Mapped[int | None] = mapped_column(Integer)
    age_to: Mapped[int | None] = mapped_column(Integer)
    worried_adults: Mapped[bool]
    sex: Mapped[str | None] = mapped_column(String(16))
    roles: Mapped[list[str]] = mapped_column(JSON)
    status: Mapped[list[str]] = mapped_column(JSON)
    """The residence statuses it is for; empty is everybody."""
    needs: Mapped[list[str]] = mapped_column(JSON)
    channels: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Each way in: ``kind``, ``address``, ``hours`` as rules or null where no source gives them."""
    hours: Mapped[str | None] = mapped_column(Text)
    """The hours in words."""
    languages: Mapped[dict[str, Any]] = mapped_column(JSON)
    anonymous: Mapped[bool | None]
    free: Mapped[bool | None]
    from_abroad: Mapped[str | None] = mapped_column(String(64))
    scope: Mapped[str | None] = mapped_column(Text)
    covers: Mapped[dict[str, Any]] = mapped_column(JSON)
    sources: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    confidence: Mapped[str] = mapped_column(String(16))
    verified_on: Mapped[date]
    verify_by: Mapped[date]
    state: Mapped[str] = mapped_column(String(16))
    why_state: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class ContactChangeRow(Base):
    """One change of a contact: never altered, and kept when the contact is gone."""

    __tablename__ = "contact_changes"

    contact: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    what: Mapped[str] = mapped_column(String(16))
    """``new``, ``changed`` or ``removed``."""
    changed_at: Mapped[datetime] = mapped_column(Moment)
    source: Mapped[str] = mapped_column(String(300))
    """Where the change came from: the file of knowledge/, or the spreadsheet that was read in."""
    fields: Mapped[dict[str, list[Any]]] = mapped_column(JSON)
    """For each field that changed, what stood there and what stands there now."""
