"""The pages of the console: one shell, bot/web/console/base.html, and what lies in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.gateway.desk import current, form_token, session_token
from bot.gateway.errors import ERRORS
from bot.gateway.keys import DESK_PAGES
from bot.gateway.pages import compressed
from bot.staff import ROLES, Stage, Worker

CONSOLE = Path(__file__).resolve().parent.parent / "web" / "console"


@dataclass(frozen=True)
class Place:
    """An entry of the navigation. ``roles``: who sees it; none is everybody who is logged in."""

    path: str
    title: str
    roles: tuple[str, ...] = ()


NAVIGATION = (
    Place("/konsoll", "Køen", ("helpline", "leader")),
    Place("/konsoll/oppslag", "Oppslag"),
    Place("/konsoll/statistikk", "Statistikk", ("leader", "admin", "editor")),
    Place("/konsoll/gjennomgang", "Gjennomgang", ("editor", "admin")),
    Place("/konsoll/varsler", "Varsler", ("leader", "admin")),
    Place("/konsoll/hendelser", "Hendelseslogg", ("leader", "admin")),
)


class DeskPages:
    """The templates and files of bot/web/console/."""

    def __init__(self) -> None:
        self.templates = Environment(
            loader=FileSystemLoader(CONSOLE),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.files = {path.name: path for path in CONSOLE.iterdir() if path.suffix in (".js", ".css")}

    def page(
        self,
        request: web.Request,
        template: str,
        *,
        worker: Worker | None = None,
        token: str = "",
        status: int = 200,
        fields: Mapping[str, Any],
    ) -> web.Response:
        """A page in the shell. ``worker``: whose navigation it has; None before log-in."""
        places = [place for place in NAVIGATION if worker is not None and worker.may(*place.roles)]
        shell = {"worker": worker, "token": token, "places": places, "here": request.path, "roles": ROLES}
        text = self.templates.get_template(template).render(**shell, **fields)
        response = compressed(request, text.encode(), "text/html", status=status)
        # Within our own pages the browser says where a form comes from; to other sites it still says nothing.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    async def refused(self, request: web.Request, code: str) -> web.Response:
        """A page that says why not."""
        session = await current(request)
        worker = session.worker if session is not None and session.stage is Stage.OPEN else None
        token = form_token(session_token(request) or "")
        status, message = ERRORS[code]
        fields = {"message": message}
        return self.page(request, "refused.html", worker=worker, token=token, status=status, fields=fields)


def render(request: web.Request, worker: Worker, template: str, **fields: Any) -> web.Response:
    """``template`` of bot/web/console/, which extends ``base.html``, for somebody who is logged in.

    Beside ``fields`` it has ``worker``, ``token`` (for a form's hidden field ``token``), ``here`` and ``roles``.
    """
    token = form_token(session_token(request) or "")
    return request.app[DESK_PAGES].page(request, template, worker=worker, token=token, fields=fields)
