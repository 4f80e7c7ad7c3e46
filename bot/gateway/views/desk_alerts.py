"""Which alerts and messages to human channels have not come through: no address and no text, a code says why."""

from __future__ import annotations

from aiohttp import web

from bot.gateway.desk import worker
from bot.gateway.desk_pages import render
from bot.gateway.keys import HOUSE
from bot.gateway.views.desk_words import DELIVERIES, TROUBLES, WAYS


async def page(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/varsler"""
    who = await worker(request, "leader", "admin")
    outward = request.app[HOUSE].outward
    found = [*await outward.alerts.failures(), *await outward.human.failures()]
    failures = sorted(found, key=lambda failure: failure.since, reverse=True)
    return render(request, who, "alerts.html", failures=failures, deliveries=DELIVERIES, ways=WAYS, trouble=_trouble)


def _trouble(code: str) -> str:
    """What went wrong, in words, with the code for whoever is to mend it."""
    kind, _, number = code.partition("_")
    answered = kind in ("http", "smtp", "status") and number.isdecimal()
    words = TROUBLES["refused"] if answered else TROUBLES.get(code, TROUBLES["other"])
    return f"{words} ({code})"
