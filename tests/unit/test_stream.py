from __future__ import annotations

from bot.gateway.stream import Hub


async def test_a_listener_gets_what_it_missed_and_then_what_comes() -> None:
    hub = Hub()
    hub.publish("c", "reply", {"n": 1})
    hub.publish("c", "reply", {"n": 2})
    line = hub.listen("c", after=1)
    first = await anext(line)
    hub.publish("c", "reply", {"n": 3})
    second = await anext(line)
    hub.erase("c")
    third = await anext(line)
    assert [h and h.data for h in (first, second)] == [{"n": 2}, {"n": 3}]
    assert third is not None
    assert third.kind == "erased"
    assert [h async for h in line] == []


async def test_conversations_do_not_hear_each_other() -> None:
    hub = Hub()
    line = hub.listen("a", after=0)
    hub.publish("b", "reply", {"to": "b"})
    hub.publish("a", "reply", {"to": "a"})
    heard = await anext(line)
    assert heard is not None
    assert heard.data == {"to": "a"}


def test_erased_conversations_are_forgotten() -> None:
    hub = Hub()
    hub.publish("c", "reply", {"ord": "hemmelig"})
    hub.erase("c")
    assert "hemmelig" not in repr(hub._lines)
