"""A queue that many consoles read at once."""

from __future__ import annotations

import asyncio

import pytest

from bot.gateway.shared_reading import SharedReading


class Slow:
    """What is read: how often it has been, once each reading has been let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.value = 0
        self.go = asyncio.Semaphore(0)

    async def __call__(self) -> int:
        self.begun += 1
        value = self.value
        await self.go.acquire()
        return value


async def _turn() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_those_who_ask_during_a_reading_share_the_next_and_see_what_was_new_by_then() -> None:
    slow = Slow()
    reading = SharedReading(slow)
    first = asyncio.create_task(reading.get())
    await _turn()
    slow.value = 1  # changed after the first reading began
    later = [asyncio.create_task(reading.get()) for _ in range(20)]
    await _turn()
    assert slow.begun == 1
    slow.go.release()
    assert await first == 0
    await _turn()
    assert slow.begun == 2
    slow.go.release()
    assert await asyncio.gather(*later) == [1] * 20
    assert slow.begun == 2


async def test_one_who_goes_away_leaves_the_reading_to_the_others() -> None:
    slow = Slow()
    reading = SharedReading(slow)
    gone, stays = asyncio.create_task(reading.get()), asyncio.create_task(reading.get())
    await _turn()
    gone.cancel()
    await _turn()
    slow.go.release()
    assert await stays == 0


async def test_a_reading_that_fails_fails_for_those_who_waited_and_not_for_the_next() -> None:
    answers = iter([ValueError("gone"), None])

    async def read() -> str:
        if (error := next(answers)) is not None:
            raise error
        return "here"

    reading = SharedReading(read)
    with pytest.raises(ValueError, match="gone"):
        await reading.get()
    assert await reading.get() == "here"
