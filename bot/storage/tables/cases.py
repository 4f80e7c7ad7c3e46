"""Cases: a human takes over a conversation. What was written, passed on or noted is sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base, Moment


class CaseRow(Base):
    """One hand-off. When its conversation goes, the row stays for the log, without anything that was written."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"))
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    team: Mapped[str] = mapped_column(String(32))
    urgency: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    waiting_since: Mapped[datetime | None] = mapped_column(Moment)
    queued_at: Mapped[datetime | None] = mapped_column(Moment)
    alerted_at: Mapped[datetime | None] = mapped_column(Moment)
    taken_by: Mapped[str | None] = mapped_column(String(64))
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    alive_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    escalations: Mapped[int] = mapped_column(Integer, default=0)
    shared: Mapped[bool] = mapped_column(default=False)
    """The person agreed that the human reads what was written before."""
    told: Mapped[str] = mapped_column(String(32), default="")
    """The state, and place, that the person was last told of."""
    closing: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """How it ended, each from a list."""
    carried: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: what the person agreed to pass on."""
    wish: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: the message that was left."""
    wish_read_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer, default=1)
    """Goes up with every change, so that of two changes at once one is refused."""
    lines: Mapped[int] = mapped_column(Integer, default=0)
    """How many lines have been written, and so the number of the last."""
    papers: Mapped[int] = mapped_column(Integer, default=0)
    """The same for notes and referrals together."""

    __table_args__ = (Index("ix_cases_state", "state"), Index("ix_cases_conversation", "conversation"))


class CaseMoveRow(Base):
    """Who moved a case, when, from where, to where."""

    __tablename__ = "case_moves"

    case: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64))
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    team: Mapped[str] = mapped_column(String(32))
    why: Mapped[str] = mapped_column(String(32), default="")


class CaseLineRow(Base):
    """A sealed line of a conversation with a human; gone with the conversation."""

    __tablename__ = "case_lines"

    case: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(16))
    data: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("case", "message_id", name="uq_case_lines_message"),)


class CaseNoteRow(Base):
    """A sealed note between workers."""

    __tablename__ = "case_notes"

    case: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    worker: Mapped[str] = mapped_column(String(64))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class CaseReferralRow(Base):
    """A contact that a worker referred to."""

    __tablename__ = "case_referrals"

    case: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    worker: Mapped[str] = mapped_column(String(64))
    contact: Mapped[str] = mapped_column(String(64))
