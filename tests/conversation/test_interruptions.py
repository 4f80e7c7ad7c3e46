"""What happens to people who write on a telephone: nothing breaks, nothing is answered twice, nothing gets lost."""

from __future__ import annotations

import asyncio
import itertools
import time

import pytest

from bot.bootstrap import House
from bot.conversation.message import Message
from bot.conversation.reply import Reply


async def _talk(house: House, *texts: str, channel: str = "web") -> list[Reply]:
    conversation, _ = await house.conversations.start(channel)
    return [await house.conversations.receive(conversation, Message(text, channel)) for text in texts]


async def _spoken(house: House, conversation: str) -> list[str]:
    return [event["text"] for event in await house.store.transcript(conversation) if event["event"] == "user"]


async def test_a_guide_answered_in_two_tabs_asks_nothing_twice(house: House) -> None:
    conversation, _ = await house.conversations.start("web")
    await house.conversations.receive(conversation, Message("lag en plan før reisen"))
    replies = await asyncio.gather(
        house.conversations.receive(conversation, Message("jeg er 15", client_message_id="tab1")),
        house.conversations.receive(conversation, Message("jeg er 15", client_message_id="tab2")),
    )
    assert await _spoken(house, conversation) == ["lag en plan før reisen", "jeg er 15", "jeg er 15"]
    assert all("Er du under 18" not in text for reply in replies for text in reply.texts)
    assert replies[0].texts != replies[1].texts


async def test_a_quick_reply_sent_twice_by_the_browser_is_taken_once(house: House) -> None:
    conversation, _ = await house.conversations.start("web")
    await house.conversations.receive(conversation, Message("hei"))
    twice = [Message("Det gjelder meg selv", client_message_id="b1") for _ in range(2)]
    replies = await asyncio.gather(*(house.conversations.receive(conversation, message) for message in twice))
    assert replies[0] == replies[1]
    assert len(await _spoken(house, conversation)) == 2


async def test_writing_on_while_the_reply_is_on_its_way_loses_nothing(house: House) -> None:
    conversation, _ = await house.conversations.start("web")
    texts = ["de har tatt passet mitt", "jeg er i pakistan", "jeg er 16", "kan jeg ringe noen?"]
    await asyncio.gather(*(house.conversations.receive(conversation, Message(text)) for text in texts))
    assert sorted(await _spoken(house, conversation)) == sorted(texts)
    understood = await house.conversations.receive(conversation, Message("hva har du forstått?"))
    told = " ".join(understood.texts)
    assert "16 år" in told
    assert "Pakistan" in told


async def test_who_comes_back_after_five_hours_is_asked_whether_it_is_still_safe(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation, _ = await house.conversations.start("web")
    await house.conversations.receive(conversation, Message("hva er et krisesenter?"))
    later = time.time() + 5 * 3600
    monkeypatch.setattr("rasa.shared.core.events.time.time", lambda: later)
    reply = await house.conversations.receive(conversation, Message("kan menn komme dit?"))
    assert any("fortsatt trygt" in text for text in reply.texts)
    again = await house.conversations.receive(conversation, Message("hva er et fagteam?"))
    assert not any("fortsatt trygt" in text for text in again.texts)


@pytest.mark.parametrize("text", ["[bilde]", "<lydmelding>", "(video)"])
@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_what_cannot_be_read_is_said_to_be_unread(house: House, text: str, channel: str) -> None:
    (reply,) = await _talk(house, text, channel=channel)
    assert "skriv" in " ".join(reply.texts)


async def test_a_button_of_long_ago_still_means_what_it_said(house: House) -> None:
    replies = await _talk(house, "hei", "hva er et krisesenter?", "Nei, ikke helt")
    assert "Slett alt" in replies[-1].texts[-1]


async def test_a_joke_lowers_only_what_no_word_of_danger_raised(house: House) -> None:
    danger = await _talk(house, "pappa har låst meg inne på rommet", "jeg tuller bare")
    assert danger[-1].urgency == "acute"
    assert "112" in danger[-1].texts[0]


async def test_the_numbers_stay_first_in_other_words(house: House) -> None:
    replies = await _talk(
        house, "pappa har låst meg inne på rommet", "er du en robot?", "hva kan du?", "er du et menneske?"
    )
    firsts = [reply.texts[0] for reply in replies]
    assert all("112" in first for first in firsts)
    assert all(one != other for one, other in itertools.pairwise(firsts))


@pytest.mark.parametrize(
    "text",
    ["takk", "...", "jævla robot", "jeg tuller bare", "ikke si det til noen", "jeg angrer på at jeg skrev", "hei"],
)
async def test_no_sentence_comes_twice_in_a_row(house: House, text: str) -> None:
    replies = await _talk(house, "hei", text, text)
    assert replies[-1].texts != replies[-2].texts
