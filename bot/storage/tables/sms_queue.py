"""Text messages on their way in and out. A number and a text stand only in sealed columns, and only while needed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base, Moment


class IncomingRow(Base):
    """A whole message that came in. The row outlives its contents, so that the same message sent again is known."""

    __tablename__ = "sms_incoming"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    """The order in which they came."""
    provider: Mapped[str] = mapped_column(String(16))
    message: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the provider's id for it."""
    person: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the sender's number."""
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: the sender's number, until the message is answered."""
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: the text, until the message is answered."""
    words: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the text, to notice the same again and again."""
    state: Mapped[str] = mapped_column(String(16))
    """``waiting``, ``answered`` or ``dropped``."""
    reason: Mapped[str] = mapped_column(String(32), default="")
    """Why it was dropped: a word, never what it said."""
    abroad: Mapped[bool] = mapped_column(Boolean, default=False)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    received_at: Mapped[datetime] = mapped_column(Moment)
    next_at: Mapped[datetime] = mapped_column(Moment)
    """Not to be taken up before this."""
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("provider", "message", name="uq_sms_incoming_message"),
        Index("ix_sms_incoming_state", "state", "person", "number"),
        Index("ix_sms_incoming_person", "person", "received_at"),
    )


class PartRow(Base):
    """A piece of a long message that waits for the others; kept without its text when they have been joined."""

    __tablename__ = "sms_parts"

    provider: Mapped[str] = mapped_column(String(16), primary_key=True)
    message: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash of the provider's id for the piece."""
    person: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(Integer)
    """Its place, from 1."""
    of: Mapped[int] = mapped_column(Integer)
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    abroad: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(16))
    """``waiting`` or ``joined``."""
    received_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_sms_parts_state", "state", "person", "reference"),)


class OutgoingRow(Base):
    """A message to be sent, and what became of it."""

    __tablename__ = "sms_outgoing"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    """Our own id for it, the same at every try; the provider is given it too."""
    provider: Mapped[str] = mapped_column(String(16))
    person: Mapped[str] = mapped_column(String(64))
    answers: Mapped[int | None] = mapped_column(Integer)
    """The incoming message that it answers; none for what a worker wrote."""
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: the number, until the provider has taken the message or it is given up."""
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    words: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the text, to notice our own words coming back."""
    parts: Mapped[int] = mapped_column(Integer)
    abroad: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(16))
    """``queued``, ``sent``, ``accepted``, ``buffered``, ``delivered``, ``failed`` or ``expired``."""
    reason: Mapped[str] = mapped_column(String(32), default="")
    provider_id: Mapped[str | None] = mapped_column(String(64), index=True)
    """Keyed hash of the provider's id, for the delivery report."""
    tries: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    next_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_sms_outgoing_state", "state", "person", "number"),
        Index("ix_sms_outgoing_person", "person", "created_at"),
        Index("ix_sms_outgoing_created_at", "created_at"),
    )


class KeptNumberRow(Base):
    """The number of a person whose case a human has: only as long as the case is open."""

    __tablename__ = "sms_kept_numbers"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    address: Mapped[bytes] = mapped_column(LargeBinary)
    abroad: Mapped[bool] = mapped_column(Boolean, default=False)
    since: Mapped[datetime] = mapped_column(Moment)
