"""Read what a request carries, or refuse it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.gateway.errors import Refused
from bot.gateway.keys import CONVERSATION_LIMITER, HOUSE, LIMITER

MAX_BODY_BYTES = 64 * 1024
_MAX_ID = 64


async def json_object(request: web.Request) -> Mapping[str, Any]:
    """The body as a JSON object."""
    if request.content_type != "application/json":
        raise Refused("unsupported_media_type")
    body = await request.read()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("invalid_encoding") from error
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("invalid_json") from error
    if not isinstance(value, dict):
        raise Refused("invalid_request")
    return value


def named_conversation(request: web.Request) -> tuple[str, str]:
    """The conversation in the path and the token in ``Authorization: Bearer …``, not yet held against each other."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused("token_missing")
    return request.match_info["conversation"], token


async def own_conversation(request: web.Request) -> str:
    """The conversation in the path, when the token is its own."""
    conversation, token = named_conversation(request)
    await request.app[HOUSE].conversations.authenticate(conversation, token)
    return conversation


def within_limits(request: web.Request, conversation: str | None = None) -> None:
    """Refuse a sender, or a conversation, that asks for too much. The address is hashed at once and never kept."""
    if not request.app[LIMITER].allow(request.remote or ""):
        raise Refused("too_many_requests")
    if conversation is not None and not request.app[CONVERSATION_LIMITER].allow(conversation):
        raise Refused("too_many_requests")


def message_id(value: object) -> str | None:
    """``client_message_id``: any short string, or nothing."""
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_ID or not value.isprintable():
        raise Refused("invalid_request")
    return value
