"""From a request to the answer at the far end, through a real queue and real HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import update

from bot.channels.sms import worker
from bot.channels.sms.service import Sms
from bot.errors import MessageTooLong, PersonUnreachable
from bot.storage.database import Database
from bot.storage.encryption import Vault
from bot.storage.sms_rows import Tie
from bot.storage.tables.sms_queue import IncomingRow, KeptNumberRow, OutgoingRow, PartRow
from tests.channels.sms.cases import generic
from tests.channels.sms.fakes import Echo, Handset, Tally, make_sms, settings

ME, OTHER, ABROAD = "+4790012345", "+4790054321", "+923001234567"


@pytest.fixture(autouse=True)
async def _empty(database: Database) -> None:
    async with database.write() as connection:
        for table in (IncomingRow, PartRow, OutgoingRow, KeptNumberRow):
            await connection.execute(table.__table__.delete())


@pytest.fixture
async def handset() -> AsyncIterator[Handset]:
    end = Handset()
    async with TestServer(end.app()) as server:
        end.url = str(server.make_url("/send"))  # type: ignore[attr-defined]
        yield end


@pytest.fixture
def echo() -> Echo:
    return Echo()


Make = Callable[..., Sms]


@pytest.fixture
def make(database: Database, vault: Vault, handset: Any, echo: Echo) -> Make:
    def made(*, ties: Any = None, notice: Any = None, talks: Any = None, **chosen: Any) -> Sms:
        more = {name: value for name, value in (("ties", ties), ("notice", notice)) if value is not None}
        return make_sms(settings(sms_url=handset.url, **chosen), database, vault, talks or echo, **more)

    return made


def message(text: str, identifier: str, number: str = ME, **more: object) -> Any:
    return generic({"id": identifier, "from": number, "to": "26300", "text": text, **more})


async def done(sms: Sms, seconds: float = 8.0) -> None:
    """Until nothing waits."""
    until = time.monotonic() + seconds
    while any((await sms.waiting()).values()):
        assert time.monotonic() < until, await sms.waiting()
        await asyncio.sleep(0.02)


@asynccontextmanager
async def running(*processes: Sms) -> AsyncIterator[None]:
    contexts = [sms.running() for sms in processes]
    for context in contexts:
        await context.__aenter__()
    try:
        yield
    finally:
        for context in contexts:
            await context.__aexit__(None, None, None)


async def test_a_message_is_kept_first_and_answered_after(make: Make, handset: Handset) -> None:
    sms = make()
    assert (await sms.receive(message("hei æøå", "1"))).status == 200
    assert handset.got == []
    async with running(sms):
        await done(sms)
    assert handset.texts(ME) == ["Du skrev: hei æøå"]


async def test_what_is_repeated_acts_once_and_is_answered_once_also_after_a_restart(
    make: Make, handset: Handset, echo: Echo
) -> None:
    for _ in range(2):
        sms = make()
        async with running(sms):
            answers = [await sms.receive(message("hei", "1")) for _ in range(3)]
            assert [answer.status for answer in answers] == [200, 200, 200]
            await done(sms)
    assert echo.texts == ["hei"]
    assert len(handset.got) == 1


async def test_two_processes_share_a_burst_and_answer_each_once(make: Make, handset: Handset) -> None:
    first, second = make(), make()
    numbers = [f"+47900{n:05d}" for n in range(30)]
    async with running(first, second):
        await asyncio.gather(
            *(sms.receive(message("hei", f"m{number}", number)) for number in numbers for sms in (first, second))
        )
        await done(first)
    assert sorted(got["to"] for got in handset.got) == sorted(numbers)


async def test_one_persons_messages_are_answered_in_order(make: Make, handset: Handset) -> None:
    sms = make()
    for number in range(8):
        await sms.receive(message(f"nr {number}", str(number)))
    async with running(sms):
        await done(sms)
    assert handset.texts() == [f"Du skrev: nr {number}" for number in range(8)]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1)])
async def test_a_long_message_is_heard_whole(make: Make, echo: Echo, order: tuple[int, ...]) -> None:
    sms = make()
    texts = {1: "jeg er i ", 2: "pakistan og de ", 3: "tok passet"}
    async with running(sms):
        for place in order:
            part = {"reference": "9", "number": place, "of": 3}
            for _ in range(2):
                await sms.receive(message(texts[place], f"p{place}", part=part))
        until = time.monotonic() + 5
        while not echo.texts and time.monotonic() < until:
            await asyncio.sleep(0.05)
    assert echo.texts == ["jeg er i pakistan og de tok passet"]


async def test_twenty_parts_are_heard_with_their_beginning_and_end(make: Make, echo: Echo) -> None:
    sms = make()
    for place in range(1, 21):
        part = {"reference": "9", "number": place, "of": 20}
        text = "BEGYNNELSEN" if place == 1 else "de låser døra" if place == 20 else "x" * 153
        await sms.receive(message(text, f"p{place}", part=part))
    async with running(sms):
        until = time.monotonic() + 5
        while not echo.texts and time.monotonic() < until:
            await asyncio.sleep(0.05)
    assert echo.texts[0].startswith("BEGYNNELSEN")
    assert echo.texts[0].endswith("de låser døra")
    assert len(echo.texts[0]) <= 2000


async def test_a_missing_piece_is_waited_for_only_so_long(
    make: Make, echo: Echo, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sms = make()
    await sms.receive(message("hjelp meg jeg er ", "p1", part={"reference": "9", "number": 1, "of": 2}))
    monkeypatch.setattr(worker, "PIECES_WAIT", worker.timedelta(0))
    async with running(sms):
        until = time.monotonic() + 5
        while not echo.texts and time.monotonic() < until:
            await asyncio.sleep(0.05)
    assert echo.texts[0].startswith("hjelp meg jeg er")


async def test_a_temporary_failure_is_tried_again_and_a_permanent_one_is_not(
    make: Make, handset: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_FIRST_WAIT_S", 0.05)
    sms, tally = make(), Tally()
    sms.observed_by(tally)
    handset.answers = [(500, ""), (503, "")]
    async with running(sms):
        await sms.receive(message("hei", "1"))
        await done(sms)
        assert len(handset.got) == 1
        handset.answers = [(400, "")]
        await sms.receive(message("hallo", "2"))
        await done(sms)
    assert handset.texts() == ["Du skrev: hei"]
    assert tally.of("not_sent_temporary") == {"status_500": 1, "status_503": 1}
    assert tally.of("not_sent_permanent") == {"status_400": 1}


async def test_the_waits_grow_and_have_a_limit() -> None:
    waits = [worker._wait(tries).total_seconds() for tries in range(worker.TRIES)]
    assert 4 <= waits[0] <= 6
    assert all(later > earlier for earlier, later in pairwise(waits[:5]))
    assert max(waits) <= 900 * 1.2


async def test_an_answer_that_has_become_too_old_is_not_sent(make: Make, handset: Handset, database: Database) -> None:
    sms = make(sms_answer_minutes=1)
    handset.answers = [(500, "")]
    async with running(sms):
        await sms.receive(message("hei", "1"))
        until = time.monotonic() + 5
        while handset.answers and time.monotonic() < until:
            await asyncio.sleep(0.02)
        async with database.write() as connection:
            long_ago = worker._now() - worker.timedelta(minutes=2)
            await connection.execute(update(OutgoingRow).values(created_at=long_ago, next_at=long_ago))
        await done(sms)
    assert handset.got == []


async def test_a_conversation_that_fails_is_asked_again(
    make: Make, handset: Handset, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_FIRST_WAIT_S", 0.02)
    echo.fails = [RuntimeError("grønnmerketord"), RuntimeError("x")]
    sms = make()
    async with running(sms):
        await sms.receive(message("hei", "1"))
        await done(sms)
    assert handset.texts() == ["Du skrev: hei"]


async def test_one_that_always_fails_ends_with_a_word_and_a_number_to_call(
    make: Make, handset: Handset, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_FIRST_WAIT_S", 0.001)
    monkeypatch.setattr(worker, "TRIES", 3)
    echo.fails = [RuntimeError("x")] * 3
    sms = make(notice=lambda kind: f"{kind}: ring 112")
    async with running(sms):
        await sms.receive(message("hei", "1"))
        await done(sms, 15)
    assert handset.texts() == ["failed: ring 112"]


# Delivery reports


async def test_a_delivery_report_is_counted_once(make: Make, handset: Handset) -> None:
    sms, tally = make(), Tally()
    sms.observed_by(tally)
    async with running(sms):
        await sms.receive(message("hei", "1"))
        await done(sms)
        (sent,) = handset.got
        for state, key in (("accepted", "reference"), ("delivered", "id"), ("delivered", "id"), ("failed", "id")):
            given = {"reference": sent["id"]} if key == "reference" else {"id": f"p-{sent['id']}"}
            answer = await sms.receive(generic({"type": "report", "state": state, **given}))
            assert answer.status == 200
    assert tally.of("report") == {"accepted": 1, "delivered": 1, "same": 1, "refused": 1}


# Who is answered


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("Posten", "alphanumeric"),
        ("26300", "short"),
        ("1963", "short"),
        ("+4782012345", "premium"),
        ("+979123456789", "premium"),
        ("+881612345678", "premium"),
        ("+4722334455", "landline"),
        ("+4780012345", "landline"),
        ("()[];", "no_number"),
        ("+999999999999999999", "no_number"),
        ("+0", "short"),
        ("<script>", "alphanumeric"),
    ],
)
async def test_some_senders_are_never_answered(make: Make, echo: Echo, number: str, word: str) -> None:
    sms, tally = make(), Tally()
    sms.observed_by(tally)
    assert (await sms.receive(message("hei", "1", number))).status == 200
    assert tally.of("dropped") == {word: 1}
    assert (await sms.waiting())["incoming"] == 0


@pytest.mark.parametrize("written", ["+4790012345", "4790012345", "004790012345", "90012345", "+47 900 12 345"])
async def test_a_number_is_the_same_however_it_is_written(make: Make, handset: Handset, written: str) -> None:
    sms = make()
    async with running(sms):
        await sms.receive(message("hei", "1", written))
        await done(sms)
    assert [got["to"] for got in handset.got] == [ME]


@pytest.mark.parametrize("number", [ABROAD, "+252612345678", "+9647701234567", "+963944123456"])
async def test_who_writes_from_abroad_is_answered(make: Make, handset: Handset, number: str) -> None:
    sms = make()
    async with running(sms):
        await sms.receive(message("hei", "1", number))
        await done(sms)
    assert [got["to"] for got in handset.got] == [number]


async def test_a_service_may_choose_its_countries(make: Make, handset: Handset) -> None:
    sms = make(sms_countries=("NO",))
    async with running(sms):
        await sms.receive(message("hei", "1", ABROAD))
        await sms.receive(message("hei", "2"))
        await done(sms)
    assert [got["to"] for got in handset.got] == [ME]


async def test_nothing_of_an_empty_or_binary_message_is_answered(make: Make) -> None:
    sms, tally = make(), Tally()
    sms.observed_by(tally)
    for request in (message("", "1"), message(" \u200b\n", "2"), message("", "3", type="binary")):
        assert (await sms.receive(request)).status == 200
    assert tally.of("dropped") == {"empty": 2, "binary": 1}


async def test_letters_that_are_not_letters_do_not_stop_a_message(make: Make, echo: Echo) -> None:
    sms = make()
    async with running(sms):
        await sms.receive(message("hjelp \ud800\ufffd\x00\x1b[31m meg 😟", "1"))
        await done(sms)
    assert echo.texts[0].startswith("hjelp")
    assert "meg 😟" in echo.texts[0]
    assert "\x1b" not in echo.texts[0]


# Limits


async def test_a_number_gets_so_many_answers_and_is_told_once(make: Make, handset: Handset) -> None:
    sms = make(sms_per_hour=3, notice=lambda kind: f"{kind}: ring 112")
    async with running(sms):
        for number in range(6):
            await sms.receive(message(f"melding {number}", str(number)))
        await sms.receive(message("en annen", "other", OTHER))
        await done(sms)
    assert handset.texts(ME) == [*(f"Du skrev: melding {n}" for n in range(3)), "limit: ring 112"]
    assert len(handset.texts(OTHER)) == 1


async def test_the_limit_is_lower_abroad(make: Make, handset: Handset) -> None:
    sms = make(sms_per_day=9, sms_abroad_per_day=2)
    async with running(sms):
        for number in range(5):
            await sms.receive(message(f"melding {number}", str(number), ABROAD))
            await sms.receive(message(f"melding {number}", f"n{number}"))
        await done(sms)
    assert len(handset.texts(ABROAD)) == 2
    assert len(handset.texts(ME)) == 5


async def test_when_all_is_spent_new_senders_wait_and_those_in_a_talk_go_on(make: Make, handset: Handset) -> None:
    sms = make(sms_all_per_hour=2)
    async with running(sms):
        for number in range(2):
            await sms.receive(message(f"melding {number}", str(number)))
        await done(sms)
        await sms.receive(message("ny", "other", OTHER))
        await sms.receive(message("videre", "2"))
        until = time.monotonic() + 5
        while len(handset.got) < 3 and time.monotonic() < until:
            await asyncio.sleep(0.02)
        assert (await sms.waiting())["incoming"] == 1
    assert handset.texts(OTHER) == []
    assert handset.texts(ME)[-1] == "Du skrev: videre"


async def test_the_same_again_and_again_is_not_answered_for_ever(make: Make, handset: Handset) -> None:
    sms = make()
    async with running(sms):
        for number in range(9):
            await sms.receive(message("AUTOMATISK SVAR: jeg er borte", str(number)))
        await sms.receive(message("noe annet", "x"))
        await done(sms)
    assert handset.texts().count("Du skrev: AUTOMATISK SVAR: jeg er borte") == 5
    assert handset.texts()[-1] == "Du skrev: noe annet"


async def test_a_choice_by_number_may_be_made_many_times(make: Make, handset: Handset, echo: Echo) -> None:
    echo.reply = lambda text: ["Velg: 1 Ja 2 Nei"]
    sms = make()
    for number in range(8):
        await sms.receive(message("1", str(number)))
    async with running(sms):
        await done(sms)
    assert len(handset.got) == 8


async def test_two_machines_do_not_go_on_talking(make: Make, handset: Handset) -> None:
    sms = make()
    async with running(sms):
        for number in range(12):
            await sms.receive(message(f"Takk for din melding nummer {number}", str(number)))
            await done(sms)
    assert 5 <= len(handset.got) <= 7


async def test_our_own_words_coming_back_are_not_answered(make: Make, handset: Handset) -> None:
    sms = make()
    async with running(sms):
        await sms.receive(message("hei", "1"))
        await done(sms)
        await sms.receive(message("Du skrev: hei", "2"))
        await done(sms)
    assert handset.texts() == ["Du skrev: hei"]


# While a human has the case


async def test_a_worker_writes_by_sms_only_while_the_case_is_open(make: Make, handset: Handset) -> None:
    open_: set[str] = set()

    async def ties(person: str) -> Tie:
        return Tie.HELD if person in open_ else Tie.GONE

    sms = make(ties=ties)
    person = sms.person(ME)
    with pytest.raises(PersonUnreachable):
        await sms.send_to(person, "Hei")
    open_.add(person)
    async with running(sms):
        await sms.receive(message("MENNESKE", "1"))
        await done(sms)
        first = await sms.send_to(person, "Hei, dette er Kari.", "linje-1")
        assert await sms.send_to(person, "Hei, dette er Kari.", "linje-1") == first
        await done(sms)
        with pytest.raises(MessageTooLong):
            await sms.send_to(person, "x" * 460)
        open_.clear()
        with pytest.raises(PersonUnreachable):
            await sms.send_to(person, "Er du der?")
    assert handset.texts(ME)[1:] == ["Hei, dette er Kari."]


async def test_the_number_is_forgotten_when_the_person_ends_the_case(
    make: Make, database: Database, echo: Echo
) -> None:
    open_: set[str] = set()

    async def ties(person: str) -> Tie:
        return Tie.HELD if person in open_ else Tie.GONE

    sms = make(ties=ties)
    open_.add(sms.person(ME))
    async with running(sms):
        await sms.receive(message("MENNESKE", "1"))
        await done(sms)
        assert await sms._records.kept()
        open_.clear()
        await sms.receive(message("STOPP", "2"))
        await done(sms)
    assert await sms._records.kept() == []


async def test_a_number_is_not_kept_longer_than_the_case(make: Make) -> None:
    open_: set[str] = set()

    async def ties(person: str) -> Tie:
        return Tie.HELD if person in open_ else Tie.GONE

    sms = make(ties=ties)
    open_.add(sms.person(ME))
    async with running(sms):
        await sms.receive(message("MENNESKE", "1"))
        await done(sms)
    await sms.forget_closed(worker._now())
    assert len(await sms._records.kept()) == 1
    await sms.forget_closed(worker._now() + worker.timedelta(days=15))
    assert await sms._records.kept() == []


# Providers without ids


async def test_without_an_id_the_same_words_are_one_message_until_they_are_answered(
    database: Database, vault: Vault, echo: Echo
) -> None:
    from tests.channels.sms.cases import CASES

    chosen = settings(
        sms_provider="sveve", sms_user="a", sms_password=settings().sms_secret, sms_url="http://127.0.0.1:1/"
    )
    sms = make_sms(chosen, database, vault, echo)
    for _ in range(3):
        await sms.receive(CASES["sveve"].incoming("", "1"))
    assert (await sms.waiting())["incoming"] == 1
    async with running(sms):
        until = time.monotonic() + 5
        while (await sms.waiting())["incoming"] and time.monotonic() < until:
            await asyncio.sleep(0.02)
    assert len(echo.texts) == 1
    async with database.write() as connection:
        await connection.execute(update(OutgoingRow).values(state="sent", address=None, body=None))
    await sms.receive(CASES["sveve"].incoming("", "1"))
    assert (await sms.waiting())["incoming"] == 1


# Nothing in the log


async def test_no_number_and_no_text_reaches_the_log(
    make: Make, handset: Handset, echo: Echo, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_FIRST_WAIT_S", 0.01)
    caplog.set_level("DEBUG")
    echo.fails = [RuntimeError("grønnmerketord")]
    handset.answers = [(500, "grønnmerketord"), (400, "grønnmerketord")]
    sms = make()
    async with running(sms):
        for number, given in enumerate((ME, "Grønnmerketord", "26300", ABROAD)):
            await sms.receive(message("grønnmerketord", str(number), given))
        await sms.receive(generic(b"{gr\xc3\xb8nnmerketord"))
        await sms.receive(generic({"id": "1"}, key="x"))
        await done(sms)
    assert caplog.records
    for word in ("merketord", "90012345", "3001234567"):
        assert word not in caplog.text
