"""LINK Mobility's SMS REST API («Common»). It calls with Basic authentication, from listed addresses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.sms.base import Call, HttpProvider, check_basic, have, need, permanent, taken, temporary
from bot.channels.sms.model import Incoming, Item, Malformed, Outgoing, Raw, Report, Sent, Unusable

# Sent on or billed, not yet delivered.
_ON_THE_WAY = {1000, 1008, 1011}
_STATES = {1001: "delivered", 1007: "delivered", 1002: "expired", 1010: "expired", 1012: "buffered"}
_QUEUED = 1005


class LinkMobility(HttpProvider):
    """Options: ``platformId``, ``platformPartnerId`` and, for delivery reports, ``gate``."""

    name = "link_mobility"
    needs = ("user", "password", "sender")
    options = ("platformId", "platformPartnerId")

    def verify(self, raw: Raw, now: datetime) -> None:
        if self.account.callback_password:
            check_basic(raw, self.account.callback_user, self.account.callback_password)

    def parse(self, raw: Raw) -> list[Item]:
        try:
            fields = json.loads(raw.body)
        except (ValueError, RecursionError) as error:
            raise Malformed("json") from error
        if not isinstance(fields, dict):
            raise Malformed("json")
        if "resultCode" in fields:
            return [self._report(fields)]
        content = fields.get("content", fields)
        if not isinstance(content, dict):
            raise Malformed("no_content")
        identifier = need(fields, "messageId", "id")
        if str(content.get("dcs") or fields.get("dcs") or "").upper() == "BINARY":
            return [Unusable(self.name, identifier, "binary")]
        sender, receiver = need(fields, "source"), need(fields, "destination")
        return [Incoming(self.name, identifier, sender, receiver, have(content, "userData"))]

    def _report(self, fields: Mapping[str, Any]) -> Report:
        try:
            code = int(fields["resultCode"])
        except (ValueError, TypeError, OverflowError) as error:
            raise Malformed("resultcode") from error
        state = "accepted" if code in _ON_THE_WAY else _STATES.get(code, "failed")
        # A message of several parts has a report for each: «abc$0», «abc$1».
        identifier = need(fields, "id").partition("$")[0]
        return Report(self.name, identifier, state, str(fields.get("refId") or ""))

    def call(self, outgoing: Outgoing) -> Call:
        sender = self.account.sender
        message = {
            "source": sender,
            "sourceTON": _type_of(sender),
            "destination": outgoing.to,
            "destinationTON": "MSISDN",
            "userData": outgoing.text,
            "relativeValidityTime": self.account.minutes * 60_000,
            "platformId": self.account.options["platformId"],
            "platformPartnerId": self.account.options["platformPartnerId"],
            "refId": outgoing.id,
        }
        if gate := self.account.options.get("gate"):
            message |= {"useDeliveryReport": True, "deliveryReportGates": [gate]}
        return Call(f"{self.url}/sms/send", json=message, user=self.account.user, password=self.account.password)

    def read(self, status: int, body: str) -> Sent:
        said = json.loads(body)
        if status >= 400:
            return permanent(f"code_{said.get('status', status)}")
        code = int(said.get("resultCode", _QUEUED))
        return taken(said["messageId"]) if code == _QUEUED else temporary(f"code_{code}")


def _type_of(sender: str) -> str:
    """The kind of our own address: a number with its country code, a short code or a name."""
    if sender.startswith("+"):
        return "MSISDN"
    return "SHORTNUMBER" if sender.isdigit() else "ALPHANUMERIC"
