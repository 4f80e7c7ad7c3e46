"""What a conversation's listeners hear: replies and state, as server-sent events (WHATWG HTML § 9.2).

The last events of a conversation are held in memory for a while, so that a listener who lost the line gets what it
missed by sending the number of the last event it saw. They are gone when the conversation is. With a bus every process
hears the events of all, with the same numbers.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_KEPT = 20
_KEPT_S = 300.0
_ERASED = "erased"
# No conversation's id is so short.
_DESK = "desk"


@dataclass(frozen=True)
class Happening:
    """One event: its number in the conversation, its kind and its data."""

    number: int
    kind: str
    data: Mapping[str, Any]

    def encode(self) -> bytes:
        """As it goes over the wire."""
        data = json.dumps(self.data, ensure_ascii=False)
        return f"id: {self.number}\nevent: {self.kind}\ndata: {data}\n\n".encode()


@dataclass
class _Line:
    last: int = 0
    touched: float = field(default_factory=time.monotonic)
    kept: deque[Happening] = field(default_factory=lambda: deque(maxlen=_KEPT))
    listeners: set[asyncio.Queue[Happening]] = field(default_factory=set)


class Hub:
    """The lines of this process: one for the consoles, and one for each conversation that somebody listens to or has
    just written in. It is the ``News`` of the hand-off room."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}
        self.send: Callable[[str, str, Mapping[str, Any]], None] = self.deliver
        """How an event goes out: to this process alone, unless a bus is put here."""

    def publish(self, conversation: str, kind: str, data: Mapping[str, Any]) -> None:
        """Tell every listener."""
        self.send(conversation, kind, data)

    def conversation(self, conversation: str, kind: str, data: Mapping[str, Any]) -> None:
        """The same, as the hand-off room calls it."""
        self.send(conversation, kind, data)

    def desk(self, kind: str, data: Mapping[str, Any]) -> None:
        """Tell every console."""
        self.send(_DESK, kind, data)

    def deliver(self, name: str, kind: str, data: Mapping[str, Any], number: int | None = None) -> None:
        """Tell the listeners of this process. Without ``number`` the line counts on by itself."""
        if kind == _ERASED and name not in self._lines:
            return
        line = self._lines.setdefault(name, _Line())
        line.last = line.last + 1 if number is None else number
        line.touched = time.monotonic()
        happening = Happening(line.last, kind, data)
        line.kept.append(happening)
        for listener in line.listeners:
            listener.put_nowait(happening)
        if kind == _ERASED:
            del self._lines[name]

    def erase(self, conversation: str) -> None:
        """Tell the listeners that the conversation is gone, and forget it."""
        self.send(conversation, _ERASED, {})

    def last(self, conversation: str) -> int:
        """The number of the conversation's last event; 0 when there was none lately."""
        line = self._lines.get(conversation)
        return line.last if line else 0

    def listen_at_desk(self, after: int) -> AsyncIterator[Happening | None]:
        """The same as ``listen``, for a console."""
        return self.listen(_DESK, after)

    async def listen(self, conversation: str, after: int) -> AsyncIterator[Happening | None]:
        """Every event after number ``after``, then each as it happens; None now and then, to keep the line open.

        Ends when the conversation is erased.
        """
        line = self._lines.setdefault(conversation, _Line())
        queue: asyncio.Queue[Happening] = asyncio.Queue()
        for happening in line.kept:
            if happening.number > after:
                queue.put_nowait(happening)
        line.listeners.add(queue)
        try:
            while True:
                try:
                    happening = await asyncio.wait_for(queue.get(), timeout=15.0)
                except asyncio.TimeoutError:
                    yield None
                    continue
                yield happening
                if happening.kind == _ERASED:
                    return
        finally:
            line.listeners.discard(queue)
            line.touched = time.monotonic()

    def forget_idle(self) -> None:
        """Drop what nobody listens to and nobody has written in for a while."""
        limit = time.monotonic() - _KEPT_S
        for conversation in [c for c, line in self._lines.items() if not line.listeners and line.touched < limit]:
            del self._lines[conversation]
