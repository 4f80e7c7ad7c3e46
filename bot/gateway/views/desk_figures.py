"""The statistics page of the console, and the same as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

from aiohttp import web

from bot.bootstrap import House
from bot.gateway.desk import worker
from bot.gateway.desk_pages import render
from bot.gateway.errors import Refused
from bot.gateway.keys import HOUSE
from bot.statistics.publication import Published
from bot.statistics.scheme import CASES, CONVERSATIONS
from bot.statistics.showing import as_csv as written
from bot.statistics.showing import by_month, in_steps, in_words, period_name, tables
from bot.statistics.suppression import LEAST

ROLES = ("leader", "admin", "editor")


async def page(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/statistikk: ``periode`` is a month (2026-10) or a year (2026); without it the newest month."""
    who = await worker(request, *ROLES)
    house = request.app[HOUSE]
    everything = await house.publisher.all(datetime.now(timezone.utc))
    period = _period(request, everything)
    chosen = everything.get(period, {})
    measures = [
        {"published": published, "total": in_words(published.total), "tables": tables(published)}
        for published in _in_order(house, chosen)
    ]
    overview = [
        by_month(everything, CONVERSATIONS, "Samtaler med assistenten", "samtaler"),
        by_month(everything, CASES, "Saker til et menneske", "saker"),
    ]
    return render(
        request,
        who,
        "statistics.html",
        periods=[(name, period_name(name)) for name in everything],
        period=period,
        period_name=period_name(period) if period else "",
        measures=measures,
        overview=[shown for shown in overview if shown.rows],
        helped=await helped(house),
    )


async def as_csv(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/statistikk.csv: ``periode`` as for the page."""
    await worker(request, *ROLES)
    house = request.app[HOUSE]
    everything = await house.publisher.all(datetime.now(timezone.utc))
    period = _period(request, everything)
    if not period:
        raise Refused("not_found")
    # The mark at the start tells spreadsheets that it is UTF-8.
    body = ("\ufeff" + written(_in_order(house, everything[period]))).encode()
    headers = {"Content-Disposition": f'attachment; filename="statistikk-{period}.csv"'}
    return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)


async def helped(house: House) -> list[dict[str, str]]:
    """Helpful or not by article, and of talks with a human; those first that helped least. Only in steps, since it
    changes from day to day."""
    titles = {article.topic: article.title for article in house.library.knowledge.answers()}
    titles["bot.menneske"] = "Samtaler med et menneske"
    counted = await house.feedback.counts()
    order = sorted(counted, key=lambda topic: (-(counted[topic][1] // LEAST), titles.get(topic, topic)))
    return [
        {"title": titles.get(topic, topic), "yes": in_steps(counted[topic][0]), "no": in_steps(counted[topic][1])}
        for topic in order
    ]


def _period(request: web.Request, everything: Mapping[str, object]) -> str:
    asked = request.query.get("periode", "")
    if asked:
        if asked not in everything:
            raise Refused("not_found")
        return asked
    return max((period for period in everything if "-" in period), default="")


def _in_order(house: House, chosen: Mapping[str, Published]) -> list[Published]:
    return [chosen[name] for name in house.publisher.measures if name in chosen]
