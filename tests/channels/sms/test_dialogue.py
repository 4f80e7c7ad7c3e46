"""Conversations by SMS on the real model: what a telephone sends and what it gets."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.bootstrap import House, Library
from bot.conversation.reply import Button, Reply
from bot.errors import ConversationUnknown, StorageUnavailable
from bot.language import gsm7
from bot.language.discretion import first_line, telling
from bot.storage.encryption import Vault
from bot.storage.sms_people import Person, SmsPeople, State
from tests.channels.sms.telephone import SILENCE, Telephone, make_telephone


@pytest.fixture
def people(house: House) -> SmsPeople:
    return SmsPeople(house.database, house.vault)


@pytest.fixture
def with_a_human() -> set[str]:
    """The conversations that a human has."""
    return set()


@pytest.fixture
def telephone(house: House, people: SmsPeople, with_a_human: set[str]) -> Telephone:
    async def handoff(conversation: str) -> str:
        return "active" if conversation in with_a_human else "none"

    return make_telephone(house, people, handoff)


async def test_a_first_greeting_says_what_this_is_and_what_can_be_answered(telephone: Telephone) -> None:
    told = await telephone.read("hei")
    assert "program" in told
    assert "112" in told
    assert all(word in told for word in ("MENNESKE", "SLETT", "STOPP"))


async def test_a_first_question_is_answered_at_once_and_says_that_it_is_a_program(telephone: Telephone) -> None:
    told = await telephone.read("hvordan får jeg gratis advokat")
    assert "Jussbuss" in told
    assert "program" in told
    assert "program" not in await telephone.read("hva er et krisesenter?")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("broren min har låst meg inne på rommet", "112"),
        ("han slår meg nå hjelp", "112"),
        ("jeg vil ta livet mitt i kveld", "113"),
        ("vi er i Pakistan og de har tatt passet mitt, jeg får ikke dra hjem", "+47 23 95 00 00"),
    ],
)
async def test_when_it_is_urgent_the_number_comes_first_and_nothing_else_shows(
    telephone: Telephone, text: str, number: str
) -> None:
    told = (await telephone.write(text))[0]
    assert number in told[:80]
    assert number in first_line(told)
    assert telling(first_line(told)) == []
    assert gsm7.foreign_characters(told) == ""


@pytest.mark.parametrize(
    "text", ["kan de tvinge meg til å gifte meg?", "hva er negativ sosial kontroll", "hva gjør ambassaden"]
)
async def test_the_first_line_tells_nothing_of_what_was_asked(telephone: Telephone, text: str) -> None:
    assert telling(first_line(await telephone.read(text))) == []


async def test_whoever_cannot_call_answers_with_a_number_and_is_told_what_to_do(telephone: Telephone) -> None:
    told = await telephone.read("faren min har låst meg inne i leiligheten")
    assert "Kan du ringe nå?" in told
    assert "2 Nei, jeg kan ikke ringe" in told
    told = await telephone.read("2")
    assert "Send en melding til én du stoler på" in told


async def test_choices_hold_until_there_are_new_ones(telephone: Telephone) -> None:
    await telephone.read("vil ikke leve mer, skal gjøre det i natt")
    await telephone.read("vil bare dø")
    assert "Kan du være hos meg nå?" in await telephone.read("nei")


async def test_a_number_is_never_taken_for_an_age_while_the_telephone_shows_choices(telephone: Telephone) -> None:
    await telephone.read("vi er hos bestemor i pakistan og pappa sier vi ikke skal hjem")
    await telephone.read("mer")
    # The first choice was a human; nobody is there, so it is who answers now, from abroad.
    assert "+47 954 11 755" in await telephone.read("1")
    assert "1 år" not in await telephone.read("hva har du forstått?")


async def test_a_whole_guide_by_numbers(telephone: Telephone) -> None:
    told = await telephone.read("Jeg er redd for å bli giftet bort")
    assert "116 111" in told  # what matters most comes before the first question
    assert "1 Under 18\n2 18 eller eldre\n3 Vet ikke" in told
    assert "når det skal skje" in await telephone.read("1.")
    assert "annet land" in await telephone.read("vet ikke")
    told = await telephone.read("nr 1")
    assert first_line(told) == "Et spørsmål:"
    assert "Hvem er det som presser deg" in told
    assert told.endswith("4 Vet ikke")
    told = await telephone.read("en")
    assert "Du er under 18. Ring Alarmtelefonen på 116 111" in told
    assert "?" not in first_line(told)


async def test_a_guide_takes_words_as_well_as_numbers(telephone: Telephone) -> None:
    await telephone.read("Lag en plan før reisen")
    assert "land" in await telephone.read("jeg er 15")
    assert "når dere skal reise" in await telephone.read("Tyrkia")
    assert "voksen utenfor familien" in await telephone.read("om tre uker")
    told = await telephone.read("Nei, ingen")
    assert "barnevernet forby reisen" in told


async def test_more_gives_the_rest_over_several_rounds(telephone: Telephone) -> None:
    for answer in ("Lag en plan før reisen", "1", "Irak", "vet ikke"):
        await telephone.read(answer)
    told = [await telephone.read("1")]
    while told[-1].endswith("SVAR MER for resten."):
        assert len(told) < 8
        told.append(await telephone.read("MER"))
    assert len(told) >= 3
    assert len(set(told)) == len(told)
    whole = "\n".join(told)
    assert "Lær +47 23 95 00 00 utenat" in whole
    assert "Jeg blir tatt med mot min vilje" in whole


async def test_a_choice_after_the_rest_is_taken_by_its_number(telephone: Telephone) -> None:
    told = await telephone.read("vi er i Pakistan og de har tatt passet mitt")
    told = await telephone.read("jeg er 16")
    while told.endswith("SVAR MER for resten."):
        told = await telephone.read("mer")
    [number] = re.findall(r"(\d) Snakk med et menneske", told)
    assert "Alarmtelefonen" in await telephone.read(number)


async def test_numbered_steps_are_not_taken_for_choices(telephone: Telephone) -> None:
    await telephone.read("Lag en plan før reisen")
    for answer in ("2", "Irak", "vet ikke", "1"):
        told = await telephone.read(answer)
    while True:
        assert re.search(r"^\d+\. ", told, re.MULTILINE) is None
        if not told.endswith("SVAR MER for resten."):
            break
        told = await telephone.read("mer")


async def test_help_gives_the_number_and_the_commands(telephone: Telephone) -> None:
    told = await telephone.read("HJELP")
    assert "112" in first_line(told)
    assert all(word in told for word in ("MENNESKE", "SLETT", "STOPP"))


async def test_human_names_those_who_answer(telephone: Telephone) -> None:
    assert "116 111" in await telephone.read("MENNESKE")


async def test_erase_is_at_once_and_says_so(telephone: Telephone, house: House) -> None:
    await telephone.read("de har tatt passet mitt og jeg er 16")
    conversation = (await telephone.people.load(telephone.person)).conversation
    assert conversation is not None
    assert "slettet" in await telephone.read("SLETT")
    with pytest.raises(ConversationUnknown):
        await house.store.load(conversation)
    assert (await telephone.people.load(telephone.person)).state == State()
    assert "16" not in await telephone.read("hva har du forstått?")


async def test_erase_in_a_sentence_erases_too(telephone: Telephone) -> None:
    await telephone.read("hva er tvangsekteskap?")
    told = await telephone.read("kan du slette alt jeg har skrevet")
    assert "slettet" in told
    assert "nettleser" not in told.lower()
    assert (await telephone.people.load(telephone.person)).conversation is None


async def test_stop_is_confirmed_once_then_silence_until_they_write_again(telephone: Telephone) -> None:
    await telephone.read("hva er et krisesenter?")
    told = await telephone.read("Hjemvei STOPP!")
    assert "ikke flere meldinger" in told
    assert gsm7.parts(told) == 1
    assert telling(told) == []
    assert await telephone.write("stopp") == []
    assert await telephone.write("ikke send mer") == []
    assert "krisesenter" in (await telephone.read("hva er et krisesenter?")).lower()
    assert "ikke flere meldinger" in await telephone.read("STOPP")


async def test_after_stop_only_the_hash_and_the_wish_are_kept(telephone: Telephone, house: House) -> None:
    await telephone.read("de har tatt passet mitt")
    conversation = str((await telephone.people.load(telephone.person)).conversation)
    await telephone.read("STOPP")
    with pytest.raises(ConversationUnknown):
        await house.store.load(conversation)
    await telephone.dialogue.sweep(telephone.clock.now + SILENCE)
    kept = await telephone.people.load(telephone.person)
    assert kept.opted_out
    assert (kept.conversation, kept.last_id, kept.state) == (None, None, State())
    telephone.clock.now += 3 * SILENCE
    assert await telephone.write("STOPP") == []


async def test_the_same_message_twice_acts_once_and_answers_the_same(telephone: Telephone) -> None:
    first = await telephone.write("hvordan får jeg gratis advokat", "x1")
    assert await telephone.write("hvordan får jeg gratis advokat", "x1") == first
    chosen = await telephone.write("1", "x2")
    assert await telephone.write("1", "x2") == chosen != first
    stopped = await telephone.write("stopp", "x3")
    assert await telephone.write("stopp", "x3") == stopped


async def test_the_same_rest_is_given_for_the_same_message(telephone: Telephone) -> None:
    for answer in ("Lag en plan før reisen", "1", "Irak", "vet ikke", "1"):
        await telephone.read(answer)
    rest = await telephone.write("mer", "y1")
    assert await telephone.write("mer", "y1") == rest
    assert await telephone.write("mer", "y2") != rest


async def test_a_message_that_comes_twice_at_once_is_answered_once(telephone: Telephone, house: House) -> None:
    first, second = await asyncio.gather(telephone.write("hva er tvang?", "z1"), telephone.write("hva er tvang?", "z1"))
    assert first == second
    conversation = str((await telephone.people.load(telephone.person)).conversation)
    events = await house.store.transcript(conversation)
    assert sum(event["event"] == "user" for event in events) == 1


async def test_a_failure_between_answer_and_memory_is_made_good_when_it_is_tried_again(
    telephone: Telephone, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await telephone.read("hei")
    save = SmsPeople.save

    async def failing(self: SmsPeople, person: object) -> None:
        raise StorageUnavailable("gone")

    monkeypatch.setattr(SmsPeople, "save", failing)
    with pytest.raises(StorageUnavailable):
        await telephone.write("hvordan får jeg gratis advokat", "f1")
    monkeypatch.setattr(SmsPeople, "save", save)
    assert "Jussbuss" in (await telephone.write("hvordan får jeg gratis advokat", "f1"))[0]
    conversation = str((await telephone.people.load(telephone.person)).conversation)
    events = await house.store.transcript(conversation)
    assert sum(event["event"] == "user" for event in events) == 2


async def test_a_session_ends_in_silence_and_everything_is_erased(telephone: Telephone, house: House) -> None:
    await telephone.read("jeg er 16 og de har tatt passet mitt")
    conversation = str((await telephone.people.load(telephone.person)).conversation)
    assert await telephone.dialogue.sweep(telephone.clock.now + SILENCE / 2) == 0
    assert await telephone.dialogue.sweep(telephone.clock.now + SILENCE) >= 1
    with pytest.raises(ConversationUnknown):
        await house.store.load(conversation)
    assert (await telephone.people.load(telephone.person)).last_at is None


async def test_what_another_key_sealed_is_erased_like_the_rest(telephone: Telephone, house: House) -> None:
    other = SmsPeople(house.database, Vault(b"another key, and as long as one.."))
    await other.save(Person("somebody", last_at=telephone.clock.now, last_id="1", state=State(answer=["Hei."])))
    assert (await telephone.people.load("somebody")).state == State()
    await telephone.dialogue.sweep(telephone.clock.now + SILENCE)
    assert (await telephone.people.load("somebody")).last_at is None


async def test_who_writes_after_the_silence_begins_anew_even_before_the_sweep(telephone: Telephone) -> None:
    await telephone.read("jeg er 16 og de har tatt passet mitt")
    before = (await telephone.people.load(telephone.person)).conversation
    telephone.clock.now += SILENCE
    told = await telephone.read("hva har du forstått?")
    assert "16" not in told
    assert "pass" not in told
    assert (await telephone.people.load(telephone.person)).conversation != before


async def test_a_conversation_that_a_human_has_does_not_end_in_silence(
    telephone: Telephone, with_a_human: set[str]
) -> None:
    await telephone.read("de har tatt passet mitt")
    conversation = str((await telephone.people.load(telephone.person)).conversation)
    with_a_human.add(conversation)
    await telephone.dialogue.sweep(telephone.clock.now + 2 * SILENCE)
    assert (await telephone.people.load(telephone.person)).conversation == conversation
    assert await telephone.people.whose(conversation) == telephone.person
    await telephone.write("stopp")
    assert await telephone.people.whose(conversation) is None


async def test_while_a_human_has_the_case_the_assistant_is_silent(
    telephone: Telephone, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await telephone.read("hei")
    heard: list[str] = []

    async def taken(conversation: str, message: object, **_: object) -> Reply:
        heard.append(message.text)  # type: ignore[attr-defined]
        return Reply(conversation, [], None, handoff="active")

    monkeypatch.setattr(house.conversations, "receive", taken)
    for text in ("er du der?", "MER", "HJELP", "MENNESKE", "1"):
        assert await telephone.write(text) == []
    assert heard[0] == "er du der?"
    assert len(heard) == 5


async def test_a_message_in_another_script_is_answered_in_it_and_never_stripped(telephone: Telephone) -> None:
    told = await telephone.write("أخذوا جواز سفري ولا أستطيع العودة")
    arabic = [message for message in told if gsm7.foreign_characters(message)]
    assert len(arabic) == 1
    assert "112" in arabic[0]
    assert "النرويج" in arabic[0]


async def test_english_gets_the_numbers_in_english_in_a_message_of_their_own(telephone: Telephone) -> None:
    norwegian, english = await telephone.write("they took my passport and will not let me go home")
    assert "Interpreter" in english
    assert "Interpreter" not in norwegian


async def test_what_the_person_wrote_in_sami_letters_is_kept(telephone: Telephone, house: House) -> None:
    await telephone.write("mun lean Guovdageainnus, váldde čáppa báŋku")
    conversation = str((await telephone.people.load(telephone.person)).conversation)
    said = [event["text"] for event in await house.store.transcript(conversation) if event["event"] == "user"]
    assert said == ["mun lean Guovdageainnus, váldde čáppa báŋku"]


async def test_the_keyword_is_not_part_of_what_was_said(telephone: Telephone, house: House) -> None:
    await telephone.write("HJEMVEI hva er tvangsekteskap?")
    conversation = str((await telephone.people.load(telephone.person)).conversation)
    said = [event["text"] for event in await house.store.transcript(conversation) if event["event"] == "user"]
    assert said == ["hva er tvangsekteskap?"]


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "/"])
async def test_an_empty_message_is_told_that_it_was_empty(telephone: Telephone, text: str) -> None:
    assert "tom" in await telephone.read(text)


async def test_a_message_that_is_too_long_is_told_so(telephone: Telephone) -> None:
    assert "for lang" in await telephone.read("a" * 3000)


async def test_a_long_answer_never_leaves_a_heading_behind(
    telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await telephone.read("jeg er 16 og de har tatt passet mitt")
    for text in ("MENNESKE", "hva kan du", "mer", "mer", "mer"):
        told = await telephone.read(text)
        body = told.removesuffix("\nSVAR MER for resten.")
        assert body == told or not body.endswith(":")


@pytest.mark.parametrize(
    "text",
    [
        "hvem er du",
        "takk",
        "ha det",
        "mamma kommer",
        "jeg angrer på at jeg skrev",
        "ikke si det til noen",
        "hva kan du",
    ],
)
async def test_small_talk_by_sms_never_speaks_of_a_page(telephone: Telephone, text: str) -> None:
    await telephone.read("hei")
    told = await telephone.read(text)
    assert re.search(r"forlat siden|nettleser|skjerm|chat|velg", told, re.IGNORECASE) is None


async def test_buttons_of_the_reply_are_numbered_in_order(
    telephone: Telephone, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asking(conversation: str, message: object, **_: object) -> Reply:
        return Reply(
            conversation, ["Hva trenger du?"], None, buttons=[Button(t, t) for t in ("Råd", "Tolk", "Lege", "Seng")]
        )

    await telephone.read("hei")
    monkeypatch.setattr(house.conversations, "receive", asking)
    assert await telephone.read("ja") == "Hva trenger du?\n1 Råd\n2 Tolk\n3 Lege\n4 Seng"


def test_every_answer_stands_on_its_own(shelf: Library) -> None:
    from bot.channels.sms.check import findings

    topics = [article.topic for article in shelf.knowledge.answers()]
    assert len(topics) > 100
    assert list(findings(shelf.answers, topics)) == []
