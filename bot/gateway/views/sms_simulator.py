"""For development: a telephone on the screen that writes to the service by SMS. Only with its own setting."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path

from aiohttp import web

from bot.channels.sms.texts import described
from bot.gateway.errors import Refused
from bot.gateway.keys import HOUSE
from bot.gateway.requests import json_object

_FOLDER = Path(__file__).resolve().parents[2] / "web" / "sms"
_FILES = {"phone.css": "text/css", "phone.js": "text/javascript"}
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")


async def page(request: web.Request) -> web.StreamResponse:
    """GET /dev/sms"""
    _only_here(request)
    return web.Response(text=(_FOLDER / "phone.html").read_text("utf-8"), content_type="text/html", charset="utf-8")


async def file(request: web.Request) -> web.StreamResponse:
    """GET /dev/sms/{name}: the style and the script of the page."""
    _only_here(request)
    name = request.match_info["name"]
    if name not in _FILES:
        raise web.HTTPNotFound
    return web.Response(text=(_FOLDER / name).read_text("utf-8"), content_type=_FILES[name], charset="utf-8")


async def write(request: web.Request) -> web.StreamResponse:
    """POST /dev/sms: ``{"person", "id", "text"}`` in, the message and its answers out, each with its parts."""
    _only_here(request)
    given = await json_object(request)
    person, identifier, text = given.get("person"), given.get("id"), given.get("text")
    if not all(isinstance(value, str) and _ID.fullmatch(value) for value in (person, identifier)):
        raise Refused("invalid_request")
    if not isinstance(text, str):
        raise Refused("invalid_request")
    answers = await request.app[HOUSE].dialogue.answer(f"simulator-{person}", text, str(identifier))
    return web.json_response({"sent": described(text), "messages": [described(answer) for answer in answers]})


def _only_here(request: web.Request) -> None:
    """A page for development is for this machine alone, also where its setting was left on."""
    if not ipaddress.ip_address(request.remote or "0.0.0.0").is_loopback:
        raise web.HTTPNotFound


ROUTES = [
    web.get("/dev/sms", page, allow_head=False),
    web.get("/dev/sms/{name}", file, allow_head=False),
    web.post("/dev/sms", write),
]
