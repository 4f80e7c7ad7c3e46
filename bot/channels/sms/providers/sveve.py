"""Sveve. A message that is not taken is repeated, at growing intervals, for up to four hours. It signs nothing."""

from __future__ import annotations

import json

from bot.channels.sms.base import Call, HttpProvider, digits, have, need, permanent, taken, temporary
from bot.channels.sms.model import Incoming, Item, Outgoing, Raw, Report, Sent


class Sveve(HttpProvider):
    """Whatever we answered could be sent on to the sender, so the answer is empty."""

    name = "sveve"
    published_url = "https://sveve.no/SMS/SendMessage"

    def parse(self, raw: Raw) -> list[Item]:
        fields = raw.fields
        if "msg" not in fields and "status" in fields:
            state = "delivered" if need(fields, "status").lower() == "true" else "failed"
            return [Report(self.name, need(fields, "id", "ref"), state, fields.get("ref", ""))]
        sender, receiver = need(fields, "number"), need(fields, "shortnumber")
        # It publishes no id for what comes in; should one come all the same, it is used.
        return [Incoming(self.name, fields.get("id", ""), sender, receiver, have(fields, "msg"))]

    def call(self, outgoing: Outgoing) -> Call:
        message = {
            "user": self.account.user,
            "passwd": self.account.password,
            "to": digits(outgoing.to),
            "msg": outgoing.text,
            "ref": outgoing.id,
            "f": "json",
        }
        if self.account.sender:
            message["from"] = digits(self.account.sender)
        return Call(self.url, json=message)

    def read(self, status: int, body: str) -> Sent:
        said = json.loads(body)["response"]
        if "fatalError" in said:
            # The account (name, password, no messages left), not this message.
            return temporary("account")
        if said.get("msgOkCount"):
            return taken((said.get("ids") or [""])[0])
        return permanent("number")
