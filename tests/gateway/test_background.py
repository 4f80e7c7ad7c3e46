"""What the service does beside answering goes on whatever goes wrong."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from bot.errors import StorageUnavailable
from bot.gateway.server import _repeat


@pytest.mark.parametrize("problem", [StorageUnavailable("away"), KeyError("x"), RuntimeError("broken")])
async def test_a_failure_does_not_end_it(problem: Exception, caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []
    again = asyncio.Event()

    async def work() -> None:
        done.append(1)
        if len(done) == 1:
            raise problem
        again.set()

    task = asyncio.create_task(_repeat(work, 0.01, "could not erase what has expired"))
    await asyncio.wait_for(again.wait(), 5)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert [record.message.split(":")[0] for record in caplog.records] == ["could not erase what has expired"]
