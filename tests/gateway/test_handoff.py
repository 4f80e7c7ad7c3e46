"""Cases over the wire: events to the person, and events between two processes through a real Redis."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from bot.bootstrap import House
from bot.gateway import keys
from bot.gateway.limits import Limiter
from bot.gateway.server import build
from bot.gateway.stream import Hub
from bot.handoff.case import Carried, Case
from bot.handoff.cases import Cases
from bot.handoff.news import Relay
from bot.settings import Secret
from tests.gateway.conftest import Started
from tests.storage.conftest import free_port, redis_server  # noqa: F401


async def _events(response: Any) -> AsyncIterator[tuple[str, Mapping[str, Any]]]:
    """Kind and data of each event, as it comes."""
    kind = ""
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


async def _next(events: AsyncIterator[tuple[str, Mapping[str, Any]]], kind: str) -> Mapping[str, Any]:
    while True:
        found, data = await asyncio.wait_for(anext(events), timeout=10)
        if found == kind:
            return data


async def _duty(team: str) -> bool:
    return True


async def _waiting(cases: Cases, conversation: str) -> Case:
    offered = await cases.offer(conversation, "web", Carried("none"))
    return await cases.hand_over(offered.id)


async def test_the_person_hears_the_queue_the_human_and_the_end(house: House, started: Started) -> None:
    listening = await started.client.get(f"{started.path}/events", headers=started.headers)
    events = _events(listening)
    case = await _waiting(house.cases, started.id)
    state = await _next(events, "state")
    assert state["handoff"] == "waiting"
    assert state["place"] >= 1
    await house.cases.take(case.id, "w1", name="Kari")
    assert (await _next(events, "message"))["by"] == "program"
    assert await _next(events, "state") == {"handoff": "active", "name": "Kari"}
    silent = await (await started.write("hei")).json()
    assert (silent["texts"], silent["handoff"]) == ([], "active")
    await house.cases.typing(case.id, by="human", on=True)
    assert await _next(events, "typing") == {"by": "human", "on": True}
    line = await house.cases.write(case.id, by="human", text="hei, jeg er Kari", name="Kari", worker="w1")
    heard = await _next(events, "message")
    assert heard == {"id": line.id, "text": "hei, jeg er Kari", "by": "human", "name": "Kari", "language": "nb"}
    await house.cases.close(case.id, by="w1")
    assert "programmet" in (await _next(events, "message"))["text"]
    assert (await _next(events, "state"))["handoff"] == "closed"


async def test_who_comes_back_is_told_how_it_is(house: House, started: Started) -> None:
    case = await _waiting(house.cases, started.id)
    await house.cases.take(case.id, "w1")
    listening = await started.client.get(f"{started.path}/events", headers=started.headers)
    assert await _next(_events(listening), "state") == {"handoff": "active"}
    await house.cases.close(case.id, by="w1")


async def test_typing_reaches_the_desk_without_a_word(house: House, started: Started) -> None:
    case = await _waiting(house.cases, started.id)
    await house.cases.take(case.id, "w1")
    hub = started.client.server.app[keys.HUB]
    line = hub.listen_at_desk(hub.last("desk"))
    waiting = asyncio.ensure_future(anext(line))
    await asyncio.sleep(0)
    answer = await started.client.post(f"{started.path}/typing", json={"on": True}, headers=started.headers)
    assert answer.status == 204
    heard = await asyncio.wait_for(waiting, 5)
    assert (heard.kind, heard.data) == ("typing", {"case": case.id, "on": True})
    wrong = await started.client.post(f"{started.path}/typing", json={"on": "ja"}, headers=started.headers)
    assert wrong.status == 400
    await house.cases.close(case.id, by="w1")


async def test_deleting_closes_the_case(house: House, started: Started) -> None:
    case = await _waiting(house.cases, started.id)
    assert (await started.client.delete(started.path, headers=started.headers)).status == 204
    gone = await house.cases.get(case.id)
    assert (gone.state.value, gone.conversation) == ("closed", None)


async def test_a_flood_is_limited_also_while_a_human_has_it(house: House) -> None:
    async with TestClient(TestServer(build(house, Limiter(burst=6, per_minute=0.001)))) as client:
        body = await (await client.post("/api/v1/conversations")).json()
        person = Started(client, body["id"], body["token"])
        case = await _waiting(house.cases, person.id)
        await house.cases.take(case.id, "w1")
        statuses = [(await person.write(str(number))).status for number in range(8)]
        assert 429 in statuses
        lines = [line for line in await house.cases.lines(case.id) if line.by == "user"]
        assert len(lines) == statuses.count(200)
        await house.cases.close(case.id, by="w1")


def _process(house: House, address: str) -> House:
    """The same service as another process has it: the same database, events of its own."""
    news = Relay()
    cases = Cases(house.cases.store, house.cases.duty, news=news, on_duty=_duty, words=house.cases.words)
    return replace(house, settings=replace(house.settings, redis_url=Secret(address)), news=news, cases=cases)


@asynccontextmanager
async def _served(house: House) -> AsyncIterator[Any]:
    app = build(house, Limiter(burst=100_000, per_minute=100_000))
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_events_reach_the_other_process_sealed_and_in_order(
    house: House,
    redis_server: str,  # noqa: F811
) -> None:
    one, two = _process(house, redis_server), _process(house, redis_server)
    redis = Redis.from_url(redis_server)
    spy = redis.pubsub()
    await spy.psubscribe("*")
    assert await spy.get_message(timeout=5) is not None
    async with _served(one) as first, _served(two) as second:
        body = await (await first.post("/api/v1/conversations")).json()
        here, there = (Started(client, body["id"], body["token"]) for client in (first, second))
        events = _events(await there.client.get(f"{there.path}/events", headers=there.headers))
        desk = second.server.app[keys.HUB].listen_at_desk(0)
        case = await _waiting(one.cases, here.id)
        assert (await _next(events, "state"))["handoff"] == "waiting"
        queued = await asyncio.wait_for(anext(desk), 5)
        assert (queued.kind, queued.data) == ("queue", {"case": case.id})
        await one.cases.take(case.id, "w1")
        for number in range(20):
            writer = (one, two)[number % 2].cases
            await writer.write(case.id, by="human", text=f"grønnmerket {number}", worker="w1")
        told = [await _next(events, "message") for _ in range(21)]
        written = [int(data["text"].split()[1]) for data in told[1:]]
        assert [n for n in written if n % 2 == 0] == list(range(0, 20, 2))
        assert [n for n in written if n % 2] == list(range(1, 20, 2))
        numbers = [app[keys.HUB].last(here.id) for app in (first.server.app, second.server.app)]
        assert numbers[0] == numbers[1]
        await first.delete(here.path, headers=here.headers)
        assert await _next(events, "erased") == {}
    seen = []
    while (message := await spy.get_message(ignore_subscribe_messages=True, timeout=0.2)) is not None:
        seen.append(message["data"])
    kept = b"".join([key + (await redis.get(key) or b"") for key in await redis.keys("*")])
    assert len(seen) >= 20
    for word in (b"merket", b"message", case.id.encode(), body["id"].encode()):
        assert word not in b"".join(seen) + kept
    await spy.close()
    await redis.close()


async def test_without_redis_the_own_process_goes_on(house: House) -> None:
    alone = _process(house, f"redis://127.0.0.1:{free_port()}/0")
    async with _served(alone) as client:
        body = await (await client.post("/api/v1/conversations")).json()
        person = Started(client, body["id"], body["token"])
        events = _events(await client.get(f"{person.path}/events", headers=person.headers))
        case = await _waiting(alone.cases, person.id)
        assert (await _next(events, "state"))["handoff"] == "waiting"
        await alone.cases.close(case.id, by="w1")


def test_a_hub_counts_as_it_is_told() -> None:
    hub = Hub()
    hub.deliver("c", "reply", {"n": 1}, 41)
    assert hub.last("c") == 41
    hub.publish("c", "reply", {"n": 2})
    assert hub.last("c") == 42


pytestmark = pytest.mark.usefixtures("_nobody_waits_from_before")


@pytest.fixture
async def _nobody_waits_from_before(house: House) -> AsyncIterator[None]:
    # The house is shared, and its background work would call a case missed where nobody is on duty.
    before = house.cases.on_duty
    house.cases.on_duty = _duty
    yield
    house.cases.on_duty = before
