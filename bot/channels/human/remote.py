"""What the channels have in common whose other side is a system that is called over HTTP."""

from __future__ import annotations

from bot.channels.http import Caller
from bot.channels.human.channel import Desk


class Remote:
    """Always ready: what does not come through is tried again. Nothing listens here; the other side calls us."""

    early = True

    def __init__(self) -> None:
        self._caller = Caller()

    def ready(self) -> bool:
        return True

    async def present(self) -> None:
        # Who sits there is not told.
        return None

    async def start(self, desk: Desk) -> None:
        return None

    async def stop(self) -> None:
        await self._caller.close()
