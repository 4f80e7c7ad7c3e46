"""The console: the default, in this process. Those who sit there hear of everything from the cases themselves."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.human.channel import Delivery, Desk
from bot.handoff.case import Carried, Case, Line


class Console:
    """Sends nothing anywhere. It is there so that the console is held to the same contract as every other channel."""

    name = "console"
    early = True

    def ready(self) -> bool:
        return True

    async def present(self) -> bool:
        # Presence in the console is the staff's own.
        return False

    async def opened(self, delivery: Delivery, case: Case, carried: Carried | None, lines: Sequence[Line]) -> None:
        return None

    async def moved(self, delivery: Delivery, case: Case, lines: Sequence[Line]) -> None:
        return None

    async def wrote(self, delivery: Delivery, case: Case, line: Line) -> None:
        return None

    async def closed(self, delivery: Delivery) -> None:
        return None

    async def start(self, desk: Desk) -> None:
        return None

    async def stop(self) -> None:
        return None
