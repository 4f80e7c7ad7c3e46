"""Conversations: start, write, listen, erase."""

from __future__ import annotations

import json

from aiohttp import web

from bot.conversation.message import Message
from bot.gateway.errors import Refused
from bot.gateway.keys import HOUSE, HUB, METRICS
from bot.gateway.requests import json_object, message_id, named_conversation, own_conversation, within_limits

CHANNEL = "web"


async def start(request: web.Request) -> web.StreamResponse:
    """POST /api/v1/conversations"""
    within_limits(request)
    conversation, token = await request.app[HOUSE].conversations.start(CHANNEL)
    request.app[METRICS].conversations.labels("started").inc()
    return web.json_response({"id": conversation, "token": token}, status=201)


async def write(request: web.Request) -> web.StreamResponse:
    """POST /api/v1/conversations/{conversation}/messages"""
    conversation, token = named_conversation(request)
    within_limits(request, conversation)
    body = await json_object(request)
    if "text" not in body:
        raise Refused("invalid_request")
    message = Message(body["text"], CHANNEL, message_id(body.get("client_message_id")))
    reply = await request.app[HOUSE].conversations.receive(conversation, message, token=token)
    request.app[METRICS].answered(CHANNEL, reply)
    hub = request.app[HUB]
    hub.publish(conversation, "reply", {"client_message_id": message.client_message_id, **reply.as_dict()})
    if reply.erased:
        hub.erase(conversation)
    return web.json_response(reply.as_dict())


async def listen(request: web.Request) -> web.StreamResponse:
    """GET /api/v1/conversations/{conversation}/events"""
    conversation = await own_conversation(request)
    last = request.headers.get("Last-Event-ID", "0")
    hub = request.app[HUB]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    # What lies before this number had happened before this listener came.
    response.headers["Hjemvei-Last-Event"] = str(hub.last(conversation))
    await response.prepare(request)
    await response.write(b"retry: 2000\n\n")
    state = await request.app[HOUSE].cases.state_of(conversation)
    if state is not None:
        # Without a number: it says how it is, not that something happened.
        await response.write(f"event: state\ndata: {json.dumps(state)}\n\n".encode())
    async for happening in hub.listen(conversation, int(last) if last.isdecimal() else 0):
        await response.write(happening.encode() if happening else b": still here\n\n")
    return response


async def typing(request: web.Request) -> web.StreamResponse:
    """POST /api/v1/conversations/{conversation}/typing: the human who has the conversation sees it."""
    conversation = await own_conversation(request)
    within_limits(request, conversation)
    on = (await json_object(request)).get("on")
    if not isinstance(on, bool):
        raise Refused("invalid_request")
    cases = request.app[HOUSE].cases
    case = await cases.current(conversation)
    if case is not None:
        await cases.typing(case.id, by="user", on=on)
    return web.Response(status=204)


async def feedback(request: web.Request) -> web.StreamResponse:
    """POST /api/v1/conversations/{conversation}/feedback: counted for the topic; nothing of the conversation is."""
    within_limits(request, await own_conversation(request))
    body = await json_object(request)
    topic, helpful = body.get("topic"), body.get("helpful")
    house = request.app[HOUSE]
    if not isinstance(helpful, bool) or not isinstance(topic, str) or topic not in house.library.knowledge.topics:
        raise Refused("invalid_request")
    await house.feedback.count(topic, helpful=helpful)
    return web.Response(status=204)


async def erase(request: web.Request) -> web.StreamResponse:
    """DELETE /api/v1/conversations/{conversation}"""
    conversation = await own_conversation(request)
    await request.app[HOUSE].conversations.erase(conversation)
    request.app[HUB].erase(conversation)
    request.app[METRICS].conversations.labels("erased").inc()
    return web.Response(status=204)
