"""What answers rest on."""

from __future__ import annotations

from aiohttp import web

from bot.gateway.keys import HOUSE

_MOST = 40


async def index(request: web.Request) -> web.StreamResponse:
    """GET /api/v1/sources: those named in ``ids`` (with commas between), in that order; unknown ones are left out."""
    known = request.app[HOUSE].library.knowledge.sources
    named = request.query.get("ids", "").split(",")[:_MOST]
    shown = [known[name] for name in dict.fromkeys(named) if name in known]
    listed = [
        {"id": s.id, "title": s.title, "publisher": s.publisher, "dated": str(s.dated), "url": s.url} for s in shown
    ]
    return web.json_response({"sources": listed})
