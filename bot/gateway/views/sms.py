"""Where providers of text messages call. What is answered here may be sent on to a phone: never a word of ours."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Sequence

from aiohttp import web

from bot.channels.sms.model import Answer, Raw
from bot.channels.sms.service import Sms
from bot.gateway.keys import HOUSE
from bot.settings import Settings

logger = logging.getLogger("hjemvei.gateway")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def receive(request: web.Request) -> web.StreamResponse:
    """GET and POST /sms/{provider}/{secret}: incoming messages and delivery reports."""
    house = request.app[HOUSE]
    sms = house.sms
    if sms is None or not sms.opens(request.match_info["provider"], request.match_info["secret"]):
        return web.Response(status=404)
    return _response(await _answer(request, sms, house.settings))


async def _answer(request: web.Request, sms: Sms, settings: Settings) -> Answer:
    try:
        raw = await _raw(request, settings)
    except (web.HTTPException, ValueError):
        logger.warning("an SMS request could not be read")
        return sms.provider.refuse(400)
    try:
        return await sms.receive(raw)
    except Exception:
        # Asked to try again: it is not known whether the message has been kept.
        logger.exception("an SMS request failed")
        return sms.provider.refuse(503)


def _response(answer: Answer) -> web.Response:
    response = web.Response(status=answer.status, text=answer.body, content_type=answer.content_type)
    response.headers.update(answer.headers)
    return response


async def _raw(request: web.Request, settings: Settings) -> Raw:
    body = await request.read()
    form: dict[str, str] = {}
    if request.content_type in _FORMS:
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    base = settings.public_url or f"{request.scheme}://{request.host}"
    return Raw(
        method=request.method,
        url=base + request.raw_path,
        query=dict(request.query),
        form=form,
        body=body,
        headers={name.lower(): value for name, value in request.headers.items()},
        remote=caller(request.remote or "", request.headers.getall("X-Forwarded-For", []), settings.proxies),
    )


def caller(remote: str, forwarded: Sequence[str], proxies: Sequence[str]) -> str:
    """The address that called: the last in X-Forwarded-For that is no proxy of ours, where a proxy of ours says so."""
    networks = [ipaddress.ip_network(item) for item in proxies]
    chain = [item.strip() for line in forwarded for item in line.split(",")]
    while chain and _within(remote, networks):
        remote = chain.pop()
    return remote


def _within(address: str, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)
