"""Many small writes made as few large ones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

_Given = TypeVar("_Given")
_Got = TypeVar("_Got")
_MOST = 64


class Together(Generic[_Given, _Got]):
    """Collects what is given while a write is under way, and writes all of it in the next."""

    def __init__(self, write: Callable[[Sequence[_Given]], Awaitable[list[_Got]]]) -> None:
        """``write``: writes them all or none, and answers with a result for each."""
        self._write = write
        self._waiting: list[tuple[_Given, asyncio.Future[_Got]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def write(self, given: _Given) -> _Got:
        """The result for ``given``, once it is written. Raises what the write raises."""
        future: asyncio.Future[_Got] = asyncio.get_running_loop().create_future()
        self._waiting.append((given, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            try:
                await self._settle(batch)
            except BaseException:
                for _, future in batch:
                    future.cancel()
                raise

    async def _settle(self, batch: list[tuple[_Given, asyncio.Future[_Got]]]) -> None:
        try:
            results = await self._write([given for given, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised to those who wait
            if len(batch) > 1:
                # One that cannot be written must not keep the others out.
                for one in batch:
                    await self._settle([one])
                return
            if not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
