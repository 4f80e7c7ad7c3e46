"""Who writes in another language gets the numbers in it; who writes in English gets them beside the answer."""

from __future__ import annotations

import jsonschema
import pytest

from bot.bootstrap import House
from bot.conversation.message import Message
from bot.conversation.reply import Reply
from bot.gateway.openapi import REPLY
from bot.language import gsm7


async def _ask(house: House, *texts: str, channel: str = "web") -> Reply:
    conversation, _ = await house.conversations.start(channel)
    replies = [await house.conversations.receive(conversation, Message(text, channel)) for text in texts]
    return replies[-1]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Waxaan u baahanahay caawimo degdeg ah", "so"),
        ("أبي أخذ جواز سفري ولا أريد الزواج", "ar"),
        ("mujhe madad chahiye, mere abbu ne mera passport le liya", "ur"),
        ("من نمی‌خواهم ازدواج کنم", "fa"),
        ("Ez naxwazim bizewicim, alîkariya min bikin", "ku"),
        ("من پێویستم بە یارمەتییە", "ckb"),
        ("Babam pasaportumu aldı, evlenmek istemiyorum", "tr"),
        ("ሓገዝ የድልየኒ ኣሎ", "ti"),
        ("Ojciec zabrał mi paszport", "pl"),
        ("Батько забрав мій паспорт, мені потрібна допомога", "uk"),
    ],
)
async def test_another_language_is_answered_in_it(house: House, text: str, code: str) -> None:
    reply = await _ask(house, text)
    jsonschema.validate(reply.as_dict(), REPLY)
    assert (reply.topic, reply.language) == ("bot.spraak", code)
    assert "112" in reply.texts[0].splitlines()[0]
    assert {"politi_nod", "stottesenter", "alarmtelefonen", "udops"} <= set(reply.contacts)
    assert reply.sources
    assert not reply.buttons


async def test_danger_in_another_language_is_urgent(house: House) -> None:
    reply = await _ask(house, "Kocam beni dövüyor, çok korkuyorum")
    assert (reply.language, reply.urgency, reply.handoff) == ("tr", "urgent", "offered")
    assert reply.texts[0].splitlines()[0].endswith("112 numarasını ara.")


async def test_another_language_by_sms_takes_three_messages_at_most(house: House) -> None:
    reply = await _ask(house, "أبي أخذ جواز سفري ولا أريد الزواج", channel="sms")
    assert gsm7.parts(reply.texts[0]) <= 3


async def test_a_language_without_a_text_is_answered_in_english(house: House) -> None:
    reply = await _ask(house, "J'ai besoin d'aide, mon père a pris mon passeport")
    assert reply.language == "en"
    assert "800 40 008" in reply.texts[0]


async def test_who_asks_for_a_language_is_told_which_there_are(house: House) -> None:
    reply = await _ask(house, "Kan jeg skrive på somali?")
    assert reply.topic == "bot.spraak"
    assert "tigrinja" in reply.texts[-1]
    assert "caawimo" in reply.texts[0].lower()


async def test_english_gets_its_answer_and_the_numbers_in_english_once(house: House) -> None:
    question = "my dad took my passport and we are leaving for Pakistan on friday"
    reply = await _ask(house, question)
    assert reply.topic is not None
    assert not reply.topic.startswith("bot.")
    assert reply.urgency in ("urgent", "acute")
    assert reply.texts[1].startswith("In English:")
    assert "stottesenter" in reply.contacts
    calm = await _ask(house, "what is a crisis centre in norway?")
    assert calm.texts[-1].startswith("In English:")
    calm = await _ask(house, "what is a crisis centre in norway?", "what does negative social control mean?")
    assert not any(text.startswith("In English:") for text in calm.texts)


async def test_english_at_the_end_of_a_life_gets_the_numbers_for_it(house: House) -> None:
    reply = await _ask(house, "i want to kill myself")
    assert "113" in reply.texts[0]
    assert reply.texts[1].startswith("In English: If your life is in danger now, call 113.")
    assert "116 123" in reply.texts[1]


async def test_norwegian_gets_no_english(house: House) -> None:
    reply = await _ask(house, "pappa har tatt passet mitt")
    assert not any("In English" in text for text in reply.texts)


async def test_erasing_in_english_says_nothing_of_what_it_was_about(house: House) -> None:
    reply = await _ask(house, "please delete this conversation now")
    assert not any("violence" in text for text in reply.texts)
