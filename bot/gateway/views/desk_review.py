"""What editors look through: which answers helped, what was not understood, what is due to be checked again."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from aiohttp import web

from bot.bootstrap import House
from bot.gateway.desk import worker
from bot.gateway.desk_pages import render
from bot.gateway.keys import HOUSE
from bot.gateway.views.desk_figures import helped
from bot.knowledge.report import Line, lines

_SOON = timedelta(days=30)
_URGENCIES = {"none": "haster ikke", "concern": "bekymring", "urgent": "haster", "acute": "akutt"}
_MOST = 200


async def page(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/gjennomgang"""
    who = await worker(request, "editor", "admin")
    house, today = request.app[HOUSE], date.today()
    titles = {article.topic: article.title for article in house.library.knowledge.answers()}
    reviews = await house.reviews.all()
    articles = await asyncio.to_thread(_due_articles, house, today)
    contacts = house.library.directory.everything.values()
    due = sorted((c for c in contacts if c.shown and c.verify_by <= today + _SOON), key=lambda c: (c.verify_by, c.name))
    return render(
        request,
        who,
        "review.html",
        helped=await helped(house),
        reviews=reviews[:_MOST],
        more=max(0, len(reviews) - _MOST),
        titles=titles,
        urgencies=_URGENCIES,
        keeps_text=house.settings.review_text,
        review_days=house.settings.review_days,
        articles=articles,
        contacts=due,
        held_back=sorted((c for c in contacts if c.state == "held_back"), key=lambda c: c.name),
        today=today,
    )


def _due_articles(house: House, today: date) -> list[Line]:
    library = house.library
    found = lines(library.knowledge, library.directory.details(), today)
    return sorted((line for line in found if line.check_by <= today + _SOON), key=lambda line: line.check_by)
