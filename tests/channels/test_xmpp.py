"""XMPP, against a Prosody that the test starts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import slixmpp

from bot.channels.human import xmpp_words as words
from bot.storage.database import Database
from tests.channels.desk import Desk, process, until
from tests.channels.prosody import ROOM, STRANGER, Prosody
from tests.channels.remotes import Worker, XmppRemote


@pytest.fixture
async def remote(prosody: Prosody) -> AsyncIterator[XmppRemote]:
    made = XmppRemote(prosody)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def desk(remote: XmppRemote, sqlite: Database) -> AsyncIterator[Desk]:
    async with process(sqlite, remote.channels) as opened:
        remote.join(opened)
        await until(opened.human.routes()["human", "xmpp"].ready, "connected")
        yield opened


def _last(worker: Worker, text: str) -> bool:
    return bool(worker.heard) and worker.heard[-1].startswith(text)


async def test_an_announcement_says_nothing_of_the_case(desk: Desk, remote: XmppRemote) -> None:
    case = await desk.waiting("hemmeligheten min", urgency="acute")
    await until(lambda: remote.announced(case), "announced")
    for worker in remote.workers:
        assert worker.heard == [f"Ny hastesak venter. Skriv «ta {await remote.code(case)}» for å ta den."]


async def test_one_worker_has_one_case_at_a_time_and_can_give_it_back(desk: Desk, remote: XmppRemote) -> None:
    one, other = await desk.waiting(), await desk.waiting()
    for case in (one, other):
        await until(lambda case=case: remote.announced(case), "announced")  # type: ignore[misc]
    anna = remote.workers[0]
    await remote.take(one)
    await until(lambda: _last(anna, "Du har sak"), "taken")
    await remote.take(other)
    await until(lambda: _last(anna, words.HAS_ONE), "not two")
    assert await desk.state(other) == "waiting"
    anna.write("Gi  tilbake.")
    await until(lambda: words.GIVEN_BACK in anna.heard, "given back")
    assert await desk.state(one) == "waiting"
    await until(lambda: any("venter fortsatt" in text for text in remote.workers[1].heard), "announced again")
    await remote.take(one, 1)
    await until(lambda: any(text.startswith("Du har sak") for text in remote.workers[1].heard), "the other has it")


async def test_words_without_a_case(desk: Desk, remote: XmppRemote) -> None:
    anna = remote.workers[0]
    for written, answer in (
        ("hei", words.NOT_TAKEN),
        ("hjelp", words.HELP),
        ("kø", words.EMPTY),
        ("ta abcde", words.UNKNOWN_CODE),
        ("slutt", words.NOT_TAKEN),
    ):
        anna.messages.clear()
        anna.write(written)
        await until(lambda answer=answer: anna.heard == [answer], written)  # type: ignore[misc]


async def test_the_queue_shows_codes_and_urgency(desk: Desk, remote: XmppRemote) -> None:
    case = await desk.waiting()
    await until(lambda: remote.announced(case), "announced")
    remote.workers[1].write("kø")
    code = await remote.code(case)
    await until(lambda: _last(remote.workers[1], f"{code}: haster"), "the queue")


async def test_a_stranger_is_not_heard(desk: Desk, remote: XmppRemote) -> None:
    case = await desk.waiting()
    await until(lambda: remote.announced(case), "announced")
    stranger = Worker(STRANGER, remote.prosody.port)
    await stranger.log_in()
    stranger.write(f"ta {await remote.code(case)}")
    stranger.write("hei")
    await asyncio.sleep(0.7)
    assert stranger.heard == []
    assert await desk.state(case) == "waiting"
    await stranger.log_out()


async def test_characters_that_xml_cannot_hold_do_not_break_the_line(desk: Desk, remote: XmppRemote) -> None:
    case = await desk.waiting()
    await until(lambda: remote.announced(case), "announced")
    await remote.take(case)
    await until(lambda: _last(remote.workers[0], "Du har sak"), "taken")
    await desk.says(case, "a\x00b\x0bc æ & <b> ]]> \U0001f600")
    await desk.says(case, "etterpå")
    await until(lambda: _last(remote.workers[0], "etterpå"), "goes on")
    assert remote.heard(case)[0] == "a\ufffdb\ufffdc æ & <b> ]]> \U0001f600"


async def test_the_person_sees_that_the_worker_types(desk: Desk, remote: XmppRemote) -> None:
    case = await desk.waiting()
    await until(lambda: remote.announced(case), "announced")
    await remote.take(case)
    await until(lambda: _last(remote.workers[0], "Du har sak"), "taken")
    client = remote.workers[0].client
    assert client is not None
    message = client.make_message(mto="hjemvei@vakt.test", mtype="chat")
    message["chat_state"] = "composing"
    message.send()
    typing = {"by": "human", "on": True}
    await until(lambda: (case.conversation, "typing", typing) in desk.told, "typing")


async def test_somebody_is_on_duty_only_while_somebody_is_logged_in(desk: Desk, remote: XmppRemote) -> None:
    await until(lambda: desk.human.present("vakt"), "there")
    for worker in remote.workers:
        await worker.log_out()

    async def nobody() -> bool:
        return not await desk.human.present("vakt")

    await until(nobody, "gone")


async def test_of_two_processes_one_holds_the_line(sqlite: Database, remote: XmppRemote) -> None:
    other = Database(sqlite.address)
    async with process(sqlite, remote.channels) as one, process(other, remote.channels) as two:
        remote.join(one)
        lines = [desk.human.routes()["human", "xmpp"] for desk in (one, two)]
        await until(lambda: any(line.ready() for line in lines), "connected")
        case = await two.waiting()
        await until(lambda: remote.announced(case), "announced, whoever it came to")
        assert [line.ready() for line in lines].count(True) == 1
        assert len(remote.workers[0].messages) == 1
    await other.close()


async def test_the_line_stays_one_line(desk: Desk, remote: XmppRemote) -> None:
    # As long as it takes to renew the right to hold it, twice.
    await asyncio.sleep(11)
    running = [task for task in asyncio.all_tasks() if getattr(task.get_coro(), "__qualname__", "") == "Line.run"]
    assert len(running) == 1
    case = await desk.waiting()
    await until(lambda: remote.announced(case), "announced")
    assert len(remote.workers[0].messages) == 1


async def test_a_room_announces_and_its_members_answer(prosody: Prosody, sqlite: Database) -> None:
    remote = XmppRemote(prosody, room=ROOM)
    await remote.start()
    async with process(sqlite, remote.channels) as desk:
        remote.join(desk)
        await until(desk.human.routes()["human", "xmpp"].ready, "connected")
        for number, worker in enumerate(remote.workers):
            assert worker.client is not None
            await worker.client.plugin["xep_0045"].join_muc_wait(slixmpp.JID(ROOM), f"vakt{number}", maxstanzas=0)
        await until(lambda: desk.human.present("vakt"), "there")
        case = await desk.waiting("sagt før")
        await until(lambda: remote.announced(case), "announced")
        anna, code = remote.workers[0], await remote.code(case)
        assert anna.client is not None
        anna.client.send_message(mto=ROOM, mbody="skal jeg ta den?", mtype="groupchat")
        anna.client.send_message(mto=ROOM, mbody=f"ta {code}", mtype="groupchat")
        await until(lambda: _last(anna, "Du har sak"), "taken")
        assert "sagt før" in anna.heard[-1]
        await desk.says(case, "bare til Anna")
        await until(lambda: _last(anna, "bare til Anna"), "heard")
        assert not any("sagt før" in text or "bare til Anna" in text for text in remote.workers[1].heard)
        anna.write("svar")
        await until(lambda: _heard(desk, case), "answered")
    await remote.stop()


async def _heard(desk: Desk, case: object) -> bool:
    return await desk.heard(case) == ["svar"]  # type: ignore[arg-type]
