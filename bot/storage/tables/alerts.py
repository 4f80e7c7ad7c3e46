"""What is to be told to people on duty, until it has been told. No text, no name and no address stands here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base, Moment


class OutboxRow(Base):
    """One thing to deliver to one receiver. It names a case and a line; what they say is read when it is sent."""

    __tablename__ = "outbox"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(160))
    """What this row is, so that the same thing is put here once; receivers get it as the id of the delivery."""
    lane: Mapped[str] = mapped_column(String(128))
    """Rows of one lane go out one after another, in the order of ``number``."""
    kind: Mapped[str] = mapped_column(String(16))
    """``alert`` or ``human``."""
    channel: Mapped[str] = mapped_column(String(16))
    receiver: Mapped[int] = mapped_column(Integer, default=0)
    """For an alert, its place in the list of receivers in the settings; the address stands only there."""
    case: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(16))
    line: Mapped[int] = mapped_column(Integer, default=0)
    team: Mapped[str] = mapped_column(String(64), default="")
    urgency: Mapped[str] = mapped_column(String(16), default="")
    state: Mapped[str] = mapped_column(String(16))
    """``due``, ``sent``, ``failed`` or ``dropped`` (there was no more need)."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(String(64), default="")
    """Why the last try failed, as a code: never what the other side answered."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    claimed_until: Mapped[datetime | None] = mapped_column(Moment, default=None)
    """Until then one process is at it; should that process die, another takes it after this."""
    claimed_by: Mapped[str | None] = mapped_column(String(32), default=None)
    done_at: Mapped[datetime | None] = mapped_column(Moment, default=None)

    __table_args__ = (
        UniqueConstraint("key", name="uq_outbox_key"),
        Index("ix_outbox_due", "state", "due_at"),
        Index("ix_outbox_lane", "lane", "number"),
    )


class HumanThreadRow(Base):
    """A case as an outward channel knows it, for as long as it is open; where the other side keeps what it gets, for as
    long as the conversation is here."""

    __tablename__ = "human_threads"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    case: Mapped[str] = mapped_column(String(64), primary_key=True)
    remote: Mapped[str] = mapped_column(String(200), default="")
    """What the case is called there: the number of a conversation, or the code that a worker writes."""
    line: Mapped[int] = mapped_column(Integer, default=0)
    """The newest line that has been put in the outbox."""
    shown: Mapped[int] = mapped_column(Integer, default=0)
    """The newest line of the case that the other side has got."""
    shown_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    """When the newest thing was written that it got, of the part before the case too."""
    round: Mapped[int] = mapped_column(Integer, default=0)
    """How many times the case has been announced."""
    state: Mapped[str] = mapped_column(String(16), default="")
    """The case's state when it was last looked at."""
    holder: Mapped[str] = mapped_column(String(200), default="")
    """Who had it then."""

    __table_args__ = (Index("ix_human_threads_remote", "channel", "remote"),)


class HumanCallRow(Base):
    """A call from an outward channel that has been acted on, so that the same one again acts once."""

    __tablename__ = "human_calls"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    id: Mapped[str] = mapped_column(String(128), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_human_calls_at", "at"),)


class LeaseRow(Base):
    """Something that only one process does at a time, and which process that is."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(32))
    until: Mapped[datetime] = mapped_column(Moment)
