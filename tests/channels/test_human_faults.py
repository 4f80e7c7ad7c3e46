"""Processes that die or come late, and systems that hang: nothing is lost, sent twice or sent to the wrong one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.channels.human.channel import Action, Call
from bot.channels.human.service import HumanChannels
from bot.directory.hours import parse
from bot.errors import AlreadyTaken
from bot.handoff.duty import Duty, Team
from bot.storage.database import Database
from tests.channels.desk import Desk, process, until
from tests.channels.remotes import ChatwootRemote, WebhookRemote


@pytest.fixture
async def webhook() -> AsyncIterator[WebhookRemote]:
    remote = WebhookRemote()
    await remote.start()
    yield remote
    await remote.stop()


async def test_what_was_not_sent_when_a_process_died_is_sent_by_the_next(
    sqlite: Database, webhook: WebhookRemote
) -> None:
    await webhook.away()
    async with process(sqlite, webhook.channels) as first:
        case = await first.waiting("sagt før")
        # Lines that no process put in the outbox: it died between the one and the other.
        first.cases._watchers.clear()
        await first.cases.take(case.id, "webhook:arbeider0")
        await first.says(case, "skrevet før noen rakk å si fra")
    await webhook.back()
    async with process(sqlite, webhook.channels) as second:
        webhook.join(second)
        await until(lambda: webhook.heard(case) == ["skrevet før noen rakk å si fra"], "sent after the restart")
        await webhook.say(case, "svar")
        assert await second.heard(case) == ["svar"]


async def test_two_processes_send_each_event_once_and_in_order(database: Database, webhook: WebhookRemote) -> None:
    other = Database(database.address)
    async with process(database, webhook.channels) as one, process(other, webhook.channels) as two:
        webhook.join(one)
        case = await one.waiting()
        await until(lambda: webhook.announced(case), "announced")
        await webhook.take(case)
        for number in range(20):
            await (one if number % 2 else two).says(case, f"linje {number}")
        await until(lambda: len(webhook.heard(case)) == 20, "all heard")
        assert webhook.heard(case) == [f"linje {number}" for number in range(20)]
        await asyncio.sleep(0.5)
        # Not even the deliveries themselves come twice.
        written = [body for _, body in webhook.received if b"line.written" in body]
        assert len(written) == 20
    await other.close()


async def test_two_workers_in_two_processes_take_the_same_case(database: Database, webhook: WebhookRemote) -> None:
    other = Database(database.address)
    async with process(database, webhook.channels) as one, process(other, webhook.channels) as two:
        for _ in range(5):
            case = await one.waiting()
            calls = [
                desk.human.act("webhook", Call(f"{case.id}{who}", Action.TAKE, case.id, who))
                for desk, who in ((one, "anna"), (two, "berit"))
            ]
            results = await asyncio.gather(*calls, return_exceptions=True)
            assert sorted(isinstance(result, AlreadyTaken) for result in results) == [False, True]
    await other.close()


async def test_a_case_of_a_system_that_cannot_be_reached_goes_back_to_the_queue(
    sqlite: Database, webhook: WebhookRemote
) -> None:
    async with process(sqlite, webhook.channels) as desk:
        webhook.join(desk)
        case = await desk.waiting()
        await until(lambda: webhook.announced(case), "announced")
        await webhook.take(case)
        desk.clock.ahead = timedelta(minutes=1)
        await asyncio.sleep(0.5)
        desk.clock.ahead = timedelta(minutes=2.5)
        await desk.cases.tick()
        # It was heard from meanwhile, so it keeps its case.
        assert await desk.state(case) == "active"
        await webhook.away()
        await desk.says(case, "er du der")
        await asyncio.sleep(1.0)
        desk.clock.ahead = timedelta(minutes=6)
        await desk.cases.tick()
        assert await desk.state(case) == "waiting"
        await webhook.back()
        await until(lambda: any(event.get("again") for event in webhook.events), "announced again")
        assert "er du der" in webhook.everything()


async def test_a_system_that_hangs_is_tried_again_and_holds_up_nobody_else(sqlite: Database) -> None:
    slow, quick = WebhookRemote(), ChatwootRemote()
    await slow.start()
    await quick.start()
    hanging = asyncio.Event()

    async def hang(request: object) -> object:
        await hanging.wait()
        raise AssertionError("never")

    slow._take_in = hang  # type: ignore[method-assign,assignment]
    async with process(sqlite, lambda store: [*slow.channels(store), *quick.channels(store)]) as desk:
        quick.join(desk)
        slow.status = 504
        case = await desk.waiting()
        await until(lambda: quick.announced(case), "the other is told")
        await until(lambda: _has_failed(desk.human), "shown as failing")
    await slow.stop()
    await quick.stop()


async def _has_failed(human: HumanChannels) -> bool:
    return [failure.channel for failure in await human.failures()] == ["webhook"]


async def test_a_case_that_somebody_at_the_console_has_is_theirs_alone(
    sqlite: Database, webhook: WebhookRemote
) -> None:
    async with process(sqlite, webhook.channels) as desk:
        webhook.join(desk)
        case = await desk.waiting()
        await until(lambda: webhook.announced(case), "announced")
        await desk.cases.take(case.id, "konsoll")
        await desk.says(case, "bare til konsollen")
        await webhook.take(case, 1)
        assert await webhook.refused(case)
        await desk.cases.close(case.id, by="konsoll")
        await until(lambda: webhook.ended(case), "told of the end")
        assert "bare til konsollen" not in webhook.everything()


async def test_who_does_not_share_is_announced_with_the_urgency_alone(sqlite: Database, webhook: WebhookRemote) -> None:
    async with process(sqlite, webhook.channels) as desk:
        webhook.join(desk)
        conversation, _ = await desk.conversations.create("web")
        turn = await desk.conversations.load(conversation)
        turn.added.append({"event": "user", "text": "det jeg holder for meg selv", "timestamp": 1.0})
        await desk.conversations.commit(turn)
        from tests.channels.desk import CARRIED

        offered = await desk.cases.offer(conversation, "web", CARRIED)
        case = await desk.cases.hand_over(offered.id, shared=False)
        await until(lambda: webhook.announced(case), "announced")
        (event,) = [event for event in webhook.events if event["event"] == "case.opened"]
        assert (event["carried"], event["lines"], event["words"]) == (None, [], [])
        assert event["case"]["urgency"] == "urgent"
        assert "holder for meg selv" not in webhook.everything()


async def test_a_web_server_that_is_awake_is_no_human_on_duty(sqlite: Database, webhook: WebhookRemote) -> None:
    async with process(sqlite, webhook.channels) as desk:
        assert not await desk.human.present("vakt")
        always = parse([{"days": "daily", "from": "00:00", "to": "24:00"}])
        desk.cases.duty = Duty({"vakt": Team("vakt", "Vakta", hours=always)})
        assert await desk.human.present("vakt")


async def test_nothing_is_remembered_of_a_case_that_is_over(sqlite: Database, webhook: WebhookRemote) -> None:
    async with process(sqlite, webhook.channels) as desk:
        webhook.join(desk)
        case = await desk.waiting()
        await until(lambda: webhook.announced(case), "announced")
        await webhook.take(case)
        await webhook.end(case)
        await until(lambda: webhook.ended(case), "ended")
        # For as long as the conversation is here it may be erased, and then the other side has to be told.
        await desk.conversations.erase(case.conversation)
        await desk.human.expire()
        await until(lambda: _forgotten(desk), "forgotten")


async def _forgotten(desk: Desk) -> bool:
    return await desk.store.threads("webhook") == []
