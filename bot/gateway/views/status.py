"""Is the service alive and ready, and how has it been doing?"""

from __future__ import annotations

from aiohttp import web

from bot.bootstrap import shelf
from bot.gateway.keys import HOUSE, METRICS
from bot.gateway.metrics import CONTENT_TYPE
from bot.gateway.openapi import description


async def alive(request: web.Request) -> web.StreamResponse:
    """GET /healthz"""
    return web.json_response({"status": "alive"})


async def ready(request: web.Request) -> web.StreamResponse:
    """GET /readyz: fails while the database cannot be reached. The model was loaded before the port was opened."""
    house = request.app[HOUSE]
    await house.database.ping()
    articles = sum(1 for _ in house.library.knowledge.answers())
    findings = shelf.problem.splitlines()
    knowledge = f"reload failed, the earlier version is in use: {len(findings)} errors" if findings else "loaded"
    return web.json_response(
        {
            "status": "ready",
            "model": "loaded",
            "database": "reached",
            "knowledge": knowledge,
            "findings": findings,
            "articles": articles,
        }
    )


async def metrics(request: web.Request) -> web.StreamResponse:
    """GET /metrics"""
    return web.Response(body=request.app[METRICS].text(), headers={"Content-Type": CONTENT_TYPE})


async def openapi(request: web.Request) -> web.StreamResponse:
    """GET /api/openapi.json"""
    return web.json_response(description())
