"""The look-up of the console. What is looked up stands in no address: it may be what a caller just said."""

from __future__ import annotations

import asyncio
from datetime import datetime

from aiohttp import web

from bot.directory.hours import OSLO
from bot.gateway.desk import worker
from bot.gateway.desk_pages import render
from bot.gateway.errors import Refused
from bot.gateway.keys import LOOK_UPS
from bot.gateway.look_up import Asked
from bot.gateway.requests import json_object


async def page(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/oppslag"""
    return render(request, await worker(request), "lookup.html")


async def hits(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/oppslag/treff: ``text``, ``age``, ``place``, ``language``, ``open_now`` in; results out."""
    await worker(request)
    body = await json_object(request)
    look_up = await request.app[LOOK_UPS].current()
    try:
        # In a thread: a long query must not hold up people who write.
        found = await asyncio.to_thread(look_up.find, Asked.of(body), datetime.now(OSLO))
    except ValueError as error:
        raise Refused("invalid_request") from error
    return web.json_response(found)
