"""Who is at the other side of a request under /konsoll, and may they do it?

A session is a random token in the cookie COOKIE, which only the console's own pages send (SameSite=Strict) and no
script can read. What changes anything also carries a second token, worked out from the first, in the header TOKEN or
in a form's field ``token``: a page of another site can know neither, and a cookie alone opens nothing.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from aiohttp import web

from bot.errors import SessionOver
from bot.gateway.errors import Handler, Refused
from bot.gateway.keys import DESK_PAGES, HOUSE
from bot.staff import Session, Stage, Worker

ROOT = "/konsoll"
LOG_IN = f"{ROOT}/inn"
COOKIE = "hjemvei_konsoll"
TOKEN = "X-Hjemvei-Token"
_READING = ("GET", "HEAD", "OPTIONS")
_FORM = "application/x-www-form-urlencoded"


async def worker(request: web.Request, *roles: str, active: bool = True) -> Worker:
    """The one who is logged in, when they have one of ``roles`` (none named: any role).

    ``active``: they did something, so the session goes on longer; False for what the page does by itself.
    Raises Refused: ``not_logged_in`` (401) or ``not_allowed`` (403).
    """
    session = await current(request, active=active)
    if session is None or session.stage is not Stage.OPEN:
        raise Refused("not_logged_in")
    if not session.worker.may(*roles):
        raise Refused("not_allowed")
    return session.worker


async def current(request: web.Request, *, active: bool = True) -> Session | None:
    """The session of this request at whatever stage; None when there is none that goes on."""
    token = session_token(request)
    if token is None:
        return None
    try:
        return await request.app[HOUSE].staff.session(token, active=active)
    except SessionOver:
        return None


def session_token(request: web.Request) -> str | None:
    """What the cookie holds."""
    return request.cookies.get(COOKIE) or None


def form_token(token: str) -> str:
    """The second token of a session: what its pages carry in whatever changes something."""
    return hmac.new(token.encode("utf-8", "surrogatepass"), b"hjemvei console form", sha256).hexdigest()


def keep(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Put the session's token in the browser; it is gone when the browser closes."""
    secure = request.secure or request.headers.get("X-Forwarded-Proto", "").split(",")[0].strip() == "https"
    response.set_cookie(COOKIE, token, path=ROOT, httponly=True, samesite="Strict", secure=secure)


def forget(response: web.StreamResponse) -> None:
    """Take the token out of the browser."""
    response.del_cookie(COOKIE, path=ROOT, httponly=True, samesite="Strict")


@web.middleware
async def desk_door(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse forged changes, and show people who may not come in a page in place of JSON."""
    if request.path != ROOT and not request.path.startswith(f"{ROOT}/"):
        return await handler(request)
    if request.method not in _READING:
        await _refuse_forged(request)
    try:
        return await handler(request)
    except Refused as error:
        if request.method != "GET" or "text/html" not in request.headers.get("Accept", ""):
            raise
        if error.code == "not_logged_in":
            raise web.HTTPSeeOther(ROOT) from error
        return await request.app[DESK_PAGES].refused(request, error.code)


async def _refuse_forged(request: web.Request) -> None:
    """Only our own pages, and only those of this very session, may change anything."""
    origin = request.headers.get("Origin", "")
    if urlsplit(origin).netloc not in (request.host, request.headers.get("X-Forwarded-Host")):
        raise Refused("origin_refused")
    if request.path == LOG_IN:
        # There is no session yet that a forger could use.
        return
    token = session_token(request)
    if token is None:
        raise Refused("not_logged_in")
    given = request.headers.get(TOKEN, "")
    if not given and request.content_type == _FORM:
        given = str((await request.post()).get("token", ""))
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), form_token(token).encode()):
        raise Refused("form_token_wrong")
