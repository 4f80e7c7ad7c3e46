"""What humans outside the console do, as their systems tell us: signed calls."""

from __future__ import annotations

import time
from typing import cast

from aiohttp import web

from bot.channels.human.channel import Call, Incoming
from bot.errors import AlreadyTaken, CallRefused, CaseUnknown, HjemveiError, IllegalMove, SignatureRefused
from bot.gateway.errors import Refused
from bot.gateway.keys import HOUSE, METRICS
from bot.gateway.requests import within_limits


async def call(request: web.Request) -> web.StreamResponse:
    """POST /api/v1/human/{channel}"""
    house = request.app[HOUSE]
    name = request.match_info["channel"]
    channel = house.outward.human.channel(name)
    if channel is None or not hasattr(channel, "read"):
        raise Refused("not_found")
    incoming = cast(Incoming, channel)
    body = await request.read()
    try:
        calls = await incoming.read(request.headers, body, int(time.time()))
    except SignatureRefused as error:
        # Only those who cannot sign are counted: a system with many cases calls often.
        within_limits(request)
        raise Refused("signature_refused") from error
    except CallRefused as error:
        raise Refused(error.code) from error
    answers = [await _act(request, name, incoming, each) for each in calls]
    return web.json_response(answers[0] if answers else {})


async def _act(request: web.Request, name: str, incoming: Incoming, each: Call) -> dict[str, str]:
    count = request.app[METRICS].human_calls
    try:
        case = await request.app[HOUSE].outward.human.act(name, each)
    except HjemveiError as error:
        count.labels(name, "refused").inc()
        await incoming.refused(each)
        raise _refusal(error) from error
    count.labels(name, "done").inc()
    return {"case": case.id, "state": case.state.value}


def _refusal(error: HjemveiError) -> Exception:
    """The answer for what came of a call; what is not about the call goes on as it is."""
    if isinstance(error, CaseUnknown):
        return Refused("case_unknown")
    if isinstance(error, AlreadyTaken):
        return Refused("case_taken")
    if isinstance(error, IllegalMove):
        return Refused("case_not_possible")
    if isinstance(error, CallRefused):
        return Refused(error.code)
    return error
