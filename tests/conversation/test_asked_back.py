"""Questions that name no topic of their own, and answers where nothing was asked: read from what was said before."""

from __future__ import annotations

import pytest

from bot.bootstrap import House
from bot.conversation.message import Message
from bot.conversation.reply import Reply
from bot.language.moves import find_move

WEDDING = "jeg er redd for at pappa gifter meg bort i sommer"
ABROAD = "de holder meg her i erbil"
HITS = "mamma slår meg når hun blir sint"
CONTROL = "jeg får aldri være med venner etter skolen"
SUICIDE = "vil ikke leve mer, skal gjøre det i natt"


async def _talk(house: House, *texts: str, channel: str = "web") -> list[Reply]:
    conversation, _ = await house.conversations.start(channel)
    return [await house.conversations.receive(conversation, Message(text, channel)) for text in texts]


def _all(reply: Reply) -> str:
    return "\n".join(reply.texts)


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("er det lov?", "lawful"),
        ("men er det ikke ulovlig da", "lawful"),
        ("kan de bare gjøre det?", "lawful"),
        ("har pappa lov til det", "lawful"),
        ("is that even legal", "lawful"),
        ("er det lov å ta med hund på bussen", None),
        ("kan de gjøre det på mandag i stedet for tirsdag", None),
        ("hva kan jeg gjøre", "what_to_do"),
        ("ka ska æ gjør no", "what_to_do"),
        ("kva skal eg gjere?", "what_to_do"),
        ("what do i do now", "what_to_do"),
        ("hva kan jeg gjøre i sommerferien", None),
        ("kan jeg si nei", "refuse"),
        ("må jeg det?", "refuse"),
        ("hva om eg seier nei", "refuse"),
        ("am i allowed to say no", "refuse"),
        ("kan jeg si nei til å reise til pakistan i sommer", None),
        ("er det min feil?", "my_fault"),
        ("har eg gjort noe galt", "my_fault"),
        ("det er min feil at vasen knuste", None),
        ("hvorfor gjør de det mot meg", "what_is_it"),
        ("er dette normalt", "what_is_it"),
        ("hvem er dette", "took_over"),
    ],
)
def test_only_a_message_that_is_the_whole_question_is_read_so(text: str, move: str | None) -> None:
    assert find_move(text) == move


@pytest.mark.parametrize(
    ("told", "topic"),
    [(WEDDING, "tvang.lov_og_straff"), (ABROAD, "utland.straff"), (HITS, "vold.hva_er"), (CONTROL, "kontroll.hva_er")],
)
@pytest.mark.parametrize("asked", ["er det lov?", "kan de gjøre det?"])
async def test_whether_it_is_legal_is_about_what_was_told(house: House, told: str, topic: str, asked: str) -> None:
    _, reply = await _talk(house, told, asked)
    assert reply.topic == topic
    assert "Kjønnslemlestelse er forbudt" not in _all(reply)
    assert "forbudt" in _all(reply) or "straffbar" in _all(reply)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (WEDDING, "Er du under 18, eller er du eldre?"),
        (ABROAD, "Ring +47 23 95 00 00"),
        (HITS, "Begynn her"),
        (CONTROL, "Begynn her"),
    ],
)
async def test_what_to_do_leads_somewhere(house: House, told: str, says: str) -> None:
    _, reply = await _talk(house, told, "hva kan jeg gjøre")
    assert says in _all(reply)
    assert "ikke sikker på hva du mener" not in _all(reply)


async def test_the_question_does_not_become_what_it_is_about(house: House) -> None:
    replies = await _talk(house, WEDDING, "er det lov?", "hva kan jeg gjøre")
    assert replies[1].topic == "tvang.lov_og_straff"
    assert "Er du under 18, eller er du eldre?" in _all(replies[2])


async def test_a_stray_number_is_no_age(house: House) -> None:
    replies = await _talk(house, "jeg er 15 og pappa sier jeg skal bo i tyrkia fra januar", "2")
    assert "2 år" not in _all(replies[1])


async def test_what_to_do_by_sms_is_the_steps(house: House) -> None:
    _, reply = await _talk(house, CONTROL, "hva kan jeg gjøre", channel="sms")
    assert "Velg én voksen utenfor hjemmet" in _all(reply)


async def test_saying_no_is_answered_with_what_one_decides(house: House) -> None:
    for asked in ("kan jeg si nei", "må jeg det", "hva hvis jeg sier nei"):
        _, reply = await _talk(house, WEDDING, asked)
        assert "Du velger om du vil gifte deg" in _all(reply)


async def test_nobody_is_left_with_the_blame(house: House) -> None:
    for told in ([], [HITS]):
        reply = (await _talk(house, *told, "er det min feil?"))[-1]
        assert "Nei." in _all(reply)
        assert "svarte ikke på det du spurte om" not in _all(reply)


async def test_without_anything_told_before_it_is_no_question_about_it(house: House) -> None:
    (reply,) = await _talk(house, "hva hvis jeg sier nei")
    assert reply.topic is None or reply.topic.startswith("bot.")


@pytest.mark.parametrize("said", ["nei", "ja", "ok"])
async def test_a_word_where_nothing_was_asked_is_not_misunderstood(house: House, said: str) -> None:
    replies = await _talk(house, CONTROL, "Ja, det er trygt", said, said)
    for reply in replies[2:]:
        assert "forstår ikke" not in _all(reply)
        assert "ikke sikker på hva du mener" not in _all(reply)
        assert reply.buttons
    assert replies[2].texts != replies[3].texts


async def test_whether_they_can_call_stays_asked_while_it_is_acute(house: House) -> None:
    replies = await _talk(house, SUICIDE, "vil bare dø", "nei")
    assert "Kan du være hos meg nå" in _all(replies[2])
    assert replies[2].urgency == "acute"
