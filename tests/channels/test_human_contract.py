"""What every human channel must do, whatever is on the other side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.channels.human.xmpp_line import logger as channel_log
from bot.storage.database import Database
from tests.channels.desk import Desk, process, until
from tests.channels.remotes import ChatwootRemote, ConsoleRemote, Remote, WebhookRemote, XmppRemote

SAID = "de har låst meg inne på grønnmerkerommet"


@pytest.fixture(params=["console", "webhook", "xmpp", "chatwoot"])
async def remote(request: pytest.FixtureRequest) -> AsyncIterator[Remote]:
    made: Remote
    if request.param == "xmpp":
        made = XmppRemote(request.getfixturevalue("prosody"))
    else:
        made = {"console": ConsoleRemote, "webhook": WebhookRemote, "chatwoot": ChatwootRemote}[request.param]()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def desk(remote: Remote, sqlite: Database) -> AsyncIterator[Desk]:
    async with process(sqlite, remote.channels) as opened:
        remote.join(opened)
        if isinstance(remote, XmppRemote):
            await until(opened.human.routes()["human", "xmpp"].ready, "connected")
        yield opened


async def _active(desk: Desk, remote: Remote, *said: str) -> Any:
    case = await desk.waiting(*said)
    await until(lambda: remote.announced(case), "announced")
    await remote.take(case)
    await _becomes(desk, case, "active")
    return case


async def _becomes(desk: Desk, case: Any, state: str) -> None:
    async def is_so() -> bool:
        return await desk.state(case) == state

    await until(is_so, state)


async def _hears(desk: Desk, case: Any, *texts: str) -> None:
    async def is_so() -> bool:
        heard = await desk.heard(case)
        return [text for text in heard if text != "Hei."] == list(texts)

    await until(is_so, f"the person hears {texts}")


async def test_a_case_that_waits_is_announced_and_taken_by_one(desk: Desk, remote: Remote) -> None:
    case = await desk.waiting()
    await until(lambda: remote.announced(case), "announced")
    await remote.take(case, 0)
    await _becomes(desk, case, "active")
    first = (await desk.cases.get(case.id)).taken_by
    await remote.take(case, 1)
    await until(lambda: remote.refused(case), "the second is told no")
    assert (await desk.cases.get(case.id)).taken_by == first


async def test_lines_go_both_ways_in_order_and_once(desk: Desk, remote: Remote) -> None:
    case = await _active(desk, remote)
    for number in range(5):
        await desk.says(case, f"linje {number} æøå <b>&")
    await until(lambda: remote.heard(case) == [f"linje {n} æøå <b>&" for n in range(5)], "the worker hears all")
    for number in range(5):
        await remote.say(case, f"svar {number} æøå <b>&")
    await _hears(desk, case, *(f"svar {n} æøå <b>&" for n in range(5)))


async def test_the_same_message_twice_is_one_line(desk: Desk, remote: Remote) -> None:
    case = await _active(desk, remote)
    await remote.say(case, "først", twice=True)
    await remote.say(case, "så")
    await _hears(desk, case, "først", "så")


async def test_the_worker_ends_it_and_the_person_goes_back_to_the_assistant(desk: Desk, remote: Remote) -> None:
    case = await _active(desk, remote)
    await remote.end(case)
    await _becomes(desk, case, "closed")
    await until(lambda: remote.ended(case), "the other side knows")
    states = [data["handoff"] for who, kind, data in desk.told if who == case.conversation and kind == "state"]
    assert states[-1] == "closed"


async def test_what_is_written_while_the_other_side_is_away_comes_when_it_is_back(desk: Desk, remote: Remote) -> None:
    case = await _active(desk, remote)
    await desk.says(case, "før")
    await until(lambda: remote.heard(case) == ["før"], "heard")
    await remote.away()
    await desk.says(case, "mens 1")
    await desk.says(case, "mens 2")
    await asyncio.sleep(0.3)
    if remote.durable:
        assert remote.heard(case) == ["før"]
    await remote.back()
    await desk.says(case, "etter")
    await until(lambda: remote.heard(case) == ["før", "mens 1", "mens 2", "etter"], "all, in order, once", 30)
    assert await desk.state(case) == "active"


async def test_the_worker_gets_what_was_said_before_and_only_with_the_case(desk: Desk, remote: Remote) -> None:
    case = await _active(desk, remote, SAID)
    if isinstance(remote, ConsoleRemote):
        assert [line.text for line in await desk.cases.conversation_so_far(case.id)] == [SAID]
        return
    await until(lambda: SAID in remote.background(case), "the conversation so far")
    await desk.says(case, "og mer")
    await until(lambda: remote.heard(case) == ["og mer"], "what comes after")
    assert "pass tatt" in remote.background(case)
    assert remote.background(case).count(SAID) == 1


async def test_a_person_who_erases_the_conversation_ends_it_for_both(desk: Desk, remote: Remote) -> None:
    case = await _active(desk, remote, SAID)
    await desk.says(case, "slett meg")
    await until(lambda: remote.heard(case) == ["slett meg"], "heard")
    await desk.cases.forget(case.conversation)
    await desk.conversations.erase(case.conversation)
    await _becomes(desk, case, "closed")
    if isinstance(remote, ChatwootRemote):
        await until(lambda: _deleted(remote), "what lay there is deleted")
        return
    await until(lambda: remote.ended(case), "the other side knows")
    assert (
        isinstance(remote, ConsoleRemote)
        or 'erased": true' in remote.everything()
        or "slettet samtalen" in remote.everything()
    )


async def test_what_is_erased_after_the_case_is_closed_is_deleted_where_it_was_sent(desk: Desk, remote: Remote) -> None:
    if not remote.durable or isinstance(remote, XmppRemote):
        pytest.skip("nothing is kept there")
    case = await _active(desk, remote, SAID)
    await remote.end(case)
    await until(lambda: remote.ended(case), "the other side knows")
    await desk.human.expire()
    assert not _deleted(remote)
    await desk.conversations.erase(case.conversation)
    await desk.human.expire()
    await until(lambda: _deleted(remote), "what lay there is deleted")
    sent = remote.everything().count(case.id)
    for _ in range(2):
        await desk.human.expire()
    assert remote.everything().count(case.id) == sent
    [(_, name)] = desk.human.routes()

    async def forgotten() -> bool:
        return await desk.store.threads(name) == []

    await until(forgotten, "nothing is remembered of it")


def _deleted(remote: Remote) -> bool:
    return remote.contacts == {} if isinstance(remote, ChatwootRemote) else 'erased": true' in remote.everything()


async def test_two_cases_at_once_are_never_mixed(desk: Desk, remote: Remote) -> None:
    one, other = await desk.waiting(), await desk.waiting()
    await until(lambda: remote.announced(one), "announced")
    await until(lambda: remote.announced(other), "announced")
    await remote.take(one)
    await _becomes(desk, one, "active")
    await desk.says(one, "til den ene")
    await remote.say(one, "fra den ene")
    await _hears(desk, one, "fra den ene")
    await until(lambda: remote.heard(one) == ["til den ene"], "heard")
    assert await desk.heard(other) == []
    assert await desk.state(other) == "waiting"


async def test_no_word_lies_in_the_outbox_or_the_log(
    desk: Desk, remote: Remote, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, channel_log.name)
    case = await _active(desk, remote, SAID)
    await remote.away()
    await desk.says(case, SAID)
    await asyncio.sleep(0.3)
    async with desk.database.read() as connection:
        for table in ("outbox", "human_threads", "human_calls"):
            rows = (await connection.exec_driver_sql(f"SELECT * FROM {table}")).all()
            assert "grønnmerke" not in str(rows)
    await remote.back()
    await until(lambda: SAID in remote.heard(case), "comes all the same", 30)
    assert "grønnmerke" not in caplog.text
