"""The web page and its files."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from bot.gateway.errors import Refused
from bot.gateway.keys import PAGE

WIDGET = Path(__file__).resolve().parent.parent.parent / "web" / "widget"
_FILES = {"chat.js": "text/javascript", "style.css": "text/css"}


async def page(request: web.Request) -> web.StreamResponse:
    """GET /"""
    return web.Response(text=request.app[PAGE], content_type="text/html")


async def file(request: web.Request) -> web.StreamResponse:
    """GET /widget/{name}"""
    name = request.match_info["name"]
    if name not in _FILES:
        raise Refused("not_found")
    return web.Response(body=(WIDGET / name).read_bytes(), content_type=_FILES[name], charset="utf-8")
