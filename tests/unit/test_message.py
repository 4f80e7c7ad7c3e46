from __future__ import annotations

import pytest

from bot.conversation.message import MAX_CHARACTERS, accept
from bot.errors import MessageRejected, MessageTooLong


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("/restart", "restart"),
        ("//intent{}", "intent{}"),
        (' / bot.menneske{"x":"y"}', 'bot.menneske{"x":"y"}'),
        ("  hei  ", "hei"),
        ("a" * MAX_CHARACTERS, "a" * MAX_CHARACTERS),
    ],
)
def test_what_a_person_writes_is_text_never_a_command(text: str, accepted: str) -> None:
    assert accept(text) == accepted


@pytest.mark.parametrize("text", ["", "   ", "/", "\u0000\u202e", None, 7, ["hei"]])
def test_what_cannot_be_a_message_is_rejected(text: object) -> None:
    with pytest.raises(MessageRejected):
        accept(text)


def test_a_long_message_is_asked_to_be_shorter() -> None:
    with pytest.raises(MessageTooLong):
        accept("a" * (MAX_CHARACTERS + 1))
