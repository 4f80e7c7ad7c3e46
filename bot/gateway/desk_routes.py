"""Every way into the console. None of it is part of the public interface."""

from __future__ import annotations

from aiohttp import web

from bot.gateway.views import desk, desk_entry, desk_figures, desk_lookup, desk_review

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
    web.get("/konsoll/oppslag", desk_lookup.page, allow_head=False),
    web.post("/konsoll/oppslag/treff", desk_lookup.hits),
    web.get("/konsoll/statistikk", desk_figures.page, allow_head=False),
    web.get("/konsoll/statistikk.csv", desk_figures.as_csv, allow_head=False),
    web.get("/konsoll/gjennomgang", desk_review.page, allow_head=False),
]
"""Only with a session; a test sends each of them without one, with a wrong token and from another site."""
