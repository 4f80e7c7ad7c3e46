"""Log-in and log-out of the console, its files, and the log of what was done."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.errors import LogInRefused, PasswordWeak, SessionOver
from bot.gateway.desk import ROOT, current, forget, form_token, keep, session_token, worker
from bot.gateway.desk_pages import render
from bot.gateway.errors import Refused
from bot.gateway.keys import DESK_PAGES, HOUSE, LOG_IN_LIMITER
from bot.gateway.pages import compressed
from bot.gateway.views.desk_cases import give_back_all
from bot.gateway.views.desk_words import DEEDS
from bot.staff import Session, Stage

_KINDS = {".js": "text/javascript", ".css": "text/css"}
_WRONG = "Det stemmer ikke. Se over brukernavn og passord. Etter fem forsøk er kontoen låst i et kvarter."
_WRONG_CODE = "Koden stemmer ikke, eller den er brukt. Vent på den neste i appen."
_OVER = "Det tok for lang tid, eller økten er over. Logg inn på nytt."
_SLOW = "Det kom mange forsøk herfra. Vent et minutt og prøv igjen."
_LINES = 200


async def log_in(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/inn: name and password."""
    form = await request.post()
    name, password = str(form.get("name", "")), str(form.get("password", ""))
    if not request.app[LOG_IN_LIMITER].allow(request.remote or ""):
        return log_in_page(request, problem=_SLOW, name=name, status=429)
    try:
        token, _ = await request.app[HOUSE].staff.log_in(name, password)
    except LogInRefused:
        return log_in_page(request, problem=_WRONG, name=name, status=403)
    response = web.Response(status=303, headers={"Location": ROOT})
    keep(request, response, token)
    return response


async def code(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/kode: the one-time code, and at the first log-in a new password with it."""
    form = await request.post()
    session, token, staff = await current(request), session_token(request) or "", request.app[HOUSE].staff
    if not request.app[LOG_IN_LIMITER].allow(request.remote or ""):
        return await half_way(request, session, problem=_SLOW, status=429)
    given = str(form.get("code", ""))
    try:
        if session is not None and session.stage is Stage.ENROL:
            opened = await staff.enrol(token, given, _new_password(form) if session.first_time else None)
        else:
            opened = await staff.give_code(token, given)
    except PasswordWeak as error:
        return await half_way(request, session, problem=str(error), status=422)
    except LogInRefused:
        return await half_way(request, session, problem=_WRONG_CODE, status=403)
    except SessionOver:
        return log_in_page(request, problem=_OVER, status=401)
    response = web.Response(status=303, headers={"Location": ROOT})
    keep(request, response, opened)
    return response


async def log_out(request: web.Request) -> web.StreamResponse:
    """POST /konsoll/ut"""
    session = await current(request)
    if session is not None and session.stage is Stage.OPEN:
        await give_back_all(request, session.worker)
    await request.app[HOUSE].staff.log_out(session_token(request) or "")
    request.app[HOUSE].news.desk("presence", {})
    response = web.Response(status=303, headers={"Location": ROOT})
    forget(response)
    return response


async def deeds(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/hendelser: who did what, and when."""
    who = await worker(request, "leader", "admin")
    before = request.query.get("for", "")
    staff = request.app[HOUSE].staff
    lines = await staff.log(_LINES, int(before) if before.isdecimal() else None)
    names = {account.id: account.name for account in await staff.all()}
    older = lines[-1][0] if len(lines) == _LINES else None
    return render(request, who, "deeds.html", lines=lines, names=names, deeds=DEEDS, older=older)


async def file(request: web.Request) -> web.StreamResponse:
    """GET /konsoll/fil/{name}: the console's scripts and styles, which hold nothing of anybody's."""
    found = request.app[DESK_PAGES].files.get(request.match_info["name"])
    if found is None:
        raise Refused("not_found")
    return compressed(request, found.read_bytes(), _KINDS[found.suffix])


def log_in_page(request: web.Request, *, problem: str = "", name: str = "", status: int = 200) -> web.Response:
    """The first form."""
    fields = {"problem": problem, "name": name}
    return request.app[DESK_PAGES].page(request, "log_in.html", status=status, fields=fields)


async def half_way(
    request: web.Request, session: Session | None, *, problem: str = "", status: int = 200
) -> web.Response:
    """The second form: a code, or the picture that sets up the codes."""
    if session is None or session.stage is Stage.OPEN:
        return log_in_page(request, problem=problem, status=status)
    token = session_token(request) or ""
    fields: dict[str, Any] = {"problem": problem, "first_time": session.first_time, "picture": "", "secret": ""}
    if session.stage is Stage.ENROL:
        fields["picture"], fields["secret"] = await request.app[HOUSE].staff.enrolment(token)
    pages = request.app[DESK_PAGES]
    return pages.page(request, "code.html", token=form_token(token), status=status, fields=fields)


def _new_password(form: Any) -> str:
    first, again = str(form.get("password", "")), str(form.get("again", ""))
    if first != again:
        raise PasswordWeak("De to passordene er ikke like.")
    return first
