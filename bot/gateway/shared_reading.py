"""One reading for all who ask at once: every console fetches the queue when something happens in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

_Got = TypeVar("_Got")


class SharedReading(Generic[_Got]):
    """Who asks while a reading is under way gets the next one, together with all others who ask meanwhile."""

    def __init__(self, read: Callable[[], Awaitable[_Got]]) -> None:
        self._read = read
        self._under_way: asyncio.Task[_Got] | None = None
        self._next: asyncio.Task[_Got] | None = None

    async def get(self) -> _Got:
        """What a reading gave that began after this call, so that nothing known by then is missing in it.

        Raises what the reading raises.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._under_way))
        # One who goes away does not take the reading from the others.
        return await asyncio.shield(self._next)

    async def _after(self, before: asyncio.Task[_Got] | None) -> _Got:
        if before is not None:
            await asyncio.wait([before])
        self._under_way, self._next = self._next, None
        return await self._read()
