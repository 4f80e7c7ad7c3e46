"""Somebody else has the telephone: what they are told, and what is never shown."""

from __future__ import annotations

import pytest

from bot.bootstrap import House
from bot.conversation.message import Message

BEFORE = ["jeg er 16 og de har tatt passet mitt, vi skal til irak på fredag", "hva kan ambassaden gjøre?"]
TELLING = ("pass", "irak", "16", "fredag", "ambassade", "tvang", "ekteskap", "udops")


@pytest.mark.parametrize(
    "asked",
    [
        ["hvem er dette?"],
        ["hva er dette for noe?"],
        ["hva har hun skrevet her?"],
        ["hvem er dette?", "hei"],
        ["hvem er dette?", "hva kan du?"],
        ["hvem er dette?", "hva har du forstått?"],
        ["hvem er dette?", "kortere"],
        ["hvem er dette?", "mer"],
        ["hvem er dette?", "fortsett"],
        ["hvem er dette?", "og hvis hun er 18?"],
        ["jeg er broren hennes"],
    ],
)
async def test_a_stranger_is_shown_nothing_of_before(house: House, asked: list[str]) -> None:
    conversation, _ = await house.conversations.start("web")
    for text in BEFORE:
        await house.conversations.receive(conversation, Message(text))
    replies = [await house.conversations.receive(conversation, Message(text)) for text in asked]
    shown = " ".join([*replies[-1].texts, *(button.title for button in replies[-1].buttons)]).lower()
    assert [word for word in TELLING if word in shown] == []


async def test_danger_is_heard_again_after_a_stranger(house: House) -> None:
    conversation, _ = await house.conversations.start("web")
    for text in (*BEFORE, "hvem er dette?"):
        await house.conversations.receive(conversation, Message(text))
    reply = await house.conversations.receive(conversation, Message("de har låst meg inne"))
    assert reply.urgency == "acute"
    assert "112" in reply.texts[0]


async def test_the_level_is_kept_where_no_one_sees_it(house: House) -> None:
    conversation, _ = await house.conversations.start("web")
    for text in BEFORE:
        last = await house.conversations.receive(conversation, Message(text))
    reply = await house.conversations.receive(conversation, Message("hvem er dette?"))
    assert reply.urgency == last.urgency
