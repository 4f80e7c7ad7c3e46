"""What time does to cases, with a clock that the test moves."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.handoff.case import Carried, Closing, State, Wish
from bot.handoff.cases import Limits
from bot.storage.conversations import ConversationStore
from bot.storage.database import Database
from bot.storage.encryption import Vault
from tests.handoff.conftest import Desk, open_desk


async def _after(desk: Desk, **span: float) -> None:
    await desk.cases.tick(desk.clock.later(**span))


async def test_a_case_nobody_takes_goes_to_the_next_team_and_then_is_alerted_again(desk: Desk) -> None:
    case = await desk.waiting()
    await _after(desk, minutes=4)
    assert (await desk.cases.get(case.id)).escalations == 0
    await _after(desk, minutes=2)
    assert (await desk.cases.get(case.id)).team == "andre"
    await _after(desk, minutes=6)
    assert desk.heard.alerts == [("forste", False), ("andre", False), ("andre", True)]
    assert [line.text for line in desk.heard.lines] == ["ord: escalated", "ord: escalated"]
    assert [move.why for move in await desk.cases.log(case.id)] == ["asked", "asked", "escalated", "escalated"]


async def test_after_too_long_the_person_is_told_that_nobody_took_it(desk: Desk) -> None:
    case = await desk.waiting()
    for _ in range(5):
        await _after(desk, minutes=5)
    missed = await desk.cases.get(case.id)
    assert missed.state is State.MISSED
    assert desk.heard.lines[-1].text == "ord: missed"
    assert desk.heard.states()[-1]["handoff"] == "none"
    assert (await desk.cases.take(case.id, "w1")).state is State.ACTIVE


async def test_when_everybody_has_gone_nobody_waits_in_vain(desk: Desk) -> None:
    case = await desk.waiting()
    desk.present.clear()
    await _after(desk, seconds=30)
    assert (await desk.cases.get(case.id)).state is State.WAITING
    await _after(desk, seconds=40)
    assert (await desk.cases.get(case.id)).state is State.MISSED
    assert [move.why for move in await desk.cases.log(case.id)][-1] == "nobody on duty"


async def test_a_worker_who_is_silent_loses_the_case_to_the_queue(desk: Desk) -> None:
    case = await desk.active("w1")
    for _ in range(5):
        desk.clock.later(seconds=60)
        await desk.cases.alive("w1", [case.id])
        await desk.cases.tick()
    assert (await desk.cases.get(case.id)).state is State.ACTIVE
    await desk.cases.alive("w2", [case.id])
    await _after(desk, seconds=130)
    lost = await desk.cases.get(case.id)
    assert (lost.state, lost.taken_by) == (State.WAITING, None)
    assert desk.heard.alerts[-1] == ("forste", True)
    assert desk.heard.lines[-1].text == "ord: lost"


async def test_a_restart_loses_nothing_and_the_case_returns_after_a_time(
    desk: Desk, database: Database, store: ConversationStore
) -> None:
    case = await desk.active("w1")
    await desk.cases.write(case.id, by="user", text="er du der")
    desk.clock.later(minutes=30)
    fresh = open_desk(database, store, desk.clock)
    await fresh.cases.tick()
    assert (await fresh.cases.get(case.id)).state is State.ACTIVE
    assert [line.text for line in await fresh.cases.lines(case.id)] == ["ord: taken", "er du der"]
    await _after(fresh, seconds=130)
    assert (await fresh.cases.get(case.id)).state is State.WAITING
    assert (await fresh.cases.take(case.id, "w2")).taken_by == "w2"


async def test_two_processes_that_tend_at_once_do_it_once(
    desk: Desk, database: Database, store: ConversationStore
) -> None:
    case = await desk.waiting()
    other = open_desk(database, store, desk.clock)
    now = desk.clock.later(minutes=6)
    await asyncio.gather(desk.cases.tick(now), other.cases.tick(now))
    assert [*desk.heard.alerts, *other.heard.alerts].count(("andre", False)) == 1
    assert (await desk.cases.get(case.id)).escalations == 1


async def test_places_are_told_when_they_change(desk: Desk) -> None:
    first = await desk.waiting()
    desk.clock.later(seconds=1)
    second = await desk.waiting()
    await desk.cases.tick()
    await desk.cases.take(first.id, "w1")
    desk.heard.told.clear()
    await desk.cases.tick()
    await desk.cases.tick()
    told = [data for conversation, kind, data in desk.heard.told if conversation == second.conversation]
    assert told == [{"handoff": "waiting", "place": 1}]


async def test_an_offer_that_is_not_answered_ends(desk: Desk) -> None:
    conversation, _ = await desk.conversations.create("web")
    case = await desk.cases.offer(conversation, "web", Carried("none"))
    await _after(desk, minutes=61)
    assert (await desk.cases.get(case.id)).closing == Closing(outcome="expired")


async def test_a_conversation_that_expires_takes_its_case_along(database: Database) -> None:
    desk = open_desk(database, ConversationStore(database, Vault(b"k" * 32), timedelta(hours=1)))
    case = await desk.active()
    await desk.cases.note(case.id, "w1", "notat")
    assert case.conversation is not None
    await desk.conversations.erase(case.conversation)
    await desk.cases.tick()
    gone = await desk.cases.get(case.id)
    assert (gone.state, gone.closing, gone.carried) == (State.CLOSED, Closing(outcome="expired"), None)
    assert await desk.cases.notes(case.id) == []


async def test_a_message_waits_to_be_read_longer_than_its_conversation_and_not_for_ever(desk: Desk) -> None:
    wish = Wish("ring meg", "900 00 000", "når som helst")
    cases = []
    for _ in range(2):
        conversation, _token = await desk.conversations.create("web")
        offered = await desk.cases.offer(conversation, "web", Carried("urgent"))
        cases.append(await desk.cases.leave_message(offered.id, wish))
        await desk.conversations.erase(conversation)
    read, unread = cases
    await _after(desk, days=2)
    assert await desk.cases.read_message(read.id, "w1") == wish
    await _after(desk, hours=23)
    assert await desk.cases.read_message(read.id, "w1") == wish
    await _after(desk, hours=2)
    assert await desk.cases.read_message(read.id, "w1") is None
    assert (await desk.cases.get(read.id)).state is State.CLOSED
    await _after(desk, days=12)
    assert (await desk.cases.get(unread.id)).closing == Closing(outcome="never read")
    assert await desk.cases.read_message(unread.id, "w1") is None


async def test_the_log_of_a_closed_case_goes_in_the_end(desk: Desk) -> None:
    desk.cases.limits = Limits(rows=timedelta(days=30))
    case = await desk.active()
    await desk.cases.close(case.id, by="w1")
    await _after(desk, days=29)
    assert (await desk.cases.get(case.id)).state is State.CLOSED
    await _after(desk, days=2)
    assert await desk.cases.store.get(case.id) is None
    assert await desk.cases.log(case.id) == []
