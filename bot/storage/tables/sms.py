"""SMS: who writes, what is on its way in, and what is on its way out. No number stands here in the clear."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base, Moment


class SmsPersonRow(Base):
    """Somebody who writes by SMS, as long as the session lasts; after that only if they want nothing more."""

    __tablename__ = "sms_people"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash of the number."""
    conversation: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"))
    opted_out: Mapped[bool]
    last_at: Mapped[datetime] = mapped_column(Moment)
    last_id: Mapped[str | None] = mapped_column(String(128))
    """The message that was answered last, so that it is answered once however often it comes."""
    state: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: the rest of an answer, the choices that were offered, and the last answer."""

    __table_args__ = (Index("ix_sms_people_last_at", "last_at"),)
