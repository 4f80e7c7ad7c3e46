"""Any gateway that can be made to speak JSON: our own form, described in docs/sms.md."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.signing import WINDOW_S, digest, matches
from bot.channels.sms.base import Call, HttpProvider, have, need, permanent, taken, temporary
from bot.channels.sms.model import Incoming, Item, Malformed, Outgoing, Part, Raw, Report, Sent, Untrusted, Unusable

_STATES = ("accepted", "buffered", "delivered", "failed", "expired")
_MOST = 100


class GenericJson(HttpProvider):
    """With ``callback_password`` a request is signed: ``Hjemvei-Signature: t=<seconds>,v1=<HMAC-SHA256 in hex>``."""

    name = "json"
    needs = ()

    def verify(self, raw: Raw, now: datetime) -> None:
        """HMAC-SHA256 over the time, a full stop and the body; no more than five minutes old."""
        if not self.account.callback_password:
            return
        found = re.fullmatch(r"t=(\d{1,12}),v1=([0-9a-f]{64})", raw.headers.get("hjemvei-signature", ""))
        seconds, given = found.groups() if found else ("0", "")
        if not matches(digest(self.account.callback_password, int(seconds), raw.body), given):
            raise Untrusted("signature")
        if abs(now.timestamp() - int(seconds)) > WINDOW_S:
            raise Untrusted("time")

    def parse(self, raw: Raw) -> list[Item]:
        try:
            body = json.loads(raw.body)
        except (ValueError, RecursionError) as error:
            raise Malformed("json") from error
        items = body.get("messages") if isinstance(body, dict) and "messages" in body else [body]
        if not isinstance(items, list) or not 0 < len(items) <= _MOST or not all(isinstance(i, dict) for i in items):
            raise Malformed("json")
        return [self._item(item) for item in items]

    def _item(self, fields: Mapping[str, Any]) -> Item:
        if fields.get("type") == "report":
            identifier, state = need(fields, "id", "reference"), need(fields, "state")
            if state not in _STATES:
                return Unusable(self.name, identifier, "unknown_status")
            return Report(self.name, identifier, state, str(fields.get("reference") or ""))
        identifier = need(fields, "id")
        if fields.get("type") == "binary":
            return Unusable(self.name, identifier, "binary")
        sender, receiver = need(fields, "from"), str(fields.get("to") or "")
        return Incoming(self.name, identifier, sender, receiver, have(fields, "text"), _part(fields.get("part")))

    def call(self, outgoing: Outgoing) -> Call:
        message = {
            "id": outgoing.id,
            "from": self.account.sender,
            "to": outgoing.to,
            "text": outgoing.text,
            "alphabet": "UCS-2" if outgoing.unicode else "GSM-7",
            "parts": outgoing.parts,
            "minutes": self.account.minutes,
        }
        if self.account.public_url:
            message["report_url"] = self.report_url(outgoing.id)
        headers = {"Authorization": f"Bearer {self.account.password}"} if self.account.password else {}
        return Call(self.url, json=message, headers=headers)

    def read(self, status: int, body: str) -> Sent:
        if status >= 400:
            return permanent(f"status_{status}") if status in (400, 410, 413, 422) else temporary(f"status_{status}")
        return taken(json.loads(body).get("id") if body.strip() else "")


def _part(value: object) -> Part | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Malformed("part")
    try:
        return Part(need(value, "reference"), int(need(value, "number")), int(need(value, "of")))
    except ValueError as error:
        raise Malformed("part") from error
