"""Within a case: write, note, refer, see, and hear what happens."""

from __future__ import annotations

import asyncio
import time

from aiohttp import web

from bot.conversation.message import MAX_CHARACTERS
from bot.gateway.desk import current
from bot.gateway.desk_cases import held, shown_lines, taker
from bot.gateway.errors import Refused
from bot.gateway.keys import HOUSE, HUB
from bot.gateway.requests import json_object, message_id
from bot.language.gsm7 import plain
from bot.staff import Stage

_LONGEST_NOTE = 4000
_LOOK_S = 5.0
_MOST_CASES = 50


async def write(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/saker/{case}/skriv: ``text`` to the person. The same ``message_id`` again acts once."""
    who, case = await held(request)
    body = await json_object(request)
    text = _text(body.get("text"), MAX_CHARACTERS)
    if case.channel == "sms":
        text = plain(text)
    name = message_id(body.get("message_id"))
    line = await request.app[HOUSE].cases.write(
        case.id, by="human", text=text, name=who.shown, worker=who.id, message_id=name
    )
    return web.json_response(shown_lines([line], masked=True)[0])


async def typing(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/saker/{case}/skriver: the person sees that something is being written."""
    _, case = await held(request)
    on = (await json_object(request)).get("on")
    if not isinstance(on, bool):
        raise Refused("invalid_request")
    await request.app[HOUSE].cases.typing(case.id, by="human", on=on)
    return web.json_response({})


async def lines(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/saker/{case}/linjer?etter=N: what was written in the case after line N."""
    _, case = await held(request)
    after = request.query.get("etter", "0")
    found = await request.app[HOUSE].cases.lines(case.id, int(after) if after.isdecimal() else 0)
    return web.json_response({"lines": shown_lines(found, masked=True)})


async def unmask(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/saker/{case}/vis: the conversation with its numbers and addresses; it is logged who looked."""
    who, case = await held(request)
    house = request.app[HOUSE]
    await house.staff.record(who.id, "case_unmasked", case.id)
    return web.json_response({"lines": shown_lines(await house.cases.conversation_so_far(case.id), masked=False)})


async def message(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/saker/{case}/beskjed: the message that was left, and how it is safe to answer it."""
    who, case = await held(request)
    house = request.app[HOUSE]
    wish = await house.cases.read_message(case.id, who.id)
    await house.staff.record(who.id, "case_message_read", case.id)
    if wish is None:
        raise Refused("not_found")
    return web.json_response({"what": wish.what, "how": wish.how, "when": wish.when, "code_word": wish.code_word})


async def note(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/saker/{case}/notat: for other workers; the person never sees it."""
    who, case = await held(request)
    text = _text((await json_object(request)).get("text"), _LONGEST_NOTE)
    await request.app[HOUSE].cases.note(case.id, who.id, text)
    return web.json_response({})


async def refer(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/saker/{case}/henvis: the person was shown the way to a ``contact``."""
    who, case = await held(request)
    house, contact = request.app[HOUSE], (await json_object(request)).get("contact")
    if not isinstance(contact, str) or house.library.directory.get(contact) is None:
        raise Refused("invalid_request")
    if contact not in await house.cases.referrals(case.id):
        await house.cases.refer(case.id, who.id, contact)
    return web.json_response({})


async def presence(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/vakt: from now one takes cases (``on``), or no more."""
    who = await taker(request)
    house, on = request.app[HOUSE], (await json_object(request)).get("on")
    if not isinstance(on, bool):
        raise Refused("invalid_request")
    await (house.staff.come if on else house.staff.go)(who.id)
    house.news.desk("presence", {})
    return web.json_response({"on": on})


async def alive(request: web.Request, worker: str, cases: object) -> None:
    """The page that shows these cases is open."""
    if not isinstance(cases, list):
        return
    named = [name for name in cases[:_MOST_CASES] if isinstance(name, str)]
    await request.app[HOUSE].cases.alive(worker, named)


async def stream(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/strom: that something happened, and in which case. What happened is fetched by whoever may see it.

    The page fetches everything anew whenever the line opens, so nothing depends on what was missed.
    """
    await taker(request, active=False)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    await response.write(b"retry: 1000\n\nevent: open\ndata: {}\n\n")
    hub, looked = request.app[HUB], time.monotonic()
    events = hub.listen_at_desk(hub.last("desk"))
    pending = asyncio.ensure_future(anext(events))
    try:
        while True:
            done, _ = await asyncio.wait([pending], timeout=_LOOK_S)
            if time.monotonic() - looked >= _LOOK_S:
                session = await current(request, active=False)
                if session is None or session.stage is not Stage.OPEN:
                    await response.write(b"event: over\ndata: {}\n\n")
                    return response
                looked = time.monotonic()
            if done:
                happening = pending.result()
                pending = asyncio.ensure_future(anext(events))
                await response.write(happening.encode() if happening else b": still here\n\n")
    finally:
        pending.cancel()
        await asyncio.gather(pending, return_exceptions=True)
        await events.aclose()  # type: ignore[attr-defined]


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Refused("message_empty")
    if len(value) > longest:
        raise Refused("message_too_long")
    return value.strip()
