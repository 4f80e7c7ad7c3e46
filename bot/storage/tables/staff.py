"""People who work here, their sessions, who is at work, and what was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base, Moment


class StaffRow(Base):
    """An account. A closed one stays, without password and secret, so that the log can still say whose it was."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    """What they log in with, in small letters."""
    shown: Mapped[str] = mapped_column(String(80))
    """What those who write to the service see."""
    roles: Mapped[list[str]] = mapped_column(JSON)
    teams: Mapped[list[str]] = mapped_column(JSON)
    """The teams they answer for; empty is all of them."""
    password: Mapped[str] = mapped_column(String(255))
    """Argon2id in its own format; empty when the account is closed."""
    first_time: Mapped[bool]
    """The password was made by somebody else and must be replaced at the next log-in."""
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: what the one-time codes are made from."""
    enrolled: Mapped[bool]
    """A code made from ``secret`` has been given once."""
    last_step: Mapped[int] = mapped_column(BigInteger)
    """The time step of the last code that was taken, so that none is taken twice."""
    failures: Mapped[int] = mapped_column(Integer)
    """Wrong passwords and codes in a row."""
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class SessionRow(Base):
    """A session of a browser. The token itself is in the browser only."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    stage: Mapped[str] = mapped_column(String(8))
    """``code`` and ``enrol`` have given a password only; ``open`` a code as well."""
    started_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_staff_sessions_staff", "staff"),)


class PresenceRow(Base):
    """Who takes cases now: somebody who said so and whose console is heard from."""

    __tablename__ = "staff_presence"

    staff: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)
    heard_at: Mapped[datetime] = mapped_column(Moment)


class AuditRow(Base):
    """One thing that was done: who, what, when, and to which case or account. Never a text."""

    __tablename__ = "staff_audit"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str | None] = mapped_column(String(32))
    """An account's id; None for the command line."""
    what: Mapped[str] = mapped_column(String(32))
    about: Mapped[str | None] = mapped_column(String(64))
    """The id of a case or an account."""

    __table_args__ = (Index("ix_staff_audit_at", "at"),)
