"""The knowledge base."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.gateway.errors import Refused
from bot.gateway.keys import HOUSE
from bot.knowledge import Article
from bot.knowledge.render import fill


async def index(request: web.Request) -> web.StreamResponse:
    """GET /api/v1/articles"""
    shelf = request.app[HOUSE].library
    shown = [shelf.answers.article(article.topic) for article in shelf.knowledge.answers()]
    return web.json_response({"articles": [_line(article) for article in shown if article]})


async def one(request: web.Request) -> web.StreamResponse:
    """GET /api/v1/articles/{topic}"""
    shelf = request.app[HOUSE].library
    article = shelf.answers.article(request.match_info["topic"])
    if article is None:
        raise Refused("not_found")
    details = shelf.directory.details()
    sections = [{"heading": section.value, "text": fill(text, details)} for section, text in article.sections.items()]
    return web.json_response(
        {
            **_line(article),
            "sections": sections,
            "contacts": list(article.contacts),
            "sources": list(shelf.knowledge.behind(article)),
            "related": list(article.related),
        }
    )


def _line(article: Article) -> dict[str, Any]:
    return {
        "topic": article.topic,
        "title": article.title,
        "language": article.language,
        "status": article.status,
        "checked_on": article.checked_on.isoformat(),
    }
