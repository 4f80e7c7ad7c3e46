"""The queue and its cases: look, take, give away, close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.bootstrap import House
from bot.errors import IllegalMove
from bot.gateway.desk_cases import WAITING, detail, held, may_see, names, summary, taker
from bot.gateway.errors import Refused
from bot.gateway.keys import HOUSE, QUEUE
from bot.gateway.requests import json_object
from bot.handoff.case import Case, Closing, State
from bot.knowledge.canned import read_canned
from bot.knowledge.concerns import read_concerns
from bot.language.places import places
from bot.staff import Worker
from bot.statistics.scheme import AGES, CHANNELS, OUTCOMES, ROLES, URGENCIES

_NOT_CHOSEN = ("ended by user", "deleted by user")


@dataclass(frozen=True)
class Seen:
    """What every console shows a part of."""

    cases: Sequence[Case]
    called: Mapping[str, str]
    """What each account is called, by id."""
    present: Sequence[Worker]


async def read_queue(house: House) -> Seen:
    """The open cases in the order of the queue, and who is at work."""
    cases = await house.cases.queue(states=(*WAITING, State.ACTIVE))
    return Seen(cases, await names(house), await house.staff.present())


async def state(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/tilstand: the queue, who is at work, and one's own cases."""
    who = await taker(request, active=False)
    cases = request.app[HOUSE].cases
    queue = await request.app[QUEUE].get()
    present = queue.present
    seen = [
        summary(case, who, queue.called, cases.duty.team(case.team).name)
        for case in queue.cases
        if may_see(who, case) and (case.state is not State.CALLBACK or case.message_read_at is None)
    ]
    return web.json_response(
        {
            "cases": seen,
            "present": [{"id": one.id, "name": one.shown, "me": one.id == who.id} for one in present],
            "on": any(one.id == who.id for one in present),
        }
    )


async def lists(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/lister: what there is to choose from."""
    await taker(request, active=False)
    house = request.app[HOUSE]
    library = house.library
    root = house.settings.knowledge
    canned = read_canned(root, library.directory.details())
    return web.json_response(
        {
            "canned": [{"id": one.id, "title": one.title, "texts": one.texts} for one in canned],
            "closing": {name: _pairs(values) for name, values in _choices(request).items()},
            "teams": _pairs({team.id: team.name for team in house.cases.duty.teams.values()}),
            "urgencies": URGENCIES,
            "channels": CHANNELS,
        }
    )


async def one(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/saker/{case}"""
    who = await taker(request, active=False)
    case = await request.app[HOUSE].cases.get(request.match_info["case"])
    if not may_see(who, case):
        raise Refused("not_allowed")
    return web.json_response(await detail(request, who, case))


async def take(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/saker/{case}/ta: the first who asks gets it."""
    who = await taker(request)
    cases = request.app[HOUSE].cases
    before = await cases.get(request.match_info["case"])
    if not may_see(who, before):
        raise Refused("not_allowed")
    case = await cases.take(before.id, who.id, name=who.shown)
    return await _done(request, who, case, "case_taken", answer=True)


async def release(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/saker/{case}/slipp: back to the queue."""
    who, case = await held(request)
    await request.app[HOUSE].cases.release(case.id, by=who.id)
    return await _done(request, who, case, "case_released")


async def transfer(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/saker/{case}/overfor: to a ``team``'s queue, or to a ``worker`` who is at work."""
    who, case = await held(request)
    house, body = request.app[HOUSE], await json_object(request)
    team, other = body.get("team"), body.get("worker")
    if isinstance(other, str):
        if other not in [one.id for one in await house.staff.present()]:
            raise Refused("worker_away")
        await house.cases.transfer(case.id, by=who.id, worker=other)
    elif isinstance(team, str) and team in house.cases.duty.teams:
        await house.cases.transfer(case.id, by=who.id, team=team)
    else:
        raise Refused("invalid_request")
    return await _done(request, who, case, "case_transferred")


async def close(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/saker/{case}/lukk: how it ended, each from a list; all but ``outcome`` may be unknown (null)."""
    who, case = await held(request)
    body = await json_object(request)
    chosen = {}
    for name, values in _choices(request).items():
        value = body.get(name)
        if value is not None and value not in values:
            raise Refused("invalid_request")
        chosen[name] = value
    if chosen["outcome"] is None:
        raise Refused("invalid_request")
    await request.app[HOUSE].cases.close(case.id, by=who.id, closing=Closing(**chosen))
    return await _done(request, who, case, "case_closed")


async def give_back_all(request: web.Request, who: Worker) -> None:
    """Whoever leaves keeps nobody waiting."""
    cases = request.app[HOUSE].cases
    for case in await cases.queue(states=(State.ACTIVE,)):
        if case.taken_by == who.id:
            try:
                await cases.release(case.id, by=who.id, why="logged out")
            except IllegalMove:
                continue


async def _done(request: web.Request, who: Worker, case: Case, what: str, *, answer: bool = False) -> web.Response:
    await request.app[HOUSE].staff.record(who.id, what, case.id)
    return web.json_response(await detail(request, who, case) if answer else {})


def _choices(request: web.Request) -> dict[str, Mapping[str, str]]:
    house = request.app[HOUSE]
    countries = house.library.knowledge.countries
    counties = {place.code: place.name for place in places() if place.kind == "county"}
    return {
        "concern": {concern.id: concern.name for concern in read_concerns(house.settings.knowledge).values()},
        "age": AGES,
        "role": ROLES,
        "place": {**counties, **{code: country.name for code, country in sorted(countries.items())}},
        "outcome": {name: said for name, said in OUTCOMES.items() if name not in _NOT_CHOSEN},
    }


def _pairs(values: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"id": name, "name": said} for name, said in values.items()]
