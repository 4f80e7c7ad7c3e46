"""What happens to cases, as it is told: to the person's widget, to every console, and to outward channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.handoff.case import Case, Line, State


class News(Protocol):
    """Where events go. Implemented by the gateway, across processes."""

    def conversation(self, conversation: str, kind: str, data: Mapping[str, Any]) -> None:
        """To the person: ``state`` {handoff, place, name}, ``message`` {id, text, by, name, language}, ``typing``."""

    def desk(self, kind: str, data: Mapping[str, Any]) -> None:
        """To every console: ``queue``, ``case``, ``line``, ``typing``, ``presence``. Never text: {"case": id}."""


class Watcher(Protocol):
    """Somebody who acts on what happens in this process: an outward human channel, the SMS channel, counts.

    Called after the change is stored. Must return soon: what goes over a network is queued. What it raises is logged
    and costs nobody their message.
    """

    async def moved(self, case: Case, before: State | None) -> None:
        """The case came into its state; ``before`` is None when it was opened."""

    async def wrote(self, case: Case, line: Line) -> None:
        """A line was written by the person or by a human."""


class Relay:
    """News to whoever has joined: the running application, and none while it starts."""

    def __init__(self) -> None:
        self._hearers: list[News] = []

    def join(self, hearer: News) -> None:
        self._hearers.append(hearer)

    def leave(self, hearer: News) -> None:
        self._hearers.remove(hearer)

    def conversation(self, conversation: str, kind: str, data: Mapping[str, Any]) -> None:
        for hearer in self._hearers:
            hearer.conversation(conversation, kind, data)

    def desk(self, kind: str, data: Mapping[str, Any]) -> None:
        for hearer in self._hearers:
            hearer.desk(kind, data)
