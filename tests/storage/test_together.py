from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.storage.database import Database
from bot.storage.together import Together


class Disk:
    """Writes numbers slowly, and refuses those below nought."""

    def __init__(self) -> None:
        self.writes: list[list[int]] = []

    async def write(self, numbers: Sequence[int]) -> list[int]:
        await asyncio.sleep(0.005)
        if any(number < 0 for number in numbers):
            raise ValueError
        self.writes.append(list(numbers))
        return [number * 10 for number in numbers]


async def test_what_comes_during_a_write_is_written_in_one() -> None:
    disk = Disk()
    together: Together[int, int] = Together(disk.write)
    assert await asyncio.gather(*(together.write(n) for n in range(20))) == [n * 10 for n in range(20)]
    assert len(disk.writes) <= 2
    assert [n for write in disk.writes for n in write] == list(range(20))


async def test_one_that_cannot_be_written_keeps_no_other_out() -> None:
    together: Together[int, int] = Together(Disk().write)
    results = await asyncio.gather(*(together.write(n) for n in (1, -1, 2)), return_exceptions=True)
    assert results[0] == 10
    assert isinstance(results[1], ValueError)
    assert results[2] == 20


async def test_one_that_has_gone_away_stops_nobody() -> None:
    together: Together[int, int] = Together(Disk().write)
    gone = asyncio.create_task(together.write(1))
    await asyncio.sleep(0)
    gone.cancel()
    assert await together.write(2) == 20


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_write_inside_a_write_is_refused_and_not_waited_for(database: Database) -> None:
    async def nested() -> None:
        async with database.write(), database.write():
            pass

    with pytest.raises(RuntimeError, match="inside a write"):
        await asyncio.wait_for(nested(), 30)
    await asyncio.wait_for(_one_write(database), 30)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_task_that_begins_during_a_write_waits_for_its_turn(database: Database) -> None:
    order: list[str] = []

    async def other() -> None:
        async with database.write():
            order.append("other")

    async with database.write():
        begun = asyncio.create_task(other())
        await asyncio.sleep(0.05)
        order.append("first")
    await asyncio.wait_for(begun, 30)
    assert order == ["first", "other"]


async def test_many_writers_take_turns(database: Database) -> None:
    await asyncio.wait_for(asyncio.gather(*(_one_write(database) for _ in range(30))), 30)


async def _one_write(database: Database) -> None:
    async with database.write():
        await asyncio.sleep(0)


async def test_a_write_that_fails_gives_up_its_turn(database: Database) -> None:
    async def fails() -> None:
        async with database.write():
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    await asyncio.wait_for(_one_write(database), 30)
