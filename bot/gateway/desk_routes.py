"""Every way into the console. None of it is part of the public interface."""

from __future__ import annotations

from aiohttp import web

from bot.gateway.views import (
    desk,
    desk_alerts,
    desk_cases,
    desk_entry,
    desk_figures,
    desk_lookup,
    desk_review,
    desk_talk,
)

ENTRY = [
    web.get("/konsoll", desk.page, allow_head=False),
    web.post("/konsoll/inn", desk_entry.log_in),
    web.get("/konsoll/fil/{name}", desk_entry.file, allow_head=False),
]
"""For whoever comes to log in."""

_CASE = "/konsoll/saker/{case}"

STAFF = [
    web.get("/konsoll/tilstand", desk_cases.state, allow_head=False),
    web.get("/konsoll/lister", desk_cases.lists, allow_head=False),
    web.get("/konsoll/strom", desk_talk.stream, allow_head=False),
    web.post("/konsoll/vakt", desk_talk.presence),
    web.get(_CASE, desk_cases.one, allow_head=False),
    web.get(f"{_CASE}/linjer", desk_talk.lines, allow_head=False),
    web.post(f"{_CASE}/ta", desk_cases.take),
    web.post(f"{_CASE}/slipp", desk_cases.release),
    web.post(f"{_CASE}/overfor", desk_cases.transfer),
    web.post(f"{_CASE}/lukk", desk_cases.close),
    web.post(f"{_CASE}/skriv", desk_talk.write),
    web.post(f"{_CASE}/skriver", desk_talk.typing),
    web.post(f"{_CASE}/vis", desk_talk.unmask),
    web.post(f"{_CASE}/beskjed", desk_talk.message),
    web.post(f"{_CASE}/notat", desk_talk.note),
    web.post(f"{_CASE}/henvis", desk_talk.refer),
    web.post("/konsoll/kode", desk_entry.code),
    web.post("/konsoll/puls", desk.beat),
    web.post("/konsoll/ut", desk_entry.log_out),
    web.get("/konsoll/hendelser", desk_entry.deeds, allow_head=False),
    web.get("/konsoll/oppslag", desk_lookup.page, allow_head=False),
    web.post("/konsoll/oppslag/treff", desk_lookup.hits),
    web.get("/konsoll/statistikk", desk_figures.page, allow_head=False),
    web.get("/konsoll/statistikk.csv", desk_figures.as_csv, allow_head=False),
    web.get("/konsoll/gjennomgang", desk_review.page, allow_head=False),
    web.get("/konsoll/varsler", desk_alerts.page, allow_head=False),
]
"""Only with a session; a test sends each of them without one, with a wrong token and from another site."""
