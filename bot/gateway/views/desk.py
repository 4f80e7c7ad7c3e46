"""The console itself."""

from __future__ import annotations

from datetime import datetime, timezone

from aiohttp import web

from bot.gateway.desk import current, worker
from bot.gateway.desk_pages import render
from bot.gateway.errors import Refused
from bot.gateway.keys import HOUSE
from bot.gateway.requests import json_object
from bot.gateway.views.desk_entry import half_way, log_in_page
from bot.gateway.views.desk_talk import alive
from bot.staff import Stage


async def page(request: web.Request) -> web.StreamResponse:
    """GET /konsoll: log-in, then the queue and the conversations; the look-up for those who take no cases."""
    session = await current(request)
    if session is None:
        return log_in_page(request)
    if session.stage is not Stage.OPEN:
        return await half_way(request, session)
    if not session.worker.may("helpline", "leader"):
        raise web.HTTPSeeOther("/konsoll/oppslag")
    return render(request, session.worker, "desk.html")


async def beat(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/puls: the page is open; ``active``: somebody has used it since last time.

    ``cases``: those it shows, so that they are not taken for lost.
    """
    body = await json_object(request)
    who = await worker(request, active=body.get("active") is True)
    session = await current(request, active=False)
    if session is None:
        raise Refused("not_logged_in")
    left = min(session.ends_at, session.over_at) - datetime.now(timezone.utc)
    present = await request.app[HOUSE].staff.heard(who.id)
    await alive(request, who.id, body.get("cases"))
    return web.json_response({"seconds_left": max(0.0, left.total_seconds()), "present": present})
