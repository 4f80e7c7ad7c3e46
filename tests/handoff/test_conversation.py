"""The person's side of a hand-off, with the real model and the real words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import jsonschema
import pytest

from bot.bootstrap import House
from bot.conversation.message import Message
from bot.conversation.reply import Reply
from bot.errors import ConversationUnknown
from bot.gateway.openapi import REPLY
from bot.handoff.case import Carried, Case, Closing, State, Wish
from bot.handoff.cases import nobody
from bot.language import gsm7
from bot.language.urgency_words import REASONS


@dataclass
class Person:
    """Somebody who writes, and the house they write to."""

    house: House
    channel: str = "web"
    id: str = ""
    on_duty: bool = True
    replies: list[Reply] = field(default_factory=list)

    async def says(self, text: str, message_id: str | None = None) -> Reply:
        if not self.id:
            self.id, _ = await self.house.conversations.start(self.channel)
        reply = await self.house.conversations.receive(self.id, Message(text, self.channel, message_id))
        jsonschema.validate(reply.as_dict(), REPLY)
        self.replies.append(reply)
        return reply

    async def case(self) -> Case:
        case = await self.house.cases.newest(self.id)
        assert case is not None
        return case

    async def with_human_at_once(self) -> Case:
        offered = await self.house.cases.offer(self.id, self.channel, Carried("none"))
        await self.house.cases.hand_over(offered.id)
        return await self.house.cases.take(offered.id, "w1")

    async def with_human(self) -> Case:
        await self.says("jeg vil snakke med et menneske")
        await self.says("Ja, send videre")
        return await self.house.cases.take((await self.case()).id, "w1", name="Kari")


@pytest.fixture
async def person(house: House) -> AsyncIterator[Person]:
    writer = Person(house)

    async def duty(team: str) -> bool:
        return writer.on_duty

    async def staffed(team: str) -> bool:
        return True

    # Other tests share the house.
    before = house.cases.on_duty, house.cases.staffed
    house.cases.on_duty, house.cases.staffed = duty, staffed
    house.conversations.takeover.fresh_s = 0.0
    yield writer
    house.cases.on_duty, house.cases.staffed = before
    house.conversations.takeover.fresh_s = 2.0
    for case in await house.cases.queue(states=[State.WAITING, State.ACTIVE]):
        await house.cases.close(case.id, by="w1")


def _titles(reply: Reply) -> list[str]:
    return [button.title for button in reply.buttons]


async def test_what_would_be_passed_on_is_shown_before_it_is_sent(person: Person) -> None:
    await person.says("jeg er 16 år og i pakistan og de har tatt passet mitt")
    asked = await person.says("jeg vil snakke med et menneske")
    shown = "\n".join(asked.texts)
    assert "under 18 år" in shown
    assert "Pakistan" in shown
    assert "passet er tatt" in shown
    assert "lese det vi har skrevet" in shown
    assert _titles(asked) == ["Ja, send videre", "Send uten det jeg har fortalt", "Nei"]
    assert asked.handoff == "offered"
    assert (await person.case()).state is State.OFFERED
    sent = await person.says("Ja, send videre")
    assert sent.handoff == "waiting"
    assert any("først i køen" in text for text in sent.texts)
    case = await person.case()
    assert case.state is State.WAITING
    assert case.carried is not None
    assert (case.carried.age, case.carried.country) == ("under 18", "PK")
    assert "passport_taken" in case.carried.reasons
    assert case.shared


async def test_sent_without_what_was_told_carries_nothing_but_how_urgent_it_is(person: Person) -> None:
    await person.says("jeg er i pakistan og de har tatt passet mitt")
    await person.says("jeg vil snakke med et menneske")
    sent = await person.says("Send uten det jeg har fortalt")
    assert any("bare vite hvor mye det haster" in text for text in sent.texts)
    case = await person.case()
    assert (case.carried, case.shared) == (None, False)
    assert case.urgency in ("urgent", "acute")
    assert await person.house.cases.conversation_so_far(case.id) == []


@pytest.mark.parametrize("answer", ["Nei", "nei takk", "nei jeg tør ikke"])
async def test_consent_refused_sends_nothing_and_says_who_answers(person: Person, answer: str) -> None:
    await person.says("jeg vil snakke med et menneske")
    refused = await person.says(answer)
    assert any("ikke sendt" in text for text in refused.texts)
    assert "alarmtelefonen" in refused.contacts
    case = await person.case()
    assert (case.state, case.carried) == (State.CLOSED, None)


async def test_who_is_in_danger_and_cannot_call_is_asked_about_a_human_unasked(person: Person) -> None:
    await person.says("pappa slår meg nå")
    asked = await person.says("nei")
    assert "ring 112 for meg" in "\n".join(asked.texts)
    assert _titles(asked) == ["Ja, send videre", "Send uten det jeg har fortalt", "Nei"]
    case = await person.case()
    assert (case.state, case.urgency) == (State.OFFERED, "acute")
    assert (await person.says("ja")).handoff == "waiting"
    assert (await person.case()).state is State.WAITING


async def test_who_is_not_understood_three_times_is_asked_about_a_human_once(person: Person) -> None:
    for text in ("gurbel snurp", "nop gurbel", "tvask blirk gurbel"):
        asked = await person.says(text)
    assert "Ja, send videre" in _titles(asked)
    assert (await person.case()).state is State.OFFERED
    await person.says("Nei")
    assert (await person.case()).state is State.CLOSED
    for text in ("gurbel snurp", "nop gurbel", "tvask blirk gurbel"):
        again = await person.says(text)
    assert "Ja, send videre" not in _titles(again)


async def test_no_rule_asks_where_nobody_is_on_duty(person: Person) -> None:
    person.on_duty = False
    await person.says("pappa slår meg nå")
    asked = await person.says("nei")
    assert "Ja, send videre" not in _titles(asked)
    assert await person.house.cases.newest(person.id) is None


async def test_a_yes_to_something_else_is_no_consent(person: Person) -> None:
    await person.says("jeg vil snakke med et menneske")
    await person.says("hva er et krisesenter?")
    await person.says("ja")
    assert (await person.case()).state is State.OFFERED


async def test_the_assistant_answers_while_the_person_waits(person: Person) -> None:
    await person.says("jeg vil snakke med et menneske")
    await person.says("ja")
    answered = await person.says("hva er et krisesenter?")
    assert answered.topic == "hjelp.krisesenter"
    assert answered.handoff == "waiting"
    assert not any("køen" in text for text in answered.texts), "the place has not changed"
    worse = await person.says("pappa slår meg nå, hjelp")
    assert worse.handoff == "waiting"
    assert "112" in worse.texts[0]
    assert (await person.case()).urgency == "acute"


async def test_out_of_the_queue(person: Person) -> None:
    await person.says("jeg vil snakke med et menneske")
    await person.says("ja")
    gone = await person.says("ut av køen")
    assert gone.handoff == "none"
    assert any("ikke i køen lenger" in text for text in gone.texts)
    assert (await person.case()).state is State.CLOSED


async def test_while_a_human_has_it_the_assistant_is_silent(person: Person) -> None:
    case = await person.with_human()
    before = len(await person.house.store.transcript(person.id))
    reply = await person.says("hva er et krisesenter?", "m1")
    assert (reply.texts, reply.handoff, reply.topic) == ([], "active", None)
    assert await person.says("hva er et krisesenter?", "m1") == reply
    lines = [line.text for line in await person.house.cases.lines(case.id) if line.by == "user"]
    assert lines == ["hva er et krisesenter?"]
    assert len(await person.house.store.transcript(person.id)) == before


async def test_danger_is_seen_also_while_a_human_has_it(person: Person) -> None:
    case = await person.with_human()
    reply = await person.says("han står utenfor døra og har kniv")
    assert (reply.texts, reply.urgency) == ([], "acute")
    assert (await person.house.cases.get(case.id)).urgency == "acute"
    await person.house.cases.close(case.id, by="w1")
    after = await person.says("hei")
    assert after.urgency == "acute"


async def test_the_assistant_takes_over_with_a_word_and_can_hand_off_again(person: Person) -> None:
    case = await person.with_human()
    await person.house.cases.close(case.id, by="w1", closing=Closing("tvang"))
    lines = await person.house.cases.lines(case.id)
    assert "Nå svarer jeg, programmet, igjen" in lines[-1].text
    first = await person.says("hva er et krisesenter?")
    assert (first.handoff, first.topic) == ("closed", "hjelp.krisesenter")
    assert "programmet" in first.texts[0]
    second = await person.says("takk")
    assert second.handoff == "none"
    assert "programmet, som svarer" not in second.texts[0]
    again = await person.with_human()
    assert again.id != case.id
    assert (await person.says("hei igjen")).texts == []


@pytest.mark.parametrize("text", ["slutt", "Avslutt samtalen."])
async def test_the_person_can_end_it_too(person: Person, text: str) -> None:
    case = await person.with_human()
    reply = await person.says(text)
    assert reply.handoff == "closed"
    assert "programmet" in reply.texts[0]
    ended = await person.house.cases.get(case.id)
    assert (ended.state, ended.closing) == (State.CLOSED, Closing(outcome="ended by user"))
    assert (await person.says("hva er et krisesenter?")).handoff == "none"


async def test_a_message_left_while_a_human_takes_it_reaches_the_human(person: Person) -> None:
    person.on_duty = False
    await person.says("jeg vil snakke med et menneske")
    for text in ("Legg igjen en melding", "jeg trenger råd", "Bare her i samtalen", "Når som helst", "Uten kodeord"):
        await person.says(text)
    standing = await person.house.conversations.takeover.standing(person.id)
    wanted = {"do": "leave_message", "carried": {"urgency": "none"}, "wish": {"what": "jeg trenger råd"}}
    case = await person.with_human_at_once()
    await person.house.conversations.takeover.carry_out(wanted, standing, person.id, "web")
    assert [line.text for line in await person.house.cases.lines(case.id)][-1] == "jeg trenger råd"


async def test_deleting_in_the_middle_takes_it_from_both(person: Person) -> None:
    case = await person.with_human()
    await person.says("noe privat")
    reply = await person.says("slett alt")
    assert reply.erased
    gone = await person.house.cases.get(case.id)
    assert (gone.state, gone.conversation, gone.carried) == (State.CLOSED, None, None)
    assert gone.closing == Closing(outcome="deleted by user")
    assert await person.house.cases.lines(case.id) == []
    with pytest.raises(ConversationUnknown):
        await person.says("er du der")


async def test_asking_the_human_to_delete_something_deletes_nothing(person: Person) -> None:
    case = await person.with_human()
    reply = await person.says("kan du slette bildene han la ut av meg?")
    assert not reply.erased
    assert (await person.house.cases.get(case.id)).state is State.ACTIVE


async def test_nobody_on_duty_is_said_as_it_is_and_a_message_can_be_left(person: Person) -> None:
    person.on_duty = False
    await person.says("jeg er i pakistan og de har tatt passet mitt")
    reply = await person.says("jeg vil snakke med et menneske")
    assert any(text.startswith("Ingen mennesker har vakt") for text in reply.texts)
    assert "alarmtelefonen" in reply.contacts
    assert "Legg igjen en melding" in _titles(reply)
    assert await person.house.cases.newest(person.id) is None
    for text in (
        "Legg igjen en melding",
        "de skal gifte meg bort i påsken, kan dere hjelpe meg hjem?",
        "Bare SMS, ring aldri",
        "900 00 000",
        "bare SMS mellom 8 og 10",
        "blåbær {phone}",
    ):
        reply = await person.says(text)
    shown = reply.texts[-2]
    assert "Bare SMS, ring aldri: 900 00 000" in shown
    assert "blåbær {phone}" in shown
    done = await person.says("Legg igjen meldingen")
    assert any("Jeg vet ikke når de leser den" in text for text in done.texts)
    case = await person.case()
    assert case.state is State.CALLBACK
    assert await person.house.cases.read_message(case.id, "w1") == Wish(
        "de skal gifte meg bort i påsken, kan dere hjelpe meg hjem?",
        "Bare SMS, ring aldri: 900 00 000",
        "bare SMS mellom 8 og 10",
        "blåbær {phone}",
    )


async def test_a_message_is_left_in_few_steps_and_can_be_given_up(person: Person) -> None:
    person.on_duty = False
    await person.says("jeg vil snakke med et menneske")
    await person.says("Legg igjen en melding")
    given_up = await person.says("avbryt")
    assert any("ikke lagt igjen" in text for text in given_up.texts)
    await person.says("jeg vil snakke med et menneske")
    for text in ("Legg igjen en melding", "jeg trenger råd", "Bare her i samtalen", "Når som helst", "Uten kodeord"):
        reply = await person.says(text)
    assert "Kodeord" not in reply.texts[-2]
    refused = await person.says("Ikke legg den igjen")
    assert any("ikke lagt igjen" in text for text in refused.texts)
    assert await person.house.cases.newest(person.id) is None


async def test_danger_in_a_message_that_is_left_gets_the_number_first(person: Person) -> None:
    person.on_duty = False
    await person.says("jeg vil snakke med et menneske")
    await person.says("Legg igjen en melding")
    reply = await person.says("pappa har låst meg inne på rommet og har kniv")
    assert "112" in reply.texts[0]
    assert any("trygt å nå deg" in text for text in reply.texts)


async def test_where_nobody_would_read_it_no_message_is_offered(person: Person) -> None:
    person.on_duty = False
    person.house.cases.staffed = nobody
    reply = await person.says("jeg vil snakke med et menneske")
    assert "Legg igjen en melding" not in _titles(reply)


async def test_nobody_takes_it_and_the_next_reply_says_so(person: Person) -> None:
    await person.says("jeg vil snakke med et menneske")
    await person.says("ja")
    person.on_duty = False
    clock = person.house.cases.clock
    await person.house.cases.tick(clock() + timedelta(minutes=2))
    assert (await person.case()).state is State.MISSED
    reply = await person.says("hva er et krisesenter?")
    assert "Ingen rakk å ta over" in reply.texts[0]
    assert reply.handoff == "none"
    again = await person.says("takk")
    assert not any("Ingen rakk" in text for text in again.texts)


async def test_who_has_taken_the_telephone_reads_nothing_of_a_human(person: Person) -> None:
    await person.says("jeg vil snakke med et menneske")
    await person.says("ja")
    first = await person.with_human_at_once()
    await person.house.cases.close(first.id, by="w1")
    reply = await person.says("hvem er dette?")
    assert not any("menneske" in text or "programmet, som" in text for text in reply.texts)


async def test_by_sms_it_is_short_and_plain(person: Person) -> None:
    person.channel = "sms"
    asked = await person.says("jeg vil snakke med et menneske")
    assert _titles(asked) == ["Ja", "Uten", "Nei"]
    offered = gsm7.plain(asked.texts[-1])
    assert gsm7.foreign_characters(offered) == ""
    assert gsm7.parts(offered) <= 2
    sent = await person.says("JA")
    assert sent.handoff == "waiting"
    case = await person.case()
    for name in ("taken", "lost", "escalated", "missed", "closed"):
        text = gsm7.plain(person.house.cases.words(name, case))
        assert text
        assert gsm7.foreign_characters(text) == ""
        assert gsm7.parts(text) <= 3, text


async def test_every_reason_has_its_words(house: House) -> None:
    assert set(house.library.answers.talk.get("handoff.carried.reasons")) == set(REASONS)
