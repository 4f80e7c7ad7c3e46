"""The pages that the service serves itself: complete without script, and small."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.bootstrap import House
from bot.gateway.blocks import blocks
from bot.knowledge.model import LANGUAGES
from bot.knowledge.render import fill

WIDGET = Path(__file__).resolve().parent.parent / "web" / "widget"
SCRIPTS = ("exit.js", "line.js", "show.js", "hide.js", "chat.js")
"""The modules of the page; all of them are asked for at once, so that a slow line is crossed once."""


class Pages:
    """The templates, the words in three languages, and the style sheet that each page carries in itself.

    The style stands in the page because a second file costs a second journey over a slow line before anything is
    seen; the content security policy names it by its hash.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._style = (WIDGET / "style.css").read_text("utf-8")
        self._words: Mapping[str, Any] = json.loads((WIDGET / "strings.json").read_text("utf-8"))
        self._templates = Environment(
            loader=FileSystemLoader(WIDGET),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["blocks"] = blocks
        details = house.library.directory.details()
        self.numbers = {
            "police": fill("{politi_nod.phone}", details),
            "ambulance": fill("{ambulanse_nod.phone}", details),
            "children": fill("{alarmtelefonen.phone}", details),
            "abroad": fill("{udops.phone}", details),
        }

    def page(
        self,
        request: web.Request,
        template: str,
        *,
        frame: bool = False,
        status: int = 200,
        values: Mapping[str, Any] = MappingProxyType({}),
    ) -> web.Response:
        """A page in the language that the request asks for. ``frame``: other sites of the setting may show it."""
        language = chosen_language(request)
        words = self._words[language]
        settings = self._house.settings
        text = self._templates.get_template(template).render(
            **{
                "words": words["page"],
                "script_words": Markup(_inert(words["script"])),
                "language": language,
                "languages": {code: self._words[code]["page"]["name"] for code in LANGUAGES},
                "style": Markup(self._style),
                "scripts": SCRIPTS,
                "exit_url": settings.exit_url,
                "hours": f"{settings.retention_hours:g}",
                "numbers": self.numbers,
                "frame": frame,
                **values,
            }
        )
        response = compressed(request, text.encode(), "text/html", status=status)
        ancestors = " ".join(("'self'", *settings.embed_origins)) if frame else "'none'"
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self'; style-src 'sha256-{_digest(self._style)}'; img-src 'self' data:; "
            f"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}; "
            "require-trusted-types-for 'script'"
        )
        return response

    def embed(self, request: web.Request) -> web.Response:
        """The script for other sites' pages, with the numbers it shows when the frame cannot be opened."""
        shown = json.dumps(self.numbers, ensure_ascii=False)
        words = json.dumps({code: self._words[code]["embed"] for code in LANGUAGES}, ensure_ascii=False)
        text = (WIDGET / "embed.js").read_text("utf-8").replace('"NUMBERS"', shown).replace('"WORDS"', words)
        text = text.replace('"EXIT"', json.dumps(self._house.settings.exit_url))
        response = compressed(request, text.encode(), "text/javascript")
        origin = request.headers.get("Origin")
        response.headers["Vary"] = "Origin, Accept-Encoding"
        if origin in self._house.settings.embed_origins:
            # A module script is fetched by the rules for sharing between origins.
            response.headers["Access-Control-Allow-Origin"] = str(origin)
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


def chosen_language(request: web.Request) -> str:
    """``?sprak=`` if it names one we have, else the first of ``Accept-Language`` that we have, else bokmål."""
    asked = [request.query.get("sprak", "")]
    asked += [part.split(";")[0].strip()[:2].lower() for part in request.headers.get("Accept-Language", "").split(",")]
    also = {"no": "nb"}
    return next((also.get(code, code) for code in asked if also.get(code, code) in LANGUAGES), "nb")


def compressed(request: web.Request, body: bytes, kind: str, *, status: int = 200) -> web.Response:
    """A response, compressed where the browser takes it."""
    response = web.Response(body=body, content_type=kind, charset="utf-8", status=status)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.body = _squeeze(body)
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@lru_cache(maxsize=64)
def _squeeze(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


@lru_cache(maxsize=4)
def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _inert(words: Mapping[str, Any]) -> str:
    """JSON that cannot end the element it stands in."""
    return json.dumps(words, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
