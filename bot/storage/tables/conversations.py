"""Conversations: what a person wrote stands only in columns of sealed bytes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base, Moment


class ConversationRow(Base):
    """One conversation. It is gone, with all that hangs on it, at ``expires_at`` or when the person asks."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    channel: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
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


class ReplyRow(Base):
    """The sealed reply to a message, so that the same message sent twice acts once."""

    __tablename__ = "replies"

    conversation: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    client_message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class FeedbackRow(Base):
    """How many found the answers to a topic helpful. Nothing says who, when or in which conversation."""

    __tablename__ = "feedback"

    topic: Mapped[str] = mapped_column(String(64), primary_key=True)
    yes: Mapped[int] = mapped_column(Integer, default=0)
    no: Mapped[int] = mapped_column(Integer, default=0)
