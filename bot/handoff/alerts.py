"""Telling those on duty that somebody waits."""

from __future__ import annotations

from typing import Protocol

from bot.handoff.case import Case


class Alerts(Protocol):
    """Whatever reaches people on duty who are not looking at the console. Never carries text or a name."""

    async def case_waits(self, case: Case, *, again: bool) -> None:
        """``again``: it was told of before, and nobody took it. Must return at once; what fails is retried apart."""


class NoAlerts:
    """Nobody is told but those who have the console open."""

    async def case_waits(self, case: Case, *, again: bool) -> None:
        return None
