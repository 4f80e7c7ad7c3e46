"""Events between processes: Redis' publish and subscribe, which stores nothing, and everything in them sealed."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.errors import StartError
from bot.storage.encryption import Vault

logger = logging.getLogger("hjemvei.gateway")

Deliver = Callable[[str, str, Mapping[str, Any], int | None], None]
"""Line, kind, data and number; None for the number where the line is to count on by itself."""

_CHANNEL = "hjemvei:events"
_PLACE = "event"
_NUMBERED_S = 24 * 3600
_MOST_WAIT_S = 5.0
_PATIENCE_S = 2.0
# Counting and telling in one step, so that all processes hear a line's events with the same numbers in the same order.
_SEND = """
local number = redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('PUBLISH', ARGV[2], number .. ':' .. ARGV[3])
return number
"""


class Bus:
    """Sends this process' events to all, itself among them, and delivers what all have sent."""

    def __init__(self, address: str, vault: Vault, deliver: Deliver) -> None:
        self._redis: Redis[bytes] = Redis.from_url(
            address, socket_connect_timeout=_PATIENCE_S, socket_keepalive=True, health_check_interval=15
        )
        self._vault = vault
        self._deliver = deliver
        self._outbox: asyncio.Queue[tuple[str, str, Mapping[str, Any]]] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self.listening = asyncio.Event()
        """Set while this process hears the others."""

    def send(self, line: str, kind: str, data: Mapping[str, Any]) -> None:
        """Tell every process, in the order of the calls. Returns at once."""
        self._outbox.put_nowait((line, kind, data))

    async def __aenter__(self) -> Bus:
        self._tasks = [asyncio.create_task(self._hear()), asyncio.create_task(self._tell())]
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.listening.wait(), timeout=_PATIENCE_S)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._redis.close()

    async def _tell(self) -> None:
        while True:
            line, kind, data = await self._outbox.get()
            # Where nobody hears us we would not hear ourselves either.
            if not self.listening.is_set() or not await self._sent(line, kind, data):
                self._deliver(line, kind, data, None)

    async def _sent(self, line: str, kind: str, data: Mapping[str, Any]) -> bool:
        content = json.dumps({"line": line, "kind": kind, "data": data}, ensure_ascii=False).encode()
        counter = f"hjemvei:line:{hashlib.sha256(line.encode()).hexdigest()}"
        try:
            sealed = self._vault.seal(_CHANNEL, _PLACE, content)
            sending = self._redis.eval(_SEND, 1, counter, _NUMBERED_S, _CHANNEL, sealed)
            await asyncio.wait_for(sending, timeout=_PATIENCE_S)
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            logger.error("an event reached this process only: %s", type(error).__name__)
            return False
        return True

    async def _hear(self) -> None:
        wait = 0.1
        while True:
            try:
                async with self._redis.pubsub() as heard:
                    await heard.subscribe(_CHANNEL)
                    async for message in heard.listen():
                        if message["type"] == "subscribe":
                            self.listening.set()
                            wait = 0.1
                        elif message["type"] == "message":
                            self._receive(message["data"])
            except (RedisError, OSError) as error:
                logger.error("events of other processes are not heard: %s", type(error).__name__)
            finally:
                self.listening.clear()
            await asyncio.sleep(wait)
            wait = min(_MOST_WAIT_S, wait * 2)

    def _receive(self, payload: bytes) -> None:
        number, _, sealed = payload.partition(b":")
        try:
            content = json.loads(self._vault.open(_CHANNEL, _PLACE, sealed))
        except (StartError, ValueError):
            logger.error("an event was sealed with another key")
            return
        self._deliver(content["line"], content["kind"], content["data"], int(number))
