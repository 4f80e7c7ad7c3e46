"""Who may write here from a browser: only our own pages.

The widget on another site's page lies in a frame of ours, so its requests come from us as well. A request without an
``Origin`` comes from no browser page (a provider, a program) and carries nothing of a visitor's.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from bot.gateway.errors import Handler, Refused

_READING = ("GET", "HEAD", "OPTIONS")


@web.middleware
async def own_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page tries to write."""
    if request.method not in _READING and not _is_own(request):
        raise Refused("origin_refused")
    return await handler(request)


def _is_own(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None or origin == "null":
        # «null» is what a plain form says where no referrer is sent (Fetch, «serializing a request origin»). Browsers
        # too old for Sec-Fetch-Site send it too, and a form holds no cookie or token that it could misuse.
        return origin is None or request.content_type == "application/x-www-form-urlencoded"
    # A proxy may have taken another name inside; a page cannot set either header.
    return urlsplit(origin).netloc in (request.host, request.headers.get("X-Forwarded-Host"))
