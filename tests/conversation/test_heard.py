"""What was asked is heard as answered, danger comes down only when the person says so, and another's case is another's."""

from __future__ import annotations

import pytest

from bot.bootstrap import House, Library
from bot.conversation.draft import Situation
from bot.conversation.fitting import fitting
from bot.conversation.message import Message
from bot.conversation.reply import Reply
from bot.knowledge.model import Section


async def _talk(house: House, *texts: str, channel: str = "web") -> list[Reply]:
    conversation, _ = await house.conversations.start(channel)
    return [await house.conversations.receive(conversation, Message(text, channel)) for text in texts]


def _all(reply: Reply) -> str:
    return "\n".join(reply.texts)


@pytest.mark.parametrize("text", ["nei", "nei ikke helt, mamma er i naborommet"])
async def test_whether_it_is_safe_is_answered_in_own_words(house: House, text: str) -> None:
    _, reply = await _talk(house, "hei", text)
    assert "Forlat siden" in _all(reply)
    assert "ikke sikker på hva du mener" not in _all(reply)


async def test_what_puts_an_age_right_is_no_answer_to_whether_it_is_safe(house: House) -> None:
    before, reply = await _talk(house, "venninna mi er 15 år. hva er et krisesenter?", "nei, hun er 16")
    assert "Er det trygt for deg å skrive her nå?" in _all(before)
    assert "16 år" in _all(reply)
    assert "Forlat siden" not in _all(reply)


async def test_whether_they_can_call_is_answered_in_own_words(house: House) -> None:
    _, reply = await _talk(house, "pappa slår meg nå", "nei")
    assert "ring 112 for meg" in _all(reply)


async def test_who_cannot_call_is_told_where_to_write_also_some_turns_later(house: House) -> None:
    replies = await _talk(
        house,
        "jeg er i islamabad og de har tatt passet mitt",
        "16",
        "får ikke ringt, de tok telefonen",
        "hvem var det du sa jeg skulle skrive til?",
    )
    assert "247@mfa.no" in _all(replies[2])
    assert "247@mfa.no" in _all(replies[3])


async def test_only_what_works_from_abroad_is_given_to_who_is_there(house: House) -> None:
    first, age = await _talk(house, "jeg er i islamabad og de har tatt passet mitt", "16")
    assert "+47 23 95 00 00" in first.texts[0]
    assert "112" not in age.texts[0]
    assert "+47 954 11 755" in _all(age)
    assert "116 111" not in _all(age)


async def test_anothers_case_is_answered_as_anothers(house: House) -> None:
    first, age = await _talk(house, "søsteren min er i somalia og får ikke komme hjem", "hun er 17")
    assert first.topic == "utland.bekymret_for_noen"
    assert "du har lov til å ville hjem" not in _all(first).lower()
    assert "116 111" in _all(first)
    assert "søsteren din er 17 år" in _all(age)
    assert "ja fra foreldrene" in _all(age)


async def test_a_bare_number_corrects_an_age(house: House) -> None:
    *_, reply = await _talk(house, "søsteren min er i somalia og får ikke komme hjem", "hun er 17", "nei, 18")
    assert "søsteren din er 18 år" in _all(reply)


async def test_a_pupils_age_is_not_the_nurses(house: House) -> None:
    *_, reply = await _talk(
        house, "Jeg er helsesykepleier. En elev på 15 skal gifte seg i Irak til sommeren.", "hva hvis hun har fylt 18?"
    )
    assert "du er" not in _all(reply)
    assert "personen er 18 år" in _all(reply)
    assert "Utreiseforbud gjelder ikke voksne" in _all(reply)


async def test_violence_comes_down_once_they_say_that_they_are_safe(house: House) -> None:
    replies = await _talk(
        house, "jeg er låst inne på rommet", "jeg tuller bare", "jeg tuller", "ja", "hva er et krisesenter?"
    )
    assert [reply.urgency for reply in replies[:3]] == ["acute"] * 3
    assert replies[3].urgency == "concern"
    assert "112" in _all(replies[3])
    assert replies[4].urgency not in ("urgent", "acute")


async def test_who_is_not_safe_keeps_the_number_first_and_is_asked_to_call(house: House) -> None:
    *_, reply = await _talk(house, "jeg er låst inne på rommet", "det er over nå", "nei")
    assert reply.urgency == "acute"
    assert "112" in reply.texts[0]
    assert "Kan du ringe nå?" in reply.texts[-1]


async def test_what_was_let_go_as_a_joke_is_raised_again_when_it_was_none(house: House) -> None:
    replies = await _talk(house, "jeg er låst inne på rommet", "jeg tuller bare", "ja", "jeg tulla ikke")
    assert replies[2].urgency == "concern"
    assert replies[3].urgency == "acute"
    assert "112" in replies[3].texts[0]


async def test_other_danger_comes_down_at_once(house: House) -> None:
    replies = await _talk(
        house, "vi er på vei til flyplassen nå og jeg vil ikke", "det er ikke akutt", "hva er et fagteam?"
    )
    assert replies[0].urgency == "acute"
    assert replies[1].urgency == "none"
    assert "112" in _all(replies[1])
    assert replies[2].urgency == "none"


async def test_laughter_hides_no_suicide(house: House) -> None:
    first, joke = await _talk(house, "jeg skal drepe meg hahaha", "jeg tuller bare")
    assert first.topic == "akutt.selvmord"
    assert "113" in first.texts[0]
    assert joke.urgency == "acute"
    assert "113" in joke.texts[0]


async def test_who_threatens_another_is_not_spoken_to_as_the_threatened(house: House) -> None:
    (reply,) = await _talk(house, "jeg skal drepe hun som rømte fra meg")
    assert "Noen har truet deg" not in _all(reply)
    assert "112" in _all(reply)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("hva skal jeg si når jeg ringer dit?", "Hvis du tar kontakt:"),
        ("hva om mamma finner ut av det", "Pass på:"),
    ],
)
async def test_what_comes_next_is_asked_of_the_last_answer(house: House, text: str, heading: str) -> None:
    _, reply = await _talk(house, "hvordan kan jeg få hjem hvis jeg holdes i irak?", text)
    assert heading in _all(reply)


async def test_a_detour_asks_one_thing_at_a_time_and_is_come_back_from(house: House) -> None:
    replies = await _talk(
        house, "lag en plan før reisen", "15", "hva er et krisesenter?", "fortsett", "hvorfor spør du om det?"
    )
    assert "fortsett" in _all(replies[2])
    assert "trygt for deg å skrive her" not in _all(replies[2])
    assert "landet" in _all(replies[3])
    assert "avgjør" in _all(replies[4])
    assert replies[4].texts[-1] != replies[3].texts[-1]


async def test_a_plan_names_the_embassy_and_does_not_take_the_journey_for_made(house: House) -> None:
    replies = await _talk(house, "lag en plan før reisen", "15", "pakistan", "på lørdag", "nei")
    assert "Norges ambassade i Islamabad" in _all(replies[-1])
    assert all("Er du i et annet land nå" not in reply.texts[0] for reply in replies)


async def test_every_guide_ends_in_something_to_keep(shelf: Library) -> None:
    assert all(guide.keep is not None for guide in shelf.knowledge.guides.values())


async def test_the_same_topic_is_not_told_the_same_way_again(house: House) -> None:
    replies = await _talk(house, *["kan barnevernet stoppe reisen?", "kan barnevernet forby reisen?"] * 3)
    spoken = [_all(reply) for reply in replies]
    assert len(set(spoken[:5])) == 5
    assert spoken[5] != spoken[4]


async def test_small_talk_raises_nothing_that_no_word_of_it_says(house: House) -> None:
    first, secret = await _talk(
        house, "bestevenninna mi skal til syria og kommer kanskje ikke tilbake", "hun ba meg om å ikke si det til noen"
    )
    assert first.urgency == secret.urgency
    assert "113" not in _all(secret)


async def test_what_is_told_before_it_is_asked_is_taken(house: House) -> None:
    replies = await _talk(
        house,
        "Jeg er redd for å bli giftet bort",
        "jeg er 15",
        "i sommer",
        "er det lov å gifte seg med søskenbarn?",
        "fortsett",
        "jeg er i norge",
    )
    assert "Norge eller i et annet land" in _all(replies[2])
    assert "søskenbarn" not in _all(replies[3])
    assert "presser" in _all(replies[5])
    assert "Er du i et annet land nå" not in _all(replies[5])


def test_steps_are_for_the_age_and_the_place(shelf: Library) -> None:
    article = shelf.knowledge.article("tvang.frykt")
    assert article is not None
    steps = article.text(Section.STEPS).splitlines()
    young = fitting(steps, Situation("tvang.frykt", age="minor"))
    assert not any("Er du over 18" in step for step in young)
    grown = fitting(steps, Situation("tvang.frykt", age="adult"))
    assert not any("Er du under 18" in step for step in grown)
    away = fitting(steps, Situation("tvang.frykt", away=True))
    assert "{udops.phone}" in away[0]
    assert [step.split(".")[0] for step in away] == [str(number) for number in range(1, len(away) + 1)]


def test_sources_read_as_titles(shelf: Library) -> None:
    told = [source.spoken for source in shelf.knowledge.sources.values()]
    assert not [text for text in told if "udatert" in text or ";" in text or "(åpne data)" in text or " – rk " in text]


def test_contacts_fit_the_age(shelf: Library) -> None:
    young = shelf.answers.best_lines(Situation("utland.nekte_reise", age="minor", years=15))[1]
    grown = shelf.answers.best_lines(Situation("utland.nekte_reise", age="adult", years=40))[1]
    assert "alarmtelefonen" in young
    assert "alarmtelefonen" not in grown
    assert "ung_rettshjelp" not in grown


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_a_place_in_norway_is_not_abroad(house: House, channel: str) -> None:
    _, reply = await _talk(house, "hjelp de låser meg inne", "jeg er i oslo", channel=channel)
    assert reply.topic != "utland.er_i_utlandet"
    assert reply.texts[0].index("112") < (reply.texts[0] + "+47 23").index("+47 23")


async def test_who_is_abroad_and_asks_for_a_human_is_told_who_can_be_reached_from_there(house: House) -> None:
    replies = await _talk(house, "jeg er i islamabad og de har tatt passet mitt", "kan jeg snakke med et menneske")
    assert replies[-1].topic == "bot.menneske"
    said = _all(replies[-1])
    assert "+47 23 95 00 00" in said
    assert "- Alarmtelefonen for barn og unge: 116 111" not in said
