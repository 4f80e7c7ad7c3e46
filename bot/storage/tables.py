"""The tables. What a person wrote stands only in columns of sealed bytes; contacts are nobody's secret."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Root of the tables; alembic compares the database with its metadata."""


class ConversationRow(Base):
    """One conversation. It is gone, with all that hangs on it, at ``expires_at`` or when the person asks."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    channel: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    events: Mapped[int] = mapped_column(Integer, default=0)
    """How many events have been stored, and so the number of the next."""
    window_start: Mapped[int] = mapped_column(Integer, default=0)
    """The number of the first event that the dialogue still reads."""
    base: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """Sealed: the slots as they stood before the window."""
    choices: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """Sealed: the quick replies that were offered last, and what each stands for."""

    __table_args__ = (Index("ix_conversations_expires_at", "expires_at"),)


class EventRow(Base):
    """The sealed Rasa events of one turn, appended and never changed."""

    __tablename__ = "events"

    conversation: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    first: Mapped[int] = mapped_column(Integer, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class FeedbackRow(Base):
    """How many found the answers to a topic helpful. Nothing says who, when or in which conversation."""

    __tablename__ = "feedback"

    topic: Mapped[str] = mapped_column(String(64), primary_key=True)
    yes: Mapped[int] = mapped_column(Integer, default=0)
    no: Mapped[int] = mapped_column(Integer, default=0)


class ReplyRow(Base):
    """The sealed reply to a message, so that the same message sent twice acts once."""

    __tablename__ = "replies"

    conversation: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    client_message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


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
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ContactChangeRow(Base):
    """One change of a contact: never altered, and kept when the contact is gone."""

    __tablename__ = "contact_changes"

    contact: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    what: Mapped[str] = mapped_column(String(16))
    """``new``, ``changed`` or ``removed``."""
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    source: Mapped[str] = mapped_column(String(300))
    """Where the change came from: the file of knowledge/, or the spreadsheet that was read in."""
    fields: Mapped[dict[str, list[Any]]] = mapped_column(JSON)
    """For each field that changed, what stood there and what stands there now."""


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
