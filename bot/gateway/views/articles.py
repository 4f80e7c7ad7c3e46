"""The knowledge base."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.gateway.errors import Refused
from bot.gateway.keys import HOUSE
from bot.knowledge import Article
from bot.knowledge.render import fill
from bot.language.cleaning import clean

_LONGEST_QUERY = 200
_HITS = 10


async def index(request: web.Request) -> web.StreamResponse:
    """GET /api/v1/articles: all of them, or with ``q`` the best hits of a search, best first."""
    shelf = request.app[HOUSE].library
    query = request.query.get("q", "")[:_LONGEST_QUERY]
    topics = [hit.id for hit in shelf.search.find(clean(query), _HITS)] if query else None
    if topics is None:
        topics = [article.topic for article in shelf.knowledge.answers()]
    shown = [shelf.answers.article(topic) for topic in topics]
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
