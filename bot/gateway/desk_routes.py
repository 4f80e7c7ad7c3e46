"""Every way into the console. None of it is part of the public interface."""

from __future__ import annotations

from aiohttp import web

from bot.gateway.views import desk, desk_entry

ENTRY = [
    web.get("/konsoll", desk.page, allow_head=False),
    web.post("/konsoll/inn", desk_entry.log_in),
    web.get("/konsoll/fil/{name}", desk_entry.file, allow_head=False),
]
"""For whoever comes to log in."""

STAFF = [
    web.post("/konsoll/kode", desk_entry.code),
    web.post("/konsoll/puls", desk.beat),
    web.post("/konsoll/ut", desk_entry.log_out),
    web.get("/konsoll/hendelser", desk_entry.deeds, allow_head=False),
]
"""Only with a session; a test sends each of them without one, with a wrong token and from another site."""
