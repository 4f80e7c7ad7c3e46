"""What comes in."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import MessageRejected, MessageTooLong
from bot.language.cleaning import clean

MAX_CHARACTERS = 2000
CHANNELS = ("web", "sms", "staff")


@dataclass(frozen=True)
class Message:
    """Something a person wrote. ``client_message_id`` names it, so that sending it twice acts once."""

    text: str
    channel: str = "web"
    client_message_id: str | None = None


def accept(text: object) -> str:
    """``text`` made fit to read. Raises MessageRejected when nothing is left of it, MessageTooLong past the limit."""
    if not isinstance(text, str):
        raise MessageRejected("the text of a message must be a string")
    if len(text) > MAX_CHARACTERS:
        raise MessageTooLong(f"{len(text)} characters, at most {MAX_CHARACTERS}")
    cleaned = clean(text)
    # Rasa reads a leading slash as a command («/restart», «/intent{…}»). What a person writes is never a command.
    spoken = cleaned.lstrip("/ ")
    if not spoken:
        raise MessageRejected("the message is empty")
    return spoken
