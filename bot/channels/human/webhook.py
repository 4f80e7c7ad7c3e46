"""Any system with a web server: events go out as signed calls, and what humans do there comes in as signed calls.

docs/handoff-channels.md describes both, with a worked example of the signature.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.channels import signing
from bot.channels.human.channel import Action, Call, Delivery, Describe
from bot.channels.human.remote import Remote
from bot.errors import CallRefused
from bot.handoff.case import Carried, Case, Line

SHORT = 64
MOST_CHARACTERS = 4000
FIELDS = {"id", "action", "case", "worker", "name", "text", "on"}


class Webhook(Remote):
    """``address``: where events go. ``secrets``: what signs both ways; the first one signs, all are accepted."""

    name = "webhook"

    def __init__(self, address: str, secrets: Sequence[str], describe: Describe) -> None:
        super().__init__()
        self._describe = describe
        self._address = address
        self._secrets = secrets

    async def opened(self, delivery: Delivery, case: Case, carried: Carried | None, lines: Sequence[Line]) -> None:
        passed_on = asdict(carried) if carried else None
        words = list(self._describe(carried)) if carried else []
        more = {"again": delivery.again, "carried": passed_on, "words": words, "lines": [_line(line) for line in lines]}
        await self._post(delivery, "case.opened", _case(case, delivery), more)

    async def moved(self, delivery: Delivery, case: Case, lines: Sequence[Line]) -> None:
        # What was written goes only where the case is.
        mine = [_line(line) for line in lines] if delivery.mine else []
        await self._post(delivery, "case.moved", _case(case, delivery), {"lines": mine})

    async def wrote(self, delivery: Delivery, case: Case, line: Line) -> None:
        await self._post(delivery, "line.written", _case(case, delivery), {"lines": [_line(line)]})

    async def closed(self, delivery: Delivery) -> None:
        case = {"id": delivery.thread.case, "state": "closed", "mine": False}
        await self._post(delivery, "case.closed", case, {"erased": delivery.erased})

    async def _post(self, delivery: Delivery, event: str, case: Mapping[str, Any], more: Mapping[str, Any]) -> None:
        body = json.dumps({"id": delivery.key, "event": event, "case": case, **more}, ensure_ascii=False).encode()
        header = signing.sign(self._secrets, body, int(time.time()))
        await self._caller.post(self._address, body, {signing.HEADER: header})

    async def read(self, headers: Mapping[str, str], body: bytes, now: int) -> list[Call]:
        """One call a request. Raises SignatureRefused and CallRefused."""
        signing.verify(self._secrets, headers.get(signing.HEADER, ""), body, now)
        return [call_of(_object(body))]

    async def refused(self, call: Call) -> None:
        # The status of the answer says it.
        return None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise CallRefused("invalid_json") from error
    if not isinstance(value, dict):
        raise CallRefused("invalid_request")
    return value


def call_of(value: Mapping[str, Any]) -> Call:
    """A call from its JSON. Raises CallRefused."""
    if not set(value) <= FIELDS:
        raise CallRefused("invalid_request")
    try:
        action = Action(value.get("action"))
    except ValueError as error:
        raise CallRefused("invalid_request") from error
    text, on = value.get("text", ""), value.get("on", True)
    if not isinstance(text, str) or not isinstance(on, bool):
        raise CallRefused("invalid_request")
    if action is Action.WRITE and not text.strip():
        raise CallRefused("message_empty")
    if len(text) > MOST_CHARACTERS:
        raise CallRefused("message_too_long")
    return Call(
        id=_word(value, "id"),
        action=action,
        case=_word(value, "case"),
        worker=_word(value, "worker"),
        name=_word(value, "name", required=False),
        text=text,
        on=on,
    )


def _word(value: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    """A short printable string."""
    found = value.get(name, "")
    if not isinstance(found, str) or len(found) > SHORT or not found.isprintable() or (required and not found):
        raise CallRefused("invalid_request")
    return found


def _case(case: Case, delivery: Delivery) -> dict[str, Any]:
    return {
        "id": case.id,
        "state": case.state.value,
        "team": case.team,
        "urgency": case.urgency,
        "channel": case.channel,
        "mine": delivery.mine,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id if line.case else None,
        "at": line.at.isoformat(),
        "by": line.by,
        "name": line.name,
        "text": line.text,
        "language": line.language,
    }
